import { expect } from 'chai';
import type { Finding } from '../../src/mapping/finding.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { latestOf } from '../../src/store/inbox.ts';
import { type OneOrder, openOneOrder, order } from './one-order.ts';
import { reads } from './stay-hospital.ts';

const merged = (id: string, into: string): fhir4.Patient => ({
  resourceType: 'Patient',
  id,
  name: [{ text: 'Old Record' }],
  link: [{ type: 'replaced-by', other: { reference: `Patient/${into}` } }],
});

describe('what stands around an order', () => {
  let one: OneOrder;
  beforeEach(async () => {
    one = await openOneOrder();
  });
  afterEach(() => one.stop());

  const put = (
    id: string,
    more: Partial<fhir4.ServiceRequest>,
    ...beside: fhir4.FhirResource[]
  ) => {
    for (const resource of beside) one.hospital.put(resource);
    one.hospital.put(order(id, more));
  };
  const care = async (id: string) => (await one.adapter.of(`ServiceRequest/${id}`)).referral.care;
  const findings = async (id: string): Promise<string[]> => {
    const row = await latestOf(one.adapter.store.read, 'general', 'ServiceRequest', id);
    const all: Finding[] = JSON.parse(row?.findings ?? '[]');
    return all
      .map(({ path, says }) => `${path} ${says}`)
      .filter((line) => !line.includes('Warning'));
  };

  it('is read once a run, however many orders share it and however they spell it', async () => {
    const { base } = one.hospital;
    const shared: fhir4.Encounter = {
      resourceType: 'Encounter',
      id: 'visit',
      status: 'finished',
      class: { code: 'AMB' },
    };
    put(
      'a',
      { subject: { reference: 'Patient/moss' }, encounter: { reference: 'Encounter/visit' } },
      shared,
    );
    put('b', {
      subject: { reference: `${base}/Patient/moss` },
      encounter: { reference: `${base}/Encounter/visit/_history/1` },
    });
    put('c', {
      subject: { reference: 'Patient/moss/_history/1' },
      encounter: { reference: `${base}//Encounter/visit` },
    });
    const before = one.hospital.requests.length;
    await one.adapter.poll();
    const asked = reads(one.hospital, before).filter((path) => /Patient|Encounter/.test(path));
    expect(asked.toSorted()).to.deep.equal(['Encounter/visit', 'Patient/moss']);
    for (const id of ['a', 'b', 'c']) {
      const { patient } = await care(id);
      expect([patient.reference, patient.name], id).to.deep.equal([
        'Patient/moss',
        'Ida Mossgrave',
      ]);
    }
    expect((await care('b')).patient.ordered).to.equal(`${base}/Patient/moss`);
  });

  it('at another server is never asked for, and said', async () => {
    const other = await startSandbox({
      resources: [{ resourceType: 'Encounter', id: 'visit' } as fhir4.Encounter],
    });
    try {
      put('far', {
        encounter: { reference: `${other.base}/Encounter/visit` },
        requester: { reference: `${other.base}/Practitioner/np`, display: 'Ilse Quarrington' },
        locationReference: [{ reference: `${other.base}/Location/bed` }],
        insurance: [{ reference: `${other.base}/Coverage/plan`, display: 'Plan A' }],
      });
      await one.adapter.poll();
      await one.adapter.full();
      expect(other.requests).to.deep.equal([]);
      expect(await findings('far')).to.include.members([
        'ServiceRequest.encounter is at another server: not read',
        'ServiceRequest.locationReference is at another server: not read',
        'ServiceRequest.insurance is at another server: not read',
      ]);
      const { order: shown, insurance } = await care('far');
      expect(shown.requester?.display).to.equal('Ilse Quarrington');
      expect(insurance?.[0]?.text).to.equal('Plan A');
    } finally {
      await other.stop();
    }
  });

  it('is in words: who asked in which role, why, and who pays', async () => {
    put(
      'whole',
      {
        requester: { reference: 'PractitionerRole/np' },
        reasonReference: [{ reference: 'Condition/pain' }],
        insurance: [{ reference: 'Coverage/plan' }],
      },
      {
        resourceType: 'PractitionerRole',
        id: 'np',
        practitioner: { reference: 'Practitioner/ilse' },
        organization: { reference: 'Organization/onc' },
      },
      {
        resourceType: 'Practitioner',
        id: 'ilse',
        name: [{ family: 'Quarrington', given: ['Ilse'] }],
      },
      { resourceType: 'Organization', id: 'onc', name: 'Oncology' },
      {
        resourceType: 'Condition',
        id: 'pain',
        code: { text: 'Pain of the neck' },
        subject: { reference: 'Patient/fern' },
      },
      {
        resourceType: 'Coverage',
        id: 'plan',
        status: 'active',
        type: { text: 'Plan A' },
        beneficiary: { reference: 'Patient/fern' },
        payor: [{ display: 'Payer' }],
      },
    );
    await one.adapter.poll();
    const { order: shown, reasons, insurance } = await care('whole');
    expect(shown.requester?.display).to.equal('Ilse Quarrington, Oncology');
    expect(reasons).to.deep.equal([{ text: 'Pain of the neck' }]);
    expect(insurance).to.deep.equal([
      { reference: 'Coverage/plan', text: 'Plan A', status: 'active' },
    ]);
    expect(await findings('whole')).to.deep.equal([]);
  });

  it('that may not be read is a finding of each order and one problem of the run', async () => {
    one.hospital.faults.add({
      do: 'status',
      status: 403,
      on: { method: 'GET', path: '/Coverage/' },
      times: 9,
    });
    put('a', { insurance: [{ reference: 'Coverage/plan' }] });
    put('b', { insurance: [{ reference: 'Coverage/plan' }, { reference: 'Coverage/other' }] });
    const { problems } = await one.adapter.poll();
    expect(
      problems.map(({ says }) => says).filter((says) => says.includes('Coverage')),
    ).to.have.length(1);
    for (const id of ['a', 'b']) {
      expect(await findings(id)).to.include('ServiceRequest.insurance may not be read by us');
      expect((await care(id)).insurance?.[0]).to.deep.equal({
        reference: 'Coverage/plan',
        unread: 'may not be read by us',
      });
    }
  });

  it('is found by an identifier that one record carries', async () => {
    const identifier = { system: 'urn:oid:2.999.1', value: 'a,17' };
    put(
      'named',
      { subject: { type: 'Patient', identifier } },
      {
        resourceType: 'Patient',
        id: 'ivy',
        identifier: [identifier],
        name: [{ text: 'Ivy Rook' }],
      },
    );
    await one.adapter.poll();
    const { patient } = await care('named');
    expect([patient.reference, patient.name]).to.deep.equal(['Patient/ivy', 'Ivy Rook']);
  });

  it('is nobody where several carry the identifier, or it has no system: a person is asked', async () => {
    const identifier = { system: 'urn:oid:2.999.1', value: '17' };
    const twin = (id: string): fhir4.Patient => ({
      resourceType: 'Patient',
      id,
      identifier: [identifier],
    });
    put('two', { subject: { identifier } }, twin('ivy'), twin('oak'));
    put('none', { subject: { identifier: { value: '17' } } });
    await one.adapter.poll();
    expect(await one.work()).to.deep.equal(['unknown-code', 'unknown-code']);
    expect(await one.states()).to.deep.equal(['requested']);
  });

  it('comes along in the Bundle that was pushed, contained or by URN', async () => {
    const urn = (last: string) => `urn:uuid:3f1c0c8e-0000-4000-8000-00000000000${last}`;
    const pain: fhir4.Condition = {
      resourceType: 'Condition',
      id: 'pain',
      code: { text: 'Pain of the neck' },
      subject: { reference: urn('b') },
    };
    const before = one.hospital.requests.length;
    await one.push({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          fullUrl: urn('a'),
          resource: order('pushed', {
            subject: { reference: urn('b') },
            requester: { reference: urn('c') },
            reasonReference: [{ reference: '#pain' }],
            contained: [pain],
          }),
        },
        {
          fullUrl: urn('b'),
          resource: { resourceType: 'Patient', id: 'ivy', name: [{ text: 'Ivy Rook' }] },
        },
        {
          fullUrl: urn('c'),
          resource: { resourceType: 'Practitioner', name: [{ text: 'Ilse Quarrington' }] },
        },
      ],
    });
    const { patient, order: shown, reasons } = await care('pushed');
    expect([patient.reference, patient.name]).to.deep.equal(['Patient/ivy', 'Ivy Rook']);
    expect(shown.requester?.display).to.equal('Ilse Quarrington');
    expect(reasons).to.deep.equal([{ text: 'Pain of the neck' }]);
    expect(reads(one.hospital, before)).to.deep.equal([]);
  });

  it('is the record that stands, where the order names one that was merged into it', async () => {
    put('old', { subject: { reference: 'Patient/a' } }, merged('a', 'b'), merged('b', 'moss'));
    await one.adapter.poll();
    const { patient } = await care('old');
    expect([patient.reference, patient.ordered, patient.name, patient.gone]).to.deep.equal([
      'Patient/moss',
      'Patient/a',
      'Ida Mossgrave',
      undefined,
    ]);
    expect(await findings('old')).to.deep.equal([
      'ServiceRequest.subject was merged into Patient/moss: the referral is for that record',
    ]);
    expect(await one.work()).to.deep.equal([]);
    expect(one.hospital.get('ServiceRequest', 'old')?.subject.reference).to.equal('Patient/a');
  });

  for (const [name, records] of [
    ['in a circle', [merged('a', 'b'), merged('b', 'a')]],
    ['into one that is not there', [merged('a', 'nobody')]],
    ['too often', [...'abcdef'].map((id, at) => merged(id, 'bcdefg'[at] ?? 'g'))],
  ] as const)
    it(`is nobody to be visited where records were merged ${name}`, async () => {
      put('old', { subject: { reference: 'Patient/a' } }, ...records);
      await one.adapter.poll();
      const { patient } = await care('old');
      expect([patient.reference, patient.gone]).to.deep.equal(['Patient/a', 'merged']);
      expect(await one.state('old')).to.equal('on-hold');
      expect(await one.work()).to.deep.equal(['patient-gone']);
    });

  it('is no silent referral where the patient has died', async () => {
    put(
      'late',
      { subject: { reference: 'Patient/ivy' } },
      { resourceType: 'Patient', id: 'ivy', name: [{ text: 'Ivy Rook' }], deceasedBoolean: true },
    );
    await one.adapter.poll();
    expect(await one.state('late')).to.equal('on-hold');
    expect(await one.work()).to.deep.equal(['patient-gone']);
    const { id } = (await one.adapter.of('ServiceRequest/late')).referral;
    await one.adapter.referral(id, { type: 'resume' });
    await one.adapter.full();
    expect(await one.state('late')).to.equal('requested');
    expect(await one.work()).to.deep.equal(['patient-gone']);
  });

  it('that could not be read with a newer version stays as it was known', async () => {
    await one.booked();
    one.hospital.faults.add({
      do: 'status',
      status: 403,
      on: { method: 'GET', path: '/Patient/' },
      times: 9,
    });
    one.hospital.put(order('one', { priority: 'urgent' }));
    await one.adapter.poll();
    const { patient, priority } = await care('one');
    expect([priority, patient.name]).to.deep.equal(['urgent', 'Odo Fernquill']);
  });
});
