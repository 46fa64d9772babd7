import { expect } from 'chai';
import { closeHospitals, type Hospital, hospital, order, patient } from './hospital.ts';

const sct = 'http://snomed.info/sct';

function observation(more: Partial<fhir4.Observation>): fhir4.Observation {
  return { resourceType: 'Observation', status: 'final', code: { text: 'pain' }, ...more };
}

describe('sandbox: search by token', () => {
  let general: Hospital;
  before(async () => {
    general = await hospital();
    const local = { system: 'urn:oid:2.999.1', code: '387854002' };
    general.put(
      order({ id: 'standard', identifier: [{ system: 'http://a.example', value: '1' }] }),
    );
    general.put(order({ id: 'local', code: { coding: [local] }, status: 'draft' }));
    general.put(order({ id: 'bare', code: { coding: [{ code: '387854002' }] }, priority: 'asap' }));
    general.put(order({ id: 'words', code: { text: 'Massage therapy' } }));
    const none = order({ id: 'none' });
    delete none.code;
    general.put(none);
  });
  after(closeHospitals);

  const cases: readonly (readonly [query: string, ...ids: string[]])[] = [
    [`code=${sct}|387854002`, 'standard'],
    [`code=${sct}%7C387854002`, 'standard'],
    ['code=387854002', 'bare', 'local', 'standard'],
    ['code=|387854002', 'bare'],
    [`code=${sct}|`, 'standard'],
    ['code=http://wrong.example|387854002'],
    [`code=${sct}|387854002,urn:oid:2.999.1|387854002`, 'local', 'standard'],
    [`code=${sct}|387854002&status=draft`],
    ['code=387854002&status=draft', 'local'],
    [`code:not=${sct}|387854002`, 'bare', 'local', 'none', 'words'],
    ['code:missing=true', 'none'],
    ['code:missing=false', 'bare', 'local', 'standard', 'words'],
    ['code:text=massage', 'words'],
    ['status=http://hl7.org/fhir/request-status|draft', 'local'],
    ['status=http://wrong.example|draft'],
    ['status=active,draft&priority=asap', 'bare'],
    ['identifier=http://a.example|1', 'standard'],
    ['identifier=1', 'standard'],
    ['identifier=http://b.example|1'],
    ['_id=bare,words,nobody', 'bare', 'words'],
    ['intent=order&status=draft', 'local'],
  ];
  for (const [query, ...ids] of cases) {
    it(`${query} finds ${ids.join(', ') || 'nothing'}`, async () => {
      expect(await general.ids(`/ServiceRequest?${query}`)).to.deep.equal(ids);
    });
  }
});

describe('sandbox: search by reference', () => {
  let general: Hospital;
  before(async () => {
    general = await hospital();
    general.put(patient({ id: 'p1', identifier: [{ system: 'http://mrn.example', value: '1' }] }));
    general.put(patient({ id: 'p2', name: [{ family: 'Otherby' }] }));
    general.put(order({ id: 'o1' }));
    general.put(order({ id: 'o2', subject: { reference: `${general.base}/Patient/p2` } }));
    general.put(order({ id: 'o3', subject: { reference: 'http://far.example/fhir/Patient/p1' } }));
    general.put(order({ id: 'o4', subject: { reference: 'Group/p1' } }));
    general.put(
      order({ id: 'o5', subject: { identifier: { system: 'http://mrn.example', value: '1' } } }),
    );
    const task = (id: string, more: Partial<fhir4.Task>) =>
      general.put<fhir4.Task>({
        resourceType: 'Task',
        id,
        status: 'requested',
        intent: 'order',
        ...more,
      });
    task('t1', {
      focus: { reference: 'ServiceRequest/o1' },
      owner: { reference: 'Organization/massage' },
    });
    task('t2', {
      focus: { reference: 'ServiceRequest/o2/_history/1' },
      basedOn: [{ reference: 'ServiceRequest/o1' }],
      partOf: [{ reference: 'Task/t1' }],
    });
  });
  after(closeHospitals);

  const cases: readonly (readonly [query: string, ...ids: string[]])[] = [
    ['ServiceRequest?subject=Patient/p1', 'o1'],
    ['ServiceRequest?subject=p1', 'o1', 'o4'],
    ['ServiceRequest?subject:Patient=p1', 'o1'],
    ['ServiceRequest?patient=p1', 'o1'],
    ['ServiceRequest?patient=Patient/p2', 'o2'],
    ['ServiceRequest?subject=Patient/p1,Patient/p2', 'o1', 'o2'],
    ['ServiceRequest?subject=BASE/Patient/p1', 'o1'],
    ['ServiceRequest?subject=http://far.example/fhir/Patient/p1', 'o3'],
    ['ServiceRequest?subject:identifier=http://mrn.example|1', 'o5'],
    ['ServiceRequest?subject:Patient.family=otherby', 'o2'],
    ['ServiceRequest?patient.identifier=http://mrn.example|1', 'o1'],
    ['ServiceRequest?subject.name=nobody'],
    ['ServiceRequest?_has:Task:focus:status=requested', 'o1', 'o2'],
    ['ServiceRequest?_has:Task:focus:owner=Organization/massage', 'o1'],
    ['Task?owner=Organization/massage', 't1'],
    ['Task?owner=massage', 't1'],
    ['Task?owner=BASE/Organization/massage', 't1'],
    ['Task?owner:missing=true&status=requested', 't2'],
    ['Task?focus=ServiceRequest/o1', 't1'],
    ['Task?focus=o2', 't2'],
    ['Task?based-on=ServiceRequest/o1', 't2'],
    ['Task?part-of=Task/t1', 't2'],
  ];
  for (const [query, ...ids] of cases) {
    it(`${query} finds ${ids.join(', ') || 'nothing'}`, async () => {
      const path = query.replace('BASE', general.base);
      expect(await general.ids(`/${path}`)).to.deep.equal(ids);
    });
  }

  it('includes what is referred to and what refers, marked and not counted', async () => {
    const modes = async (query: string) => {
      const { body } = await general.ask<fhir4.Bundle>('GET', `/${query}`);
      const found = body.entry?.map(({ resource, search, fullUrl }) => {
        const key = `${resource?.resourceType}/${resource?.id}`;
        expect(fullUrl).to.equal(`${general.base}/${key}`);
        return `${search?.mode} ${key}`;
      });
      return [body.total, ...(found ?? [])];
    };
    expect(await modes('Task?_id=t1&_include=Task:focus')).to.deep.equal([
      1,
      'match Task/t1',
      'include ServiceRequest/o1',
    ]);
    expect(await modes('Task?_id=t1&_include=*')).to.deep.equal([
      1,
      'match Task/t1',
      'include ServiceRequest/o1',
    ]);
    expect(
      await modes('Task?_id=t1&_include=Task:focus&_include:iterate=ServiceRequest:subject'),
    ).to.include('include Patient/p1');
    expect(await modes('ServiceRequest?_id=o1&_revinclude=Task:focus')).to.deep.equal([
      1,
      'match ServiceRequest/o1',
      'include Task/t1',
    ]);
  });
});

describe('sandbox: search by date', () => {
  let general: Hospital;
  before(async () => {
    general = await hospital();
    const at = (id: string, effective: Partial<fhir4.Observation>) =>
      general.put(observation({ id, ...effective }));
    at('day', { effectiveDateTime: '2026-03-10' });
    at('noon', { effectiveDateTime: '2026-03-10T12:00:00Z' });
    at('zoned', { effectiveDateTime: '2026-03-10T23:30:00-05:00' });
    at('week', { effectivePeriod: { start: '2026-03-09', end: '2026-03-15' } });
    at('open', { effectivePeriod: { start: '2026-03-12' } });
    at('timed', {
      effectiveTiming: { event: ['2026-05-01T10:00:00Z', '2026-05-03T10:00:00Z'] },
    });
    at('never', {});
  });
  after(closeHospitals);

  const cases: readonly (readonly [query: string, ...ids: string[]])[] = [
    ['date=2026-03-10', 'day', 'noon'],
    ['date=2026', 'day', 'noon', 'timed', 'week', 'zoned'],
    ['date=2026-05', 'timed'],
    ['date=ge2026-05-02&date=le2026-05-02', 'open', 'timed'],
    ['date=2026-03', 'day', 'noon', 'week', 'zoned'],
    ['date=2026-03-11', 'zoned'],
    ['date=2026-03-10T12:00', 'noon'],
    ['date=eq2026-03-10T12:00:00Z', 'noon'],
    ['date=2026-03-10T07:00:00-05:00', 'noon'],
    ['date=ne2026-03-10', 'open', 'timed', 'week', 'zoned'],
    ['date=gt2026-03-10', 'open', 'timed', 'week', 'zoned'],
    ['date=ge2026-03-10', 'day', 'noon', 'open', 'timed', 'week', 'zoned'],
    ['date=lt2026-03-10', 'week'],
    ['date=le2026-03-10', 'day', 'noon', 'week'],
    ['date=sa2026-03-10', 'open', 'timed', 'zoned'],
    ['date=eb2026-03-11', 'day', 'noon'],
    ['date=ge2026-03-10T12:00:00Z&date=lt2026-03-11', 'day', 'noon', 'week'],
    ['date=ge2026-03-11T04:30:00%2B00:00', 'open', 'timed', 'week', 'zoned'],
    ['date=ge2026-03-11T04:30:00+00:00', 'open', 'timed', 'week', 'zoned'],
    ['date:missing=true', 'never'],
  ];
  for (const [query, ...ids] of cases) {
    it(`${query} finds ${ids.join(', ') || 'nothing'}`, async () => {
      expect(await general.ids(`/Observation?${query}`)).to.deep.equal(ids);
    });
  }

  it('refuses what is no date, and prefixes and modifiers that it does not have', async () => {
    for (const query of [
      'date=yesterday',
      'date=2026-13',
      'date=2026-02-30',
      'date=ap2026',
      'date:exact=2026',
    ]) {
      expect((await general.ask('GET', `/Observation?${query}`)).status, query).to.equal(400);
    }
  });

  it('compares _lastUpdated to the millisecond', async () => {
    const { lastUpdated = '' } = general.get('Observation', 'week')?.meta ?? {};
    const ids = (prefix: string) =>
      general.ids(`/Observation?_lastUpdated=${prefix}${lastUpdated}`);
    expect(await ids('')).to.deep.equal(['week']);
    expect(await ids('ge')).to.deep.equal(['never', 'open', 'timed', 'week']);
    expect(await ids('gt')).to.deep.equal(['never', 'open', 'timed']);
    expect(await ids('lt')).to.deep.equal(['day', 'noon', 'zoned']);
    expect(await ids('le')).to.deep.equal(['day', 'noon', 'week', 'zoned']);
  });
});

describe('sandbox: search by string', () => {
  let general: Hospital;
  before(async () => {
    general = await hospital();
    general.put(patient({ id: 'a', name: [{ family: 'Müllerin', given: ['Anna', 'Berta'] }] }));
    general.put(patient({ id: 'b', name: [{ family: 'van Muller', given: ['Carl'] }] }));
    general.put(patient({ id: 'c', name: [{ family: 'Comma, the' }] }));
  });
  after(closeHospitals);

  const cases: readonly (readonly [query: string, ...ids: string[]])[] = [
    ['family=muller', 'a'],
    ['family:contains=MULLER', 'a', 'b'],
    ['family:exact=Müllerin', 'a'],
    ['family:exact=müllerin'],
    ['name=bert', 'a'],
    ['given=carl,anna', 'a', 'b'],
    ['family=comma\\,', 'c'],
  ];
  for (const [query, ...ids] of cases) {
    it(`${query} finds ${ids.join(', ') || 'nothing'}`, async () => {
      expect(await general.ids(`/Patient?${query}`)).to.deep.equal(ids);
    });
  }
});
