import { expect } from 'chai';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import {
  closeHospitals,
  type Hospital,
  hospital,
  order,
  patient,
  stoppedClock,
} from '../hospital.ts';

type Found = fhir4.Bundle<fhir4.FhirResource>;
const nextOf = ({ link }: Found) => link?.find(({ relation }) => relation === 'next')?.url;

async function withFault(fault: Fault, count = 5): Promise<Hospital> {
  const at = await hospital(stoppedClock());
  at.put(patient({ id: 'p1' }));
  for (let n = 1; n <= count; n += 1) at.put({ ...order(), id: `o${n}` });
  at.faults.add({ always: true, ...fault });
  return at;
}

/** The ids of each page. */
async function pages(at: Hospital, path: string): Promise<string[][]> {
  const all: string[][] = [];
  for (let url: string | undefined = path; url !== undefined && all.length < 10; ) {
    const { body }: { body: Found } = await at.ask<Found>('GET', url);
    all.push((body.entry ?? []).map(({ resource }) => resource?.id ?? ''));
    url = nextOf(body);
  }
  return all;
}

describe('sandbox: faults of pages', () => {
  afterEach(closeHospitals);

  for (const [as, expected] of [
    ['other-host', /^http:\/\/internal\.example:8080\/fhir\/ServiceRequest\?_snapshot=/],
    ['other-scheme', /^https:\/\/127\.0\.0\.1:\d+\/fhir\/ServiceRequest\?_snapshot=/],
    ['other-port', /^http:\/\/127\.0\.0\.1:\d+\/fhir\/ServiceRequest\?_snapshot=/],
    ['doubled-port', /^http:\/\/127\.0\.0\.1:(\d+):\1\/fhir\/ServiceRequest\?_snapshot=/],
    ['other-path', /^http:\/\/127\.0\.0\.1:\d+\/internal\/fhir\/ServiceRequest\?_snapshot=/],
  ] as const) {
    it(`next-link: ${as}, the rest as it should be, and none where there is none`, async () => {
      const at = await withFault({ do: 'next-link', as });
      const { body } = await at.ask<Found>('GET', '/ServiceRequest?_count=2');
      expect(nextOf(body)).to.match(expected);
      if (as === 'other-port') expect(nextOf(body)).to.not.include(at.origin);
      expect(nextOf((await at.ask<Found>('GET', '/ServiceRequest')).body)).to.equal(undefined);
    });
  }

  for (const [answer, status] of [
    ['404', 404],
    ['410', 410],
    ['400', 400],
    ['4113', 400],
  ] as const) {
    it(`search-expired: ${answer} on the second page, the first is as usual`, async () => {
      const at = await withFault({ do: 'search-expired', answer, always: false });
      const first = await at.ask<Found>('GET', '/ServiceRequest?_count=2');
      const later = await at.ask<fhir4.OperationOutcome>('GET', nextOf(first.body) ?? '');
      expect([first.status, later.status]).to.deep.equal([200, status]);
      const code = later.body.issue[0]?.details?.coding?.[0]?.code;
      expect(code).to.equal(answer === '4113' ? '4113' : undefined);
      expect((await at.ask('GET', nextOf(first.body) ?? '')).status).to.equal(200);
    });
  }

  it('page-repeats and page-gap: rows twice, or never', async () => {
    const repeating = await withFault({ do: 'page-repeats', rows: 1 });
    expect(await pages(repeating, '/ServiceRequest?_count=2')).to.deep.equal([
      ['o1', 'o2'],
      ['o2', 'o3'],
      ['o3', 'o4'],
      ['o4', 'o5'],
    ]);
    const gaping = await withFault({ do: 'page-gap', rows: 1 });
    expect(await pages(gaping, '/ServiceRequest?_count=2')).to.deep.equal([
      ['o1', 'o2'],
      ['o4', 'o5'],
    ]);
  });

  it('stale-search: the same again until the time is over, unless no-cache is asked', async () => {
    const { clock, forward } = stoppedClock();
    const at = await hospital({ clock });
    at.faults.add({ do: 'stale-search', ms: 60_000, always: true });
    const path = '/ServiceRequest?status=active';
    expect(await at.ids(path)).to.deep.equal([]);
    at.put({ ...order(), id: 'o1' });
    expect(await at.ids(path)).to.deep.equal([]);
    const fresh = await at.ask<Found>('GET', path, undefined, { 'cache-control': 'no-cache' });
    expect(fresh.body.total).to.equal(1);
    at.put({ ...order(), id: 'o2' });
    expect(await at.ids(path)).to.deep.equal(['o1']);
    expect(await at.ids('/ServiceRequest')).to.deep.equal(['o1', 'o2']);
    forward(61_000);
    expect(await at.ids(path)).to.deep.equal(['o1', 'o2']);
  });

  it('total: missing, zero, of the entries, too large', async () => {
    const totals: unknown[] = [];
    for (const is of ['missing', 'zero', 'entries', 'too-large'] as const) {
      const at = await withFault({ do: 'total', is }, 2);
      const path = '/ServiceRequest?_include=ServiceRequest:subject';
      totals.push((await at.ask<Found>('GET', path)).body.total);
    }
    expect(totals).to.deep.equal([undefined, 0, 3, 9]);
  });

  it('outcome-entry: with its severity, code and mode', async () => {
    const modes = [];
    for (const mode of ['outcome', 'match', 'absent'] as const) {
      const at = await withFault({ do: 'outcome-entry', severity: 'warning', code: '59204', mode });
      const { body } = await at.ask<Found>('GET', '/ServiceRequest');
      const [entry] = body.entry ?? [];
      const said = entry?.resource as fhir4.OperationOutcome;
      expect(said.issue[0]).to.include({ severity: 'warning', code: 'suppressed' });
      expect(said.issue[0]?.details?.coding?.[0]?.code).to.equal('59204');
      expect(body.total).to.equal(5);
      modes.push(entry?.search?.mode);
    }
    expect(modes).to.deep.equal(['outcome', 'match', undefined]);
  });

  it('includes: repeated, as matches, without any mode', async () => {
    const modes: unknown[] = [];
    for (const as of ['repeated', 'as-matches', 'without-mode'] as const) {
      const at = await withFault({ do: 'includes', as }, 1);
      const path = '/ServiceRequest?_include=ServiceRequest:subject';
      const { body } = await at.ask<Found>('GET', path);
      modes.push(body.entry?.map(({ search }) => search?.mode));
    }
    expect(modes).to.deep.equal([
      ['match', 'include', 'include'],
      ['match', 'match'],
      [undefined, undefined],
    ]);
  });

  it('cap: no more rows than so many, or 413 for more', async () => {
    const at = await withFault({ do: 'cap', rows: 3 });
    expect((await pages(at, '/ServiceRequest?_count=2')).flat()).to.deep.equal(['o1', 'o2', 'o3']);
    const refusing = await withFault({ do: 'cap', rows: 3, refuses: true });
    expect((await refusing.ask('GET', '/ServiceRequest?_count=2')).status).to.equal(413);
    expect((await refusing.ask('GET', '/ServiceRequest?_id=o1,o2,o3')).status).to.equal(200);
  });

  it('small-pages: fewer rows than _count asks', async () => {
    const at = await withFault({ do: 'small-pages', rows: 2 });
    const sizes = (await pages(at, '/ServiceRequest?_count=100')).map(({ length }) => length);
    expect(sizes).to.deep.equal([2, 2, 1]);
  });
});
