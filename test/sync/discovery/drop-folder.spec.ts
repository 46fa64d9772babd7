/** Rung A7: the folder into which the site puts orders. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { smallSource } from '../../../src/sync/folder.ts';
import type { RunReport } from '../../../src/sync/report.ts';
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

  describe('with a file that cannot be read', () => {
    const zipped = (...resources: readonly object[]) =>
      gzipSync(resources.map((one) => JSON.stringify(one)).join('\n'));
    const putZipped = (content: Buffer) =>
      writeFile(join(folder, 'orders', 'b-broken.ndjson.gz'), content);
    const cut = gzipSync('{}').subarray(0, 12);
    const unreadable = (report: RunReport) =>
      report.problems.filter(({ code }) => code === 'file-unreadable').map(({ says }) => says);

    it('names it each time, and does not read the others again', async () => {
      await put('a.json', ofA('one'));
      await put('c.json', ofA('two'));
      await putZipped(cut);
      const says = 'The file b-broken.ndjson.gz is no whole gzip file.';
      const first = await adapter.poll();
      expect(first).to.include({ state: 'partial', read: 2, new: 2 });
      expect(unreadable(first)).to.deep.equal([says]);
      const again = await adapter.poll();
      expect(again).to.include({ state: 'partial', read: 0, new: 0 });
      expect(unreadable(again)).to.deep.equal([says]);
      expect(again.files?.map(({ file, rule }) => [file, rule])).to.deep.equal([
        ['b-broken.ndjson.gz', 'file-unreadable'],
      ]);
    });

    it('finds for its orders what the others hold, once it can be read', async () => {
      await put('a.json', patient('elsewhere'));
      await putZipped(cut);
      await adapter.poll();
      await putZipped(zipped(order('two', { subject: { reference: 'Patient/elsewhere' } })));
      const mended = await adapter.poll();
      expect(mended).to.include({ state: 'complete', new: 1 });
      const { referral } = await adapter.of('ServiceRequest/two');
      expect(referral.care.patient.name).to.contain('elsewhere');
      expect(await adapter.poll()).to.include({ state: 'complete', read: 0 });
    });

    it('finds for its orders also the lines of a large file that were passed over', async () => {
      const others = Array.from({ length: smallSource / 1024 }, (_, n) => ({
        ...patient(`p${n}`),
        text: { status: 'generated', div: 'x'.repeat(1024) },
      }));
      const lines = [...others, patient('elsewhere')].map((one) => JSON.stringify(one));
      await put('a.ndjson', lines.join('\n'));
      await putZipped(cut);
      await adapter.poll();
      await putZipped(zipped(order('two', { subject: { reference: 'Patient/elsewhere' } })));
      await adapter.poll();
      const { referral } = await adapter.of('ServiceRequest/two');
      expect(referral.care.patient.name).to.contain('elsewhere');
    });

    it('holds no other up where the folder is large: they are looked through to their end, and once', async () => {
      const filler = Array.from({ length: smallSource / 1024 }, (_, n) => ({
        ...patient(`p${n}`),
        text: { status: 'generated', div: 'x'.repeat(1024) },
      }));
      const lines = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).join('\n');
      await put('a.ndjson', lines(filler));
      const patients = Array.from({ length: 2_000 }, (_, n) => patient(`b${n}`));
      const whole = gzipSync(lines(patients));
      await putZipped(whole.subarray(0, Math.floor(whole.length * 0.9)));
      await put('bb.ndjson', lines([patient('elsewhere')]));
      await put('c.ndjson', lines([order('two', { subject: { reference: 'Patient/elsewhere' } })]));
      expect(unreadable(await adapter.poll())).to.have.length(1);
      const { referral } = await adapter.of('ServiceRequest/two');
      expect(referral.care.patient.name).to.contain('elsewhere');
      const second = await adapter.poll();
      expect(unreadable(second)).to.have.length(1);
      expect(new Set(second.files?.map(({ file }) => file))).to.deep.equal(
        new Set(['b-broken.ndjson.gz']),
      );
    });

    it('takes it to the orders of the others that refer to it, once it can be read', async () => {
      await put('a.json', order('two', { subject: { reference: 'Patient/elsewhere' } }));
      await putZipped(cut);
      await adapter.poll();
      const before = await adapter.of('ServiceRequest/two');
      expect(before.referral.care.patient.name ?? '').not.to.contain('elsewhere');
      await putZipped(zipped(patient('elsewhere')));
      await adapter.poll();
      const after = await adapter.of('ServiceRequest/two');
      expect(after.referral.care.patient.name).to.contain('elsewhere');
    });

    it('goes on with it also where all are read again', async () => {
      await put('a.json', ofA('one'));
      await putZipped(cut);
      expect(unreadable(await adapter.full())).to.have.length(1);
      expect(unreadable(await adapter.poll())).to.have.length(1);
    });
  });

  it('says that the folder is not there', async () => {
    await rm(join(folder, 'orders'), { recursive: true });
    const { state, problems } = await adapter.poll();
    expect(state).to.equal('failed');
    expect(problems.map(({ code }) => code)).to.include('file-unreadable');
  });
});
