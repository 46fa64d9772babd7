/** Facts on file over HTTP: lines, what stands behind them, advisories, and what changed since somebody decided. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { wardResources } from '../../src/sandbox/ward.ts';
import { type Served, serveApi } from './served.ts';

const hour = 3_600_000;
const rules = `signedBy: Dr. Example
date: 2026-03-02
rules:
  - name: low-platelets
    says: Light pressure only.
    codes: ["http://loinc.org|777-3"]
    below: 100
    unit: 10*9/L
    within: 72h
  - name: recent-inr
    says: Ask.
    codes: ["http://loinc.org|6301-6"]
    atLeast: 3
    unit: "1"
    within: 72h
`;

describe('api: facts on file', () => {
  let hospital: Sandbox;
  let served: Served;
  let folder: string;
  let ahead: number;
  before(async () => {
    ahead = 0;
    folder = mkdtempSync(join(tmpdir(), 'facts-'));
    const file = join(folder, 'rules.yaml');
    writeFileSync(file, rules);
    hospital = await startSandbox({ resources: wardResources(new Date()) });
    served = await serveApi({
      base: hospital.base,
      clock: () => new Date(Date.now() + ahead),
      hospital: `    facts: { rules: '${file}' }\n`,
    });
    await served.adapter.poll();
  });
  after(async () => {
    await served.stop();
    await hospital.stop();
    rmSync(folder, { recursive: true });
  });

  /** Our id of a referral of this patient. */
  async function of(patient: string): Promise<string> {
    const all = await served.adapter.referrals();
    const found = all.find(({ referral }) => referral.care.patient.reference === patient);
    if (found === undefined) throw new Error(`no referral of ${patient}`);
    return found.referral.id;
  }
  const patientOf = (type: 'Observation' | 'MedicationRequest', id: string) =>
    hospital.get(type, id)?.subject?.reference ?? '';

  it('shows them with date and source, for each type that was asked for', async () => {
    const id = await of(patientOf('Observation', 'platelets'));
    const { json } = await served.get(`/api/referrals/${id}`);
    const onFile = json.facts.filter((one: { kind: string }) => one.kind === 'on-file');
    expect(
      onFile.map((one: { topic: string; source: string }) => [one.topic, one.source]),
    ).to.include.deep.members([
      ['clots-and-bleeding', 'Observation/platelets'],
      ['allergy', 'AllergyIntolerance/allergy-latex'],
      ['lines-and-devices', 'DeviceUseStatement/central-line-in-use'],
      ['other', 'Condition/condition-cancer'],
    ]);
    expect(json.factsRead.readings).to.have.length(8);
    expect(json.factsRead.says).to.match(
      /^As of \d{4}-\d\d-\d\dT.*: \d+ on file; 0 present, code not understood$/,
    );
  });

  it('shows a heparin order in RxNorm as not understood', async () => {
    const id = await of(patientOf('MedicationRequest', 'heparin'));
    const { json } = await served.get(`/api/referrals/${id}`);
    const strange = json.facts.filter((one: { kind: string }) => one.kind === 'not-understood');
    expect(strange.map((one: { source: string }) => one.source)).to.deep.equal([
      'MedicationRequest/heparin',
    ]);
    expect(json.factsRead.says).to.contain('1 present, code not understood');
  });

  it('adds what the clinical owner signed, and says what cannot be judged', async () => {
    const id = await of(patientOf('Observation', 'platelets'));
    const { json } = await served.get(`/api/referrals/${id}`);
    expect(json.factsRead.advisories).to.have.length(2);
    expect(json.factsRead.advisories[0]).to.deep.include({
      rule: 'low-platelets',
      verdict: 'applies',
      says: 'Light pressure only.',
      signedBy: 'Dr. Example',
      signedOn: '2026-03-02',
    });
    expect(json.factsRead.advisories[1]).to.include({ rule: 'recent-inr', verdict: 'unknown' });
    const { json: list } = await served.get('/api/referrals?limit=200');
    const listed = list.items.find((one: { id: string }) => one.id === id);
    expect(listed.factsRead.advisories).to.deep.equal(json.factsRead.advisories);
  });

  it('answers an acceptance and a start with their age, then shows what has changed', async () => {
    const patient = patientOf('Observation', 'platelets');
    const id = await of(patient);
    const accepted = await served.post(`/api/referrals/${id}/accept`);
    expect(accepted.json.factsRead.asOf).to.be.a('string');
    expect(accepted.json.factsRead).to.not.have.property('changed');
    const at = (hours: number) => new Date(Date.now() + hours * hour).toISOString();
    const plan = { start: at(9), end: at(9.5), therapist: 'ana' };
    const { json: session } = await served.post(`/api/referrals/${id}/sessions`, plan);
    hospital.put({
      ...hospital.get('Observation', 'platelets'),
      valueQuantity: { value: 9, unit: '10*9/L' },
    } as fhir4.Observation);
    ahead = 8.5 * hour;
    await served.adapter.poll();
    const { json } = await served.get(`/api/referrals/${id}`);
    const [change, ...others] = json.factsRead.changed.changes;
    expect(others).to.deep.equal([]);
    expect(change).to.deep.include({ change: 'changed' });
    expect([change.before.value, change.fact.value]).to.deep.equal(['84 10*3/uL', '9 10*9/L']);
    const started = await served.post(`/api/sessions/${session.id}/start`);
    expect(started.json.facts).to.deep.include({ changed: 1 });
    expect(started.json.facts.asOf).to.equal(json.factsRead.asOf);
    const { json: after } = await served.get(`/api/sessions/${session.id}`);
    expect(after.facts).to.deep.include({ changed: 0 });
  });

  it('are never answered with "not modified"', async () => {
    const id = await of(patientOf('MedicationRequest', 'heparin'));
    const path = `/api/referrals/${id}`;
    const etag = (await served.get(path)).headers.get('etag') ?? '';
    // fetch asks for fresh answers by itself when it sends a condition; other clients do not
    const [answer] = (await once(
      request(served.origin + path, {
        headers: { Authorization: `Bearer ${served.keys.viewer}`, 'If-None-Match': etag },
      }).end(),
      'response',
    )) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).to.equal(200);
  });

  it('stand in the story, and on its page', async () => {
    const id = await of(patientOf('MedicationRequest', 'heparin'));
    const { json } = await served.get(`/api/referrals/${id}/story`);
    expect(json.referral.facts).to.deep.equal(
      (await served.get(`/api/referrals/${id}`)).json.facts,
    );
    const page = await served.get(`/referrals/${id}`, { headers: { Accept: 'text/html' } });
    expect(page.text).to.contain('Present, code not understood').and.contain('heparin');
    expect(page.text)
      .to.contain('Deep venous thrombosis')
      .and.contain('Condition/condition-thrombosis');
    expect(page.text).to.contain('recent-inr').and.contain('signed by Dr. Example');
    expect(page.text).to.contain('Nothing that is understood here is on file about');
  });
});
