/** map: files of every form, what is looked up among them, explain, and exit codes. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { ioOf } from './io.ts';
import { folder, massageFhir } from './processes.ts';

const order = {
  resourceType: 'ServiceRequest',
  id: 'o1',
  status: 'active',
  intent: 'order',
  priority: 'urgent',
  code: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] },
  subject: { reference: 'Patient/p1' },
};
const patient = { resourceType: 'Patient', id: 'p1', name: [{ text: 'Ottoline Quillfeather' }] };
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [{ resource: order }, { fullUrl: 'https://h.example/Patient/p1', resource: patient }],
};

describe('map', () => {
  const cwd = folder();
  const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);
  put('order.json', `\uFEFF${JSON.stringify(order)}`);
  put('bundle.json', JSON.stringify(bundle));
  put('orders.ndjson', `${JSON.stringify(order)}\n\n{broken\n${JSON.stringify(patient)}\n`);
  put('faulty.json', JSON.stringify({ ...order, priority: 7 }));
  put('patient.json', JSON.stringify(patient));
  put('words.json', 'Quillfeather, Ottoline\n');

  const mapped = async (...args: string[]) => {
    const io = ioOf({ cwd });
    const code = await runCommandLine(['map', ...args], io);
    return { code, out: io.out(), err: io.err() };
  };

  it('prints the fields of an order', async () => {
    const { code, out } = await mapped('order.json');
    expect(out).to.match(/^order\.json: order-to-referral\n/);
    expect(out)
      .to.contain('  priority: urgent\n')
      .and.to.contain('  order.reference: ServiceRequest/o1\n');
    expect(code).to.equal(0);
  });

  it('looks up in the files what an order refers to, wherever it stands', async () => {
    expect((await mapped('order.json')).out).not.to.contain('Quillfeather');
    expect((await mapped('bundle.json')).out).to.contain('patient.name: Ottoline Quillfeather');
    expect((await mapped('order.json', 'patient.json')).out).to.contain('Ottoline Quillfeather');
  });

  it('explains where each field comes from and why one is empty', async () => {
    const { out } = await mapped('--explain', 'order.json');
    expect(out).to.match(
      / {2}priority: urgent\n {6}from {3}ServiceRequest\.priority\n {6}found {2}urgent\n/,
    );
    expect(out).to.match(
      /: \(empty\)\n {6}from .*\n {6}found {2}nothing\n(?: {6}via .*\n)? {6}note {3}\S/,
    );
  });

  it('answers machines in JSON, with the explanation only on request', async () => {
    const plain = JSON.parse((await mapped('--json', 'bundle.json')).out);
    expect(plain.mapped[0]).to.include({ where: 'bundle.json#1', mapping: 'order-to-referral' });
    expect(plain.mapped[0]).not.to.have.property('explain');
    expect(plain.notMapped).to.deep.equal({ Patient: 1 });
    const explained = JSON.parse((await mapped('--json', '--explain', 'order.json')).out);
    expect(explained.mapped[0].explain[0]).to.have.property('from');
  });

  it('goes on behind a line that is no JSON, says where it is, and ends with 1', async () => {
    const { code, out } = await mapped('orders.ndjson');
    expect(out)
      .to.contain('orders.ndjson:1: order-to-referral')
      .and.to.contain('orders.ndjson:3: this is not JSON');
    expect(out).to.contain('Not mapped: 1 × Patient');
    expect(code).to.equal(1);
  });

  it('ends with 1 where nothing was mapped or a fault was noticed', async () => {
    expect((await mapped('patient.json')).code).to.equal(1);
    const faulty = await mapped('faulty.json');
    expect(faulty.out).to.contain('  noticed: ServiceRequest.priority');
    expect(faulty.code).to.equal(1);
  });

  it('does not repeat a file that is no JSON', async () => {
    const { code, out } = await mapped('words.json');
    expect(out).to.equal('words.json: this is not JSON\n');
    expect(code).to.equal(1);
  });

  it('ends with 2 for a file that is not there, and without any file', async () => {
    const gone = await mapped('gone.json');
    expect(gone.err).to.contain('file-unreadable: The file gone.json');
    expect(gone.code).to.equal(2);
    expect((await mapped()).err).to.contain("missing required argument 'file'");
  });

  it('runs as a process', async () => {
    const { code, stdout, stderr } = await massageFhir(['map', 'order.json'], { cwd });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.contain('priority: urgent');
  });
});
