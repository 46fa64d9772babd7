/** Facts on file against a hospital: read before anybody can accept, again before a visit, and honest about the rest. */
import { expect } from 'chai';
import { type Fact, factLines } from '../../../src/core/fact-lines.ts';
import type { FactReading } from '../../../src/core/facts.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { factFileOf } from '../../../src/store/facts.ts';
import { receivePush } from '../../../src/sync/push.ts';
import { adapterOn, type TestAdapter } from '../adapter.ts';
import { connected, order } from '../one-order.ts';

const snomed = 'http://snomed.info/sct';
const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const hour = 3_600_000;
const subject = { reference: 'Patient/fern' };
const patient: fhir4.Patient = { resourceType: 'Patient', id: 'fern', name: [{ text: 'A. Fern' }] };

const thrombosis: fhir4.Condition = {
  resourceType: 'Condition',
  id: 'dvt',
  code: { coding: [{ system: snomed, code: '128053003', display: 'Deep venous thrombosis' }] },
  clinicalStatus: {
    coding: [
      { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' },
    ],
  },
  subject,
};
const heparin: fhir4.MedicationRequest = {
  resourceType: 'MedicationRequest',
  id: 'heparin',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: { coding: [{ system: rxnorm, code: '5224', display: 'heparin' }] },
  subject,
};

describe('facts on file: reading them', () => {
  let hospital: Sandbox;
  let adapter: TestAdapter;
  let ahead = 0;
  let heard: (signal: string) => void = () => {};

  async function open(
    resources: readonly fhir4.FhirResource[],
    settings = '',
  ): Promise<{ readonly id: string }> {
    ahead = 0;
    hospital = await startSandbox({ resources: [patient, order('one'), ...resources] });
    adapter = await adapterOn({
      base: hospital.base,
      clock: () => new Date(Date.now() + ahead),
      hospital: settings,
      listener: (name) => heard(name),
    });
    await adapter.poll();
    return (await adapter.of('ServiceRequest/one')).referral;
  }
  afterEach(async () => {
    await adapter.close();
    await hospital.stop();
  });

  const file = async () =>
    factFileOf(adapter.store.read, (await adapter.of('ServiceRequest/one')).referral);
  const lines = async (kind: Fact['kind']) =>
    factLines((await file()).sheet).filter((one) => one.kind === kind);
  const reading = async (type: FactReading['type']) => {
    const found = (await file()).sheet?.readings.find((one) => one.type === type);
    if (found === undefined) throw new Error(`no reading of ${type}`);
    return found;
  };
  const asked = (type: string) =>
    hospital.requests.filter(({ path }) => path.startsWith(`/fhir/${type}?`)).length;

  it('happens in the run in which the order becomes a referral', async () => {
    await open([thrombosis]);
    const [fact] = await lines('on-file');
    expect(fact).to.include({ topic: 'clots-and-bleeding', source: 'Condition/dvt' });
  });

  it('ends every type as read, none on file, or not readable', async () => {
    await open([thrombosis]);
    const { sheet } = await file();
    expect(sheet?.readings.map(({ type }) => type)).to.have.length(8);
    for (const one of sheet?.readings ?? []) expect(one.asOf, one.type).to.be.a('string');
    expect((await lines('none-on-file')).map(({ source }) => source)).to.have.length(7);
  });

  it('shows a heparin order in RxNorm as present and not understood', async () => {
    await open([heparin]);
    const [fact, ...others] = await lines('not-understood');
    expect(others).to.deep.equal([]);
    expect(fact).to.deep.include({
      what: { coding: [{ system: rxnorm, code: '5224', display: 'heparin' }] },
      count: 1,
      source: 'MedicationRequest/heparin',
    });
  });

  it('says that a hospital with nothing has nothing, as of now', async () => {
    await open([]);
    expect(await lines('on-file')).to.deep.equal([]);
    const none = await lines('none-on-file');
    expect(none).to.have.length(8);
    for (const { date } of none) expect(Date.parse(date ?? '')).to.be.closeTo(Date.now(), hour);
  });

  it('says why a type is not readable, goes on with the others and counts it', async () => {
    ahead = 0;
    hospital = await startSandbox({ resources: [patient, order('one'), thrombosis, heparin] });
    hospital.faults.add(refusing('MedicationRequest'));
    adapter = await adapterOn({ base: hospital.base });
    const report = await adapter.poll();
    expect(report.state).to.equal('complete');
    expect(report.facts).to.deep.equal({ patients: 1, notReadable: 1 });
    expect(report.problems.map(({ code }) => code)).to.deep.equal(['not-allowed']);
    const [refused] = await lines('not-readable');
    expect(refused?.what.text).to.match(/^MedicationRequest: .*403/);
    expect(await lines('on-file')).to.have.length(1);
    expect(adapter.signals.filter(({ name }) => name === 'facts:read')).to.have.length(1);
  });

  it('follows a medication that is a resource of its own, and a device', async () => {
    await open([
      {
        resourceType: 'Medication',
        id: 'm1',
        code: { coding: [{ system: snomed, code: '84812008', display: 'Heparin' }] },
      },
      {
        ...withoutCode(heparin),
        medicationReference: { reference: 'Medication/m1' },
      } as fhir4.MedicationRequest,
      {
        resourceType: 'Device',
        id: 'line',
        type: { coding: [{ system: snomed, code: '52124006' }] },
        patient: subject,
      },
      {
        resourceType: 'DeviceUseStatement',
        id: 'use',
        status: 'active',
        subject,
        device: { reference: 'Device/line' },
      },
    ]);
    expect((await lines('on-file')).map(({ source }) => source).sort()).to.deep.equal([
      'Device/line',
      'DeviceUseStatement/use',
      'MedicationRequest/heparin',
    ]);
  });

  it('says that a medication could not be read, and shows the order', async () => {
    await open([
      {
        ...withoutCode(heparin),
        medicationReference: { reference: 'Medication/none', display: 'heparin sodium' },
      } as fhir4.MedicationRequest,
    ]);
    const [fact] = await lines('not-understood');
    expect(fact?.what).to.deep.equal({ text: 'heparin sodium' });
    expect(fact?.notes).to.deep.equal([
      'medication not readable: the hospital does not know it (404)',
    ]);
  });

  it('is not repeated with each poll, but after a while as long as nobody has answered', async () => {
    await open([thrombosis]);
    expect(asked('Condition')).to.equal(1);
    await adapter.poll();
    expect(asked('Condition')).to.equal(1);
    ahead = 7 * hour;
    await adapter.poll();
    expect(asked('Condition')).to.equal(2);
  });

  it('rests once it is accepted, and begins again the day before a visit and just before it', async () => {
    const { id } = await open([thrombosis]);
    await adapter.referral(id, { type: 'accept' });
    ahead = 48 * hour;
    await adapter.poll();
    expect(asked('Condition')).to.equal(1);
    const at = (hours: number) => new Date(Date.now() + ahead + hours * hour).toISOString();
    await adapter.referral(id, { type: 'plan', start: at(30), end: at(30.5) });
    await adapter.poll();
    expect(asked('Condition'), 'thirty hours before').to.equal(1);
    ahead += 7 * hour;
    await adapter.poll();
    expect(asked('Condition'), 'a day before').to.equal(2);
    ahead += 22.5 * hour;
    await adapter.poll();
    expect(asked('Condition'), 'half an hour before').to.equal(3);
    await adapter.poll();
    expect(asked('Condition')).to.equal(3);
  });

  it('is wanted just before a visit although it was done a moment ago by the interval', async () => {
    const { id } = await open([thrombosis]);
    await adapter.referral(id, { type: 'accept' });
    const at = (hours: number) => new Date(Date.now() + hours * hour).toISOString();
    await adapter.referral(id, { type: 'plan', start: at(3), end: at(3.5) });
    ahead = 2.5 * hour;
    await adapter.poll();
    expect(asked('Condition')).to.equal(2);
  });

  it('shows what has changed since it was accepted', async () => {
    const { id } = await open([thrombosis]);
    const accepted = await adapter.referral(id, { type: 'accept' });
    expect(accepted.facts.sheet?.readings, 'the age is in the answer').to.have.length(8);
    const at = (hours: number) => new Date(Date.now() + ahead + hours * hour).toISOString();
    const { session } = await adapter.referral(id, { type: 'plan', start: at(10), end: at(11) });
    hospital.put(heparin);
    hospital.remove('Condition', 'dvt');
    ahead = 9.5 * hour;
    await adapter.poll();
    const started = await adapter.session(session?.id ?? '', { type: 'start' });
    const { seen, sheet } = started.facts;
    expect(seen?.sheet?.readings[0]?.onFile).to.have.length(1);
    expect(sheet?.readings[0]?.onFile).to.have.length(0);
    const after = await file();
    expect(after.seen?.sheet, 'who starts has seen it').to.deep.equal(after.sheet);
  });

  it('keeps what was known, with its age, when the hospital does not answer any more', async () => {
    await open([thrombosis]);
    const before = await reading('Condition');
    hospital.faults.add(refusing('Condition'));
    ahead = 7 * hour;
    await adapter.poll();
    const now = await reading('Condition');
    expect(now.onFile).to.deep.equal(before.onFile);
    expect(now.asOf).to.equal(before.asOf);
    expect(now.notReadable).to.include({ code: 'not-allowed', passing: false });
  });

  it('reads what was pushed with the next look', async () => {
    await open([{ ...thrombosis, subject: { reference: 'Patient/moss' } }]);
    hospital.put({ ...patient, id: 'moss' });
    const { site, log } = connected(adapter);
    const pushed = order('two', { subject: { reference: 'Patient/moss' } });
    await receivePush(site, log, pushed, new AbortController().signal);
    await adapter.poll();
    const { referral } = await adapter.of('ServiceRequest/two');
    const { sheet } = await factFileOf(adapter.store.read, referral);
    expect(sheet?.readings[0]?.onFile).to.have.length(1);
  });

  it('does not wait for the next poll while we serve', async () => {
    await open([{ ...thrombosis, subject: { reference: 'Patient/moss' } }]);
    await adapter.full();
    hospital.put({ ...patient, id: 'moss' });
    const { site, log } = connected(adapter);
    const pushed = order('two', { subject: { reference: 'Patient/moss' } });
    await receivePush(site, log, pushed, new AbortController().signal);
    const { referral } = await adapter.of('ServiceRequest/two');
    const runs = adapter.signals.filter(({ name }) => name === 'run:started').length;
    const read = new Promise<void>((resolve) => {
      heard = (name) => void (name === 'facts:read' && resolve());
    });
    const rest = adapter.keepRunning();
    await read;
    await rest();
    expect(adapter.signals.filter(({ name }) => name === 'run:started')).to.have.length(runs);
    expect(
      (await factFileOf(adapter.store.read, referral)).sheet?.readings[0]?.onFile,
    ).to.have.length(1);
  });

  it('never asks when it is switched off', async () => {
    await open([thrombosis], '    facts: { read: off }\n');
    expect(asked('Condition')).to.equal(0);
    expect((await file()).sheet).to.equal(undefined);
  });

  it('writes nothing to the hospital', async () => {
    await open([thrombosis, heparin]);
    const writes = hospital.requests.filter(({ method }) => method !== 'GET');
    expect(writes).to.deep.equal([]);
  });
});

function withoutCode({ medicationCodeableConcept: _code, ...rest }: fhir4.MedicationRequest) {
  return rest;
}

function refusing(type: string) {
  return { do: 'status', status: 403, on: { method: 'GET', type }, times: 100 } as const;
}
