import { expect } from 'chai';
import type { AdapterError } from '../../../src/core/errors.ts';
import { all, closeAll, failureOf, order, searchset, type Wire, withRealSockets } from '../wire.ts';
import { hospitalThat } from './hospital-that.ts';

const window = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };

/** The orders that a search window of this server holds, at most `most` and without a next link. */
function within(orders: readonly fhir4.ServiceRequest[], params: URLSearchParams, most: number) {
  const [one = '', two] = params.getAll('_lastUpdated');
  const from = two === undefined ? 0 : Date.parse(one.slice(2));
  const to = Date.parse((two ?? one).slice(2));
  const found = orders.filter(({ meta }) => {
    const at = Date.parse(meta?.lastUpdated ?? '');
    return at >= from && at < to;
  });
  return searchset(found.slice(0, most));
}

describe('discovery: changed orders (A1)', () => {
  withRealSockets();
  afterEach(closeAll);

  it('asks for a closed window, sorted, and strictly', async () => {
    const hospital = await hospitalThat((_, request) => {
      expect(request.headers.prefer).to.equal('handling=strict');
      return searchset([order('1', '2026-03-01T10:00:00Z')]);
    });
    const [page] = await all(hospital.changedOrders(window));
    expect(page).to.deep.include({ rung: 'A1', partial: false, left: { outside: 0, notOurs: 0 } });
    expect(page?.resources.map(({ id }) => id)).to.deep.equal(['1']);
    expect([...(hospital.asked[0] ?? [])]).to.deep.equal([
      ['_lastUpdated', 'ge2026-03-01T00:00:00Z'],
      ['_lastUpdated', 'lt2026-03-02T00:00:00Z'],
      ['_sort', '_lastUpdated'],
      ['_count', '100'],
    ]);
  });

  const at = (n: number) => `2026-01-0${n}T00:00:00Z`;
  const ids = (pages: readonly { readonly resources: readonly fhir4.Resource[] }[]) =>
    new Set(pages.flatMap(({ resources }) => resources.map(({ id }) => id)));

  it('reads what is newer than a second that cannot be shown whole, and says so in the end', async () => {
    const orders = [
      ...Array.from({ length: 8 }, (_, n) => order(`moved-${n}`, at(2))),
      order('older', at(1)),
      order('newer', at(5)),
    ];
    const hospital = await hospitalThat((params) => {
      const found = within(orders, params, 99);
      return (found.entry ?? []).length > 5 ? 413 : found;
    });
    const seen: string[] = [];
    const reading = async () => {
      for await (const { resources } of hospital.changedOrders({ to: window.to }))
        seen.push(...resources.map(({ id = '' }) => id));
    };
    const failure = await failureOf(reading());
    expect(failure).to.include({ code: 'paging-broken' });
    expect(failure.message).to.contain(at(2));
    expect(seen).to.have.members(['older', 'newer']);
    expect(hospital.asked.length).to.be.lessThan(100);
  });

  it('gives up soon on a server that says of every second that it shows less than there is', async () => {
    const hospital = await hospitalThat(() => searchset([], { total: 9 }));
    const failure = await failureOf(all(hospital.changedOrders({ to: window.to })));
    expect(failure.code).to.equal('paging-broken');
    expect(hospital.asked.length).to.be.lessThan(400);
  });

  /** Orders a minute apart, in pages by offset, as `beyond` answers where the offset is too large. */
  function deepServer(beyond: (offset: number) => boolean, pageSize: number, maxPages?: number) {
    const orders = Array.from({ length: 500 }, (_, n) =>
      order(`${n}`, new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString()),
    );
    return hospitalThat(
      (params, { url = '', headers }) => {
        const [offset, count] = [Number(params.get('_offset') ?? 0), Number(params.get('_count'))];
        if (beyond(offset)) return 400;
        const { entry = [] } = within(orders, params, 500);
        const next = new URL(url, `http://${headers.host}`);
        next.searchParams.set('_offset', `${offset + count}`);
        const link = offset + count < entry.length ? [{ relation: 'next', url: next.href }] : [];
        return { ...searchset([]), link, entry: entry.slice(offset, offset + count) };
      },
      { pageSize, ...(maxPages !== undefined && { maxPages }) },
    );
  }

  it('asks for less time where a server knows no deep pages (Q4), and misses nothing', async () => {
    const hospital = await deepServer((offset) => offset > 100, 10);
    expect(ids(await all(hospital.changedOrders({ to: window.to }))).size).to.equal(500);
  });

  it('asks for less time where there are more pages than are read at once', async () => {
    const hospital = await deepServer(() => false, 10, 20);
    expect(ids(await all(hospital.changedOrders({ to: window.to }))).size).to.equal(500);
  });

  it('asks from the beginning of time in a full sweep, since servers refuse an open window (Q8)', async () => {
    const hospital = await hospitalThat(() => searchset([]));
    await all(hospital.changedOrders({ to: window.to }));
    expect(hospital.asked[0]?.getAll('_lastUpdated')).to.deep.equal([
      'ge1970-01-02T00:00:00Z',
      'lt2026-03-02T00:00:00Z',
    ]);
  });

  it('filters again here, but keeps what has no time', async () => {
    const hospital = await hospitalThat(() =>
      searchset([
        order('old', '2020-01-01T00:00:00Z'),
        order('in', '2026-03-01T00:00:00.000+00:00'),
        order('timeless'),
      ]),
    );
    const [page] = await all(hospital.changedOrders(window));
    expect(page?.resources.map(({ id }) => id)).to.deep.equal(['in', 'timeless']);
    expect(page?.left.outside).to.equal(1);
  });

  it('refuses a server whose self link shows that the time was ignored', async () => {
    const hospital = await hospitalThat(() =>
      searchset([order('1')], {
        link: [{ relation: 'self', url: 'http://x/fhir/ServiceRequest?_sort=_lastUpdated' }],
      }),
    );
    expect((await failureOf(all(hospital.changedOrders(window)))).code).to.equal(
      'search-not-honoured',
    );
  });

  it('accepts later pages that call themselves by an opaque address', async () => {
    const hospital = await hospitalThat((params, request) => {
      if (params.has('_getpages')) return searchset([order('2', '2026-03-01T11:00:00Z')]);
      const here = `http://${request.headers.host}`;
      return searchset([order('1', '2026-03-01T10:00:00Z')], {
        link: [
          { relation: 'self', url: `${here}${request.url}` },
          { relation: 'next', url: `${here}/fhir?_getpages=u&_getpagesoffset=1` },
        ],
      });
    });
    const found = await all(hospital.changedOrders(window));
    expect(found.map(({ resources }) => resources[0]?.id)).to.deep.equal(['1', '2']);
  });

  it('accepts a self link that is encoded in another way', async () => {
    const hospital = await hospitalThat(() =>
      searchset([], {
        link: [{ relation: 'self', url: 'http://x/fhir/ServiceRequest?%5FlastUpdated=ge2026' }],
      }),
    );
    expect(await all(hospital.changedOrders(window))).to.have.length(1);
  });

  it('ends a flood of pages from outside the window', async () => {
    const hospital = await hospitalThat((params, request) => {
      const page = Number(params.get('page') ?? 1);
      const next = `http://${request.headers.host}/fhir/ServiceRequest?page=${page + 1}`;
      return searchset([order(`${page}`, '2019-01-01T00:00:00Z')], {
        link: [{ relation: 'next', url: next }],
      });
    });
    expect((await failureOf(all(hospital.changedOrders(window)))).code).to.equal(
      'search-not-honoured',
    );
    expect(hospital.asked).to.have.length(3);
  });

  it('reads a window that the server cuts short in halves, and misses nothing', async () => {
    const orders = Array.from({ length: 20 }, (_, n) =>
      order(`${n}`, new Date(Date.parse(window.from) + n * 60_000).toISOString()),
    );
    for (const span of [window, { to: window.to }]) {
      const hospital = await hospitalThat((params) => within(orders, params, 3), { pageSize: 3 });
      const found = await all(hospital.changedOrders(span));
      const ids = new Set(found.flatMap(({ resources }) => resources.map(({ id }) => id)));
      expect(ids.size).to.equal(20);
    }
  });

  it('reads a window in halves that is too large for the server to answer', async () => {
    const orders = [1, 5, 9].map((hour) => order(`${hour}`, `2026-03-01T0${hour}:00:00Z`));
    const hospital = await hospitalThat((params) => {
      const found = within(orders, params, 9);
      return (found.entry?.length ?? 0) > 1 ? 413 : found;
    });
    const found = await all(hospital.changedOrders(window));
    expect(found.flatMap(({ resources }) => resources.map(({ id }) => id))).to.deep.equal([
      '1',
      '5',
      '9',
    ]);
  });

  it('says so when a single second holds more than the server shows', async () => {
    const orders = [1, 2, 3, 4].map((n) => order(`${n}`, '2026-03-01T00:00:00.500Z'));
    const hospital = await hospitalThat((params) => within(orders, params, 3), { pageSize: 3 });
    const seen: string[] = [];
    const error: AdapterError = await failureOf(
      (async () => {
        for await (const { resources } of hospital.changedOrders(window)) {
          seen.push(...resources.map(({ id }) => id ?? ''));
        }
      })(),
    );
    expect(error.code).to.equal('paging-broken');
    expect(new Set(seen).size).to.equal(3);
  });

  it('passes a 400 for the search on as a refusal', async () => {
    const hospital = await hospitalThat(() => 400);
    expect((await failureOf(all(hospital.changedOrders(window)))).code).to.equal(
      'hospital-refused',
    );
  });
});

describe('discovery: addressed Tasks (A3)', () => {
  withRealSockets();
  afterEach(closeAll);

  const task = (id: string, more: Partial<fhir4.Task> = {}): fhir4.Task => ({
    resourceType: 'Task',
    id,
    status: 'requested',
    intent: 'order',
    ...more,
  });
  const code = (value: string) => ({ code: { coding: [{ code: value }] } });

  it('finds Tasks that we own, whatever they ask and however the reference is spelled, and leaves the others', async () => {
    const hospital: Wire & { readonly asked: URLSearchParams[] } = await hospitalThat(
      () =>
        searchset([
          task('relative', { owner: { reference: 'Organization/massage' } }),
          task('absolute', {
            owner: { reference: `${hospital.base}/Organization/massage` },
            ...code('fulfill'),
          }),
          task('versioned', { owner: { reference: 'Organization/massage/_history/3' } }),
          task('other', { owner: { reference: 'Organization/laundry' } }),
          task('elsewhere', { owner: { reference: 'https://x.example/Organization/massage' } }),
          task('abort', { owner: { reference: 'Organization/massage' }, ...code('abort') }),
          task('unowned'),
        ]),
      { organization: 'Organization/massage' },
    );
    const [page] = await all(hospital.ownedTasks(window));
    expect(page?.resources.map(({ id }) => id)).to.deep.equal([
      'relative',
      'absolute',
      'versioned',
      'abort',
    ]);
    expect(page).to.deep.include({ rung: 'A3', left: { outside: 0, notOurs: 3 } });
    expect(hospital.asked[0]?.get('owner')).to.equal('Organization/massage');
    expect(hospital.asked[0]?.getAll('_lastUpdated')).to.have.length(2);
  });

  it('finds requested Tasks that nobody owns', async () => {
    const hospital = await hospitalThat(() =>
      searchset([
        task('free'),
        task('taken', { owner: { display: 'Somebody' } }),
        task('done', { status: 'completed' }),
        task('old', { meta: { lastUpdated: '2020-01-01T00:00:00Z' } }),
      ]),
    );
    const [page] = await all(hospital.claimableTasks(window));
    expect(page?.resources.map(({ id }) => id)).to.deep.equal(['free']);
    expect(page?.left).to.deep.equal({ outside: 1, notOurs: 2 });
    expect(hospital.asked[0]?.get('owner:missing')).to.equal('true');
    expect(hospital.asked[0]?.get('status')).to.equal('requested');
  });

  it('refuses a server that dropped the owner from the search', async () => {
    const hospital = await hospitalThat(
      () =>
        searchset([], { link: [{ relation: 'self', url: 'http://x/Task?_lastUpdated=ge2026' }] }),
      { organization: 'Organization/massage' },
    );
    expect((await failureOf(all(hospital.ownedTasks(window)))).code).to.equal(
      'search-not-honoured',
    );
  });

  it('cannot ask for our Tasks where the settings do not say who we are', async () => {
    const hospital = await hospitalThat(() => searchset([]));
    expect(() => hospital.ownedTasks(window)).to.throw('organization');
  });
});

describe('discovery: Appointments of known orders', () => {
  withRealSockets();
  afterEach(closeAll);

  const appointment = (id: string, ...orders: string[]): fhir4.Appointment => ({
    resourceType: 'Appointment',
    id,
    status: 'booked',
    participant: [{ status: 'accepted' }],
    basedOn: orders.map((reference) => ({ reference })),
  });

  it('asks for twenty orders at a time and keeps only what is based on them', async () => {
    const orders = Array.from({ length: 45 }, (_, n) => `ServiceRequest/${n}`);
    const hospital = await hospitalThat((params) => {
      const [first = ''] = (params.get('based-on') ?? '').split(',');
      return searchset([
        appointment(`of ${first}`, first),
        appointment('stray', 'ServiceRequest/999'),
      ]);
    });
    const found = await all(hospital.appointmentsOf(orders));
    expect(hospital.asked.map((params) => params.get('based-on')?.split(',').length)).to.deep.equal(
      [20, 20, 5],
    );
    expect(found.map(({ resources }) => resources.map(({ id }) => id))).to.deep.equal([
      ['of ServiceRequest/0'],
      ['of ServiceRequest/20'],
      ['of ServiceRequest/40'],
    ]);
    expect(found[0]?.left.notOurs).to.equal(1);
  });

  it('asks for half of the orders at a time where the answer is cut short', async () => {
    const orders = ['1', '2', '3', '4'].map((id) => `ServiceRequest/${id}`);
    const hospital = await hospitalThat(
      (params) =>
        searchset(
          (params.get('based-on') ?? '')
            .split(',')
            .slice(0, 3)
            .map((one) => appointment(`of ${one}`, one)),
        ),
      { pageSize: 3 },
    );
    const found = await all(hospital.appointmentsOf(orders, window));
    const ids = new Set(found.flatMap(({ resources }) => resources.map(({ id }) => id)));
    expect(ids.size).to.equal(4);
    expect(hospital.asked[0]?.getAll('_lastUpdated')).to.have.length(2);
  });

  it('asks nothing for no orders', async () => {
    const hospital = await hospitalThat(() => searchset([]));
    expect(await all(hospital.appointmentsOf([]))).to.deep.equal([]);
    expect(hospital.asked).to.deep.equal([]);
  });
});
