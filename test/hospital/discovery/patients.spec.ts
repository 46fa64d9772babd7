import { expect } from 'chai';
import { patientsOf } from '../../../src/hospital/discovery/booked-visits.ts';
import { all, closeAll, failureOf, order, searchset, withRealSockets } from '../wire.ts';
import { hospitalThat } from './hospital-that.ts';

const window = { from: '2026-03-01T10:00:00Z', to: '2026-03-02T00:00:00Z' };
const ask = { patient: 'Patient/p1', window, whole: false };

function authoredOrder(id: string, authoredOn: string): fhir4.ServiceRequest {
  return { ...order(id), authoredOn };
}

/** An Appointment of these actors. */
function visit(id: string, start: string, ...actors: string[]): fhir4.Appointment {
  return {
    resourceType: 'Appointment',
    id,
    status: 'booked',
    start,
    participant: actors.map((reference) => ({ status: 'accepted', actor: { reference } })),
  };
}

describe('discovery: orders of a patient (A6)', () => {
  withRealSockets();
  afterEach(closeAll);

  it('asks for all of them where the server knows no time of change', async () => {
    const hospital = await hospitalThat(() => searchset([order('1'), order('2')]));
    const pages = await all(hospital.ordersOf(ask));
    expect(pages.flatMap(({ resources }) => resources.map(({ id }) => id))).to.deep.equal([
      '1',
      '2',
    ]);
    expect(pages[0]?.rung).to.equal('A6');
    expect([...(hospital.asked[0] ?? [])]).to.deep.equal([
      ['patient', 'Patient/p1'],
      ['_count', '100'],
    ]);
  });

  it('asks for what changed in a closed window where the server wants both ends (Q8)', async () => {
    const hospital = await hospitalThat(() => searchset([order('1', '2026-03-01T12:00:00Z')]));
    await all(hospital.ordersOf(ask, { since: '_lastUpdated', window: 'closed' }));
    expect(hospital.asked[0]?.getAll('_lastUpdated')).to.deep.equal([
      'ge2026-03-01T10:00:00Z',
      'le2026-03-01T23:59:59Z',
    ]);
  });

  it('asks for whole days, one more on either side, and filters here where only days are known (Q9)', async () => {
    const hospital = await hospitalThat(() =>
      searchset([order('in', '2026-03-01T12:00:00Z'), order('out', '2026-03-01T09:59:59Z')]),
    );
    const pages = await all(hospital.ordersOf(ask, { since: '_lastUpdated', window: 'days' }));
    expect(hospital.asked[0]?.getAll('_lastUpdated')).to.deep.equal([
      'ge2026-02-28',
      'le2026-03-03',
    ]);
    expect(pages[0]?.resources.map(({ id }) => id)).to.deep.equal(['in']);
    expect(pages[0]?.left).to.deep.equal({ outside: 1, notOurs: 0 });
  });

  it('asks by the time of writing from a week before, since orders are stored after they are written', async () => {
    const hospital = await hospitalThat(() => searchset([order('1')]));
    const pages = await all(hospital.ordersOf(ask, { since: 'authored' }));
    expect(hospital.asked[0]?.getAll('authored')).to.deep.equal([
      'ge2026-02-22T10:00:00Z',
      'lt2026-03-09T00:00:00Z',
    ]);
    expect(pages[0]?.resources).to.have.length(1);
  });

  it('asks for all of them in a sweep, whatever the server knows', async () => {
    const hospital = await hospitalThat(() => searchset([]));
    await all(hospital.ordersOf({ ...ask, whole: true }, { since: '_lastUpdated' }));
    expect([...(hospital.asked[0]?.keys() ?? [])]).to.deep.equal(['patient', '_count']);
  });

  it('reads a capped answer again by the time of writing, and misses nothing that has one', async () => {
    const orders = Array.from({ length: 12 }, (_, n) =>
      authoredOrder(`${n}`, new Date(Date.UTC(2026, 0, 1 + n)).toISOString()),
    );
    const hospital = await hospitalThat(
      (params) => {
        const bounds = params.getAll('authored');
        const from = bounds.find((one) => one.startsWith('ge'))?.slice(2) ?? '1900';
        const to = bounds.find((one) => one.startsWith('lt'))?.slice(2) ?? '2900';
        const inside = orders.filter(
          ({ authoredOn = '' }) =>
            Date.parse(authoredOn) >= Date.parse(from) && Date.parse(authoredOn) < Date.parse(to),
        );
        return searchset(inside.slice(0, 3));
      },
      { pageSize: 3 },
    );
    const pages = await all(hospital.ordersOf({ ...ask, whole: true }));
    const ids = new Set(pages.flatMap(({ resources }) => resources.map(({ id }) => id)));
    expect(ids.size).to.equal(12);
    const notes = pages.flatMap((page) => page.notes);
    expect(notes).to.have.length(1);
    expect(notes[0]).to.contain('authoredOn').and.not.contain('p1');
  });

  it('says nothing of what may be missing where the answer is whole', async () => {
    const hospital = await hospitalThat(() => searchset([order('1')]));
    const pages = await all(hospital.ordersOf({ ...ask, whole: true }));
    expect(pages.flatMap(({ notes }) => notes)).to.deep.equal([]);
  });

  it('refuses an answer with another patient’s order, and hands none of it on', async () => {
    const other = { ...order('2'), subject: { reference: 'Patient/p2' } };
    const hospital = await hospitalThat(() => searchset([order('1'), other]));
    const failure = await failureOf(all(hospital.ordersOf(ask)));
    expect(failure).to.include({ code: 'search-not-honoured' });
  });

  it('hands on an order that names no patient of this server: a person can tell whose it is', async () => {
    const elsewhere = { ...order('2'), subject: { reference: 'https://other.example/Patient/p1' } };
    const nobody = { ...order('3'), subject: { display: 'somebody' } };
    const hospital = await hospitalThat(() => searchset([order('1'), elsewhere, nobody]));
    const [page] = await all(hospital.ordersOf(ask));
    expect(page?.resources.map(({ id }) => id)).to.deep.equal(['1', '2', '3']);
  });

  it('refuses a server whose self link shows that the patient was ignored (Q10)', async () => {
    const link = [{ relation: 'self', url: 'http://x/fhir/ServiceRequest' }];
    const hospital = await hospitalThat(() => searchset([order('1')], { link }));
    expect((await failureOf(all(hospital.ordersOf(ask)))).code).to.equal('search-not-honoured');
  });

  it('sends what the vendor wants with each search', async () => {
    const hospital = await hospitalThat(() => searchset([]));
    await all(hospital.ordersOf(ask, { always: [['category', 'x|y']] }));
    expect(hospital.asked[0]?.get('category')).to.equal('x|y');
  });
});

describe('discovery: calendars (A5)', () => {
  withRealSockets();
  afterEach(closeAll);
  const here = { location: 'Location/massage' };

  it('asks for one calendar and a closed window of dates with zone', async () => {
    const hospital = await hospitalThat(() =>
      searchset([visit('1', '2026-03-01T12:00:00Z', 'Location/massage', 'Patient/p1')]),
    );
    const [page] = await all(
      hospital.visitsIn(here, window, {
        window: 'closed',
        always: [['service-category', 'appointment']],
      }),
    );
    expect([...(hospital.asked[0] ?? [])]).to.deep.equal([
      ['location', 'Location/massage'],
      ['service-category', 'appointment'],
      ['date', 'ge2026-03-01T10:00:00Z'],
      ['date', 'le2026-03-01T23:59:59Z'],
      ['_count', '100'],
    ]);
    expect(page).to.deep.include({ rung: 'A5', partial: false });
    expect(page?.resources).to.have.length(1);
  });

  it('keeps only what is in the calendar and the window', async () => {
    const hospital = await hospitalThat((_, { headers }) =>
      searchset([
        visit('ours', '2026-03-01T12:00:00Z', `http://${headers.host}/fhir/Location/massage`),
        visit('theirs', '2026-03-01T12:00:00Z', 'Location/surgery'),
        visit('later', '2026-03-05T12:00:00Z', 'Location/massage'),
      ]),
    );
    const [page] = await all(hospital.visitsIn(here, window));
    expect(page?.resources.map(({ id }) => id)).to.deep.equal(['ours']);
    expect(page?.left).to.deep.equal({ outside: 1, notOurs: 1 });
  });

  it('ends a flood of other calendars (Q10)', async () => {
    const hospital = await hospitalThat((params, { headers }) => {
      const page = Number(params.get('page') ?? 1);
      const next = `http://${headers.host}/fhir/Appointment?page=${page + 1}`;
      return searchset([visit(`${page}`, '2026-03-01T12:00:00Z', 'Location/surgery')], {
        link: [{ relation: 'next', url: next }],
      });
    });
    const failure = await failureOf(all(hospital.visitsIn(here, window)));
    expect(failure.code).to.equal('search-not-honoured');
    expect(hospital.asked).to.have.length(3);
  });

  it('takes a calendar of nothing but others for one that was not read', async () => {
    const hospital = await hospitalThat(() =>
      searchset([visit('1', '2026-03-01T12:00:00Z', 'https://inner.example/r4/Location/massage')]),
    );
    const failure = await failureOf(all(hospital.visitsIn(here, window)));
    expect(failure.code).to.equal('search-not-honoured');
    expect(failure.fix).to.contain('another address');
  });

  it('halves the dates where the result is too large (413)', async () => {
    const hospital = await hospitalThat((params) => {
      const [from = '', to = ''] = params.getAll('date').map((one) => Date.parse(one.slice(2)));
      return Number(to) - Number(from) > 4 * 3_600_000
        ? 413
        : searchset([visit(`${from}`, new Date(Number(from)).toISOString(), 'Location/massage')]);
    });
    const pages = await all(hospital.visitsIn(here, window));
    expect(pages.length).to.equal(4);
    expect(pages.every(({ resources }) => resources.length === 1)).to.equal(true);
  });

  it('finds the patients of visits, each once, of this server only', () => {
    const base = 'https://fhir.example/r4';
    const visits = [
      visit('1', '', 'Patient/a', 'Practitioner/ana'),
      visit('2', '', 'https://fhir.example/r4/Patient/a', 'https://other.example/Patient/b'),
      visit('3', '', 'Patient/c'),
    ];
    expect(patientsOf(visits, base)).to.deep.equal(['Patient/a', 'Patient/c']);
  });
});

describe('discovery: members of a Group (A6)', () => {
  withRealSockets();
  afterEach(closeAll);

  it('are the patients who still belong to it', async () => {
    const hospital = await hospitalThat(
      () =>
        ({
          resourceType: 'Group',
          id: 'massage',
          type: 'person',
          actual: true,
          member: [
            { entity: { reference: 'Patient/a' } },
            { entity: { reference: 'Patient/b' }, inactive: true },
            { entity: { reference: 'Patient/c' }, period: { end: '2020-01-01' } },
            { entity: { reference: 'Patient/d' }, period: { end: '2026-03-02' } },
            { entity: { reference: 'Practitioner/e' } },
            { entity: { display: 'somebody' } },
          ],
        }) as never,
    );
    expect(await hospital.groupMembers('Group/massage')).to.deep.equal(['Patient/a', 'Patient/d']);
  });

  it('are not nobody where all of them are at another address', async () => {
    const member = [{ entity: { reference: 'https://inner.example/r4/Patient/a' } }];
    const hospital = await hospitalThat(
      () => ({ resourceType: 'Group', type: 'person', actual: true, member }) as never,
    );
    const failure = await failureOf(hospital.groupMembers('Group/massage'));
    expect(failure.code).to.equal('answer-broken');
  });
});
