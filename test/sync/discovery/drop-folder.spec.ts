/** Rung A7: the folder into which the site puts orders. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { adapterOn, type TestAdapter } from '../adapter.ts';
import { order } from '../one-order.ts';
import { patient } from './looking.ts';

describe('discovery by a folder (A7)', () => {
  let folder: string;
  let hospital: Sandbox;
  let adapter: TestAdapter;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drop-'));
    await mkdir(join(folder, 'orders'));
    hospital = await startSandbox({ resources: [patient('a')] });
    adapter = await adapterOn({
      base: hospital.base,
      folder,
      hospital: '    rungs: { discovery: [A7] }\n    discover: { folder: orders }\n',
    });
  });
  afterEach(async () => {
    await adapter.close();
    await hospital.stop();
    await rm(folder, { recursive: true });
  });

  const put = (name: string, content: unknown) =>
    writeFile(
      join(folder, 'orders', name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  const ofA = (id: string, more: Partial<fhir4.ServiceRequest> = {}) =>
    order(id, { subject: { reference: 'Patient/a' }, ...more });

  it('takes each file in once, and asks the hospital for what it refers to', async () => {
    await put('one.json', ofA('one'));
    const first = await adapter.poll();
    expect(first).to.include({ state: 'complete', new: 1, read: 1 });
    expect(first.files?.map(({ file, state }) => [file, state])).to.deep.equal([
      ['one.json', 'applied'],
    ]);
    const { referral } = await adapter.of('ServiceRequest/one');
    expect(referral.care.patient.name).to.contain('Larkmead');
    expect(await adapter.poll()).to.include({ read: 0, new: 0 });
  });

  it('takes a file in again when it was written anew', async () => {
    await put('one.json', ofA('one'));
    await adapter.poll();
    await put('one.json', ofA('one', { status: 'revoked', note: [{ text: 'not needed' }] }));
    await adapter.poll();
    expect((await adapter.of('ServiceRequest/one')).referral.state).to.equal('cancelled');
  });

  it('looks among the files before it asks the hospital', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { resource: order('two', { subject: { reference: 'Patient/elsewhere' } }) },
        { resource: patient('elsewhere') },
      ],
    };
    await put('bundle.json', bundle);
    await adapter.poll();
    expect((await adapter.of('ServiceRequest/two')).referral.care.patient.name).to.contain(
      'elsewhere',
    );
  });

  it('says what was no JSON, and takes in the other files', async () => {
    await put('a-broken.json', '{"resourceType": "Serv');
    await put('b-good.json', ofA('one'));
    const report = await adapter.poll();
    expect(report).to.include({ new: 1, unusable: 1 });
    expect(report.files?.map(({ state }) => state)).to.deep.equal(['unusable', 'applied']);
  });

  it('says that the folder is not there', async () => {
    await rm(join(folder, 'orders'), { recursive: true });
    const { state, problems } = await adapter.poll();
    expect(state).to.equal('failed');
    expect(problems.map(({ code }) => code)).to.include('file-unreadable');
  });
});
