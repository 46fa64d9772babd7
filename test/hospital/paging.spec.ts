import { expect } from 'chai';
import nock from 'nock';
import type { HospitalConnection } from '../../src/hospital/connection.ts';
import { type PagingOptions, pagesOf } from '../../src/hospital/paging.ts';
import type { IssueMeaning } from '../../src/hospital/vendors/vendor.ts';
import { all, closeAll, failureOf, order, searchset, wireTo } from './wire.ts';

const origin = 'https://fhir.hospital.example';
const base = `${origin}/r4`;
const patient: fhir4.Patient = { resourceType: 'Patient', id: 'p1' };

/** Invented numbers of an invented product. */
const meanings: Readonly<Record<string, IssueMeaning>> = {
  '1': 'nothing-found',
  '2': 'capped',
  '3': 'suppressed',
  '4': 'parameter-ignored',
  '5': 'search-expired',
  '6': 'needs-parameter',
};

function pages(options: PagingOptions = {}, connection: Partial<HospitalConnection> = {}) {
  const { client } = wireTo(base, { meaningOf: (code) => meanings[code], ...connection });
  return pagesOf<fhir4.ServiceRequest>(client, 'ServiceRequest', [], options);
}

function says(code: string, severity: fhir4.OperationOutcomeIssue['severity']) {
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity, code: 'processing', details: { coding: [{ code }] } }],
  } satisfies fhir4.OperationOutcome;
}

function firstPage(bundle: fhir4.Bundle<fhir4.FhirResource>) {
  nock(origin).get('/r4/ServiceRequest').query(true).reply(200, bundle);
}

function next(url: string): fhir4.BundleLink {
  return { relation: 'next', url };
}

describe('paging', () => {
  afterEach(async () => {
    nock.cleanAll();
    await closeAll();
  });

  it('follows opaque next links at the base itself until there is none', async () => {
    firstPage(
      searchset([order('1'), order('2')], {
        link: [next(`${base}?_getpages=u&_getpagesoffset=2`)],
      }),
    );
    nock(origin)
      .get('/r4?_getpages=u&_getpagesoffset=2')
      .reply(200, searchset([order('3')]));
    const found = await all(pages({ pageSize: 2 }));
    expect(found.map(({ resources }) => resources.map(({ id }) => id))).to.deep.equal([
      ['1', '2'],
      ['3'],
    ]);
    expect(found.map(({ capped }) => capped)).to.deep.equal([false, false]);
  });

  for (const [name, link, path] of [
    ['a query alone', '?page=2', '/r4?page=2'],
    ['below the base', 'ServiceRequest?page=2', '/r4/ServiceRequest?page=2'],
    [
      'from the root, without doubling the base',
      '/r4/ServiceRequest?page=2',
      '/r4/ServiceRequest?page=2',
    ],
  ] as const) {
    it(`resolves a relative next link: ${name}`, async () => {
      nock(origin)
        .get('/r4/ServiceRequest?_count=100')
        .reply(200, searchset([order('1')], { link: [next(link)] }));
      nock(origin)
        .get(path)
        .reply(200, searchset([order('2')]));
      expect(await all(pages())).to.have.length(2);
    });
  }

  it('hands out a page before it refuses to follow its link to another origin', async () => {
    firstPage(searchset([order('1')], { link: [next('https://inner.example/other?page=2')] }));
    const found: unknown[] = [];
    const error = await failureOf(
      (async () => {
        for await (const page of pages()) found.push(...page.resources);
      })(),
    );
    expect(error.code).to.equal('foreign-origin');
    expect(found).to.have.length(1);
  });

  it('lays links with an inner host onto the base, query as it was, and notes it once', async () => {
    const inner = 'http://inner.hospital.example:8080/r4';
    firstPage(searchset([order('1')], { link: [next(`${inner}?_getpages=a%7Cb&x=%2f&n=2`)] }));
    nock(origin)
      .get('/r4?_getpages=a%7Cb&x=%2f&n=2')
      .reply(200, searchset([order('2')], { link: [next(`${inner}/ServiceRequest?n=3`)] }))
      .get('/r4/ServiceRequest?n=3')
      .reply(200, searchset([order('3')]));
    const found = await all(pages());
    expect(found.map(({ notes }) => notes)).to.deep.equal([
      ['next links name another address and were rebased from http://inner.hospital.example:8080'],
      [],
      [],
    ]);
  });

  it('refuses them where the site wants links to be taken at their word', async () => {
    firstPage(searchset([order('1')], { link: [next('http://inner.example/r4?page=2')] }));
    const error = await failureOf(all(pages({}, { pagingHost: 'strict' })));
    expect(error.code).to.equal('foreign-origin');
    expect(error.message).to.contain('http://inner.example');
  });

  it('stops where a page leads back to an earlier one', async () => {
    firstPage(searchset([], { link: [next(`${base}?page=2`)] }));
    nock(origin)
      .get('/r4?page=2')
      .reply(200, searchset([], { link: [next(`${base}?page=2`)] }));
    expect((await failureOf(all(pages()))).code).to.equal('paging-broken');
  });

  it('stops where the same entries come again under a new address', async () => {
    const same = [order('1', '2026-01-01T00:00:00Z'), order('2', '2026-01-01T00:00:00Z')];
    firstPage(searchset(same, { link: [next(`${base}?page=2`)] }));
    nock(origin)
      .get('/r4?page=2')
      .reply(200, searchset(same, { link: [next(`${base}?page=3`)] }));
    expect((await failureOf(all(pages()))).message).to.contain('page 2 repeats');
  });

  it('stops at the cap, before asking for one page more', async () => {
    firstPage(searchset([order('0')], { link: [next(`${base}?page=1`)] }));
    for (const n of [1, 2]) {
      nock(origin)
        .get(`/r4?page=${n}`)
        .reply(200, searchset([order(`${n}`)], { link: [next(`${base}?page=${n + 1}`)] }));
    }
    const beyond = nock(origin).get('/r4?page=3').reply(200, searchset([]));
    expect((await failureOf(all(pages({ maxPages: 3 })))).code).to.equal('paging-broken');
    expect(beyond.isDone()).to.equal(false);
  });

  const expiries: readonly [string, number, object?][] = [
    ['404', 404],
    ['410', 410],
    ['400 with its own code', 400, says('5', 'error')],
    ['200 with its own code among the results', 200, searchset([says('5', 'warning')])],
  ];
  for (const [name, status, body] of expiries) {
    it(`begins anew with half the page when the server forgot the search (${name})`, async () => {
      const version = '2026-01-01T00:00:00Z';
      nock(origin)
        .get('/r4/ServiceRequest?_count=100')
        .reply(200, searchset([order('1', version)], { link: [next(`${base}?page=2`)], total: 2 }))
        .get('/r4?page=2')
        .reply(status, body)
        .get('/r4/ServiceRequest?_count=50')
        .reply(200, searchset([order('1', version)], { link: [next(`${base}?page=2`)], total: 2 }))
        .get('/r4?page=2')
        .reply(200, searchset([order('2', version)], { total: 2 }));
      const found = await all(pages());
      expect(found.map(({ number }) => number)).to.deep.equal([1, 2, 3]);
      expect(found.map(({ resources }) => resources.map(({ id }) => id))).to.deep.equal([
        ['1'],
        ['1'],
        ['2'],
      ]);
      expect(found.some(({ capped }) => capped)).to.equal(false);
    });
  }

  it('gives up on a search that expires each time, without taking it for a deleted resource', async () => {
    for (const count of [100, 50, 25])
      nock(origin)
        .get(`/r4/ServiceRequest?_count=${count}`)
        .reply(200, searchset([order('1')], { link: [next(`${base}?page=2`)] }))
        .get('/r4?page=2')
        .reply(410);
    const error = await failureOf(all(pages()));
    expect(error.code).to.equal('paging-broken');
    expect(error.message).to.contain('is gone');
    expect(nock.isDone()).to.equal(true);
  });

  it('leaves a page that is too large to the caller', async () => {
    firstPage(searchset([order('1')], { link: [next(`${base}?page=2`)] }));
    nock(origin).get('/r4?page=2').reply(413);
    expect((await failureOf(all(pages()))).details.status).to.equal(413);
  });

  it('drops what comes twice in the same version, and keeps what changed or has no version', async () => {
    const [t1, t2] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
    const changed = { ...order('2', t2), meta: { versionId: '2', lastUpdated: t2 } };
    firstPage(
      searchset([order('1', t1), order('2', t1), order('3')], { link: [next(`${base}?page=2`)] }),
    );
    nock(origin)
      .get('/r4?page=2')
      .reply(200, searchset([order('1', t1), changed, order('3'), order('4', t1), order('4', t1)]));
    const [, second] = await all(pages());
    expect(second?.resources.map(({ id, meta }) => [id, meta?.versionId])).to.deep.equal([
      ['2', '2'],
      ['3', undefined],
      ['4', '1'],
    ]);
  });

  it('sees by the total that a page lacks something, however full the pages are', async () => {
    const t = '2026-01-01T00:00:00Z';
    firstPage(
      searchset([order('1', t), order('2', t)], { link: [next(`${base}?page=2`)], total: 4 }),
    );
    nock(origin)
      .get('/r4?page=2')
      .reply(200, searchset([order('2', t), order('4', t)], { total: 4 }));
    const found = await all(pages({ pageSize: 2 }));
    expect(found.map(({ capped }) => capped)).to.deep.equal([false, true]);
  });

  it('asks for the page size by the name that this server has for it', async () => {
    nock(origin)
      .get('/r4/ServiceRequest?_maxresults=7')
      .reply(200, searchset([order('1')]));
    expect(await all(pages({ pageSize: 7 }, { countParam: () => '_maxresults' }))).to.have.length(
      1,
    );
  });

  it('splits the entries by search mode, and by type where there is none', async () => {
    const outcome: fhir4.OperationOutcome = {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'information', code: 'informational', diagnostics: 'Zzyzx' }],
    };
    firstPage({
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        { resource: order('1'), search: { mode: 'match' } },
        { resource: order('2') },
        { resource: order('parent'), search: { mode: 'include' } },
        { resource: patient, search: { mode: 'match' } },
        { resource: outcome },
        { fullUrl: 'urn:uuid:empty' },
      ],
    });
    const [page] = await all(pages());
    expect(page?.resources.map(({ id }) => id)).to.deep.equal(['1', '2']);
    expect(page?.included.map(({ id }) => id)).to.deep.equal(['parent', 'p1']);
    expect(page?.outcomes).to.deep.equal([
      { severity: 'information', code: 'informational', details: [], expression: [] },
    ]);
    expect(page?.partial).to.equal(false);
  });

  it('is partial when the server says that it left something out', async () => {
    firstPage(
      searchset([
        order('1'),
        {
          resourceType: 'OperationOutcome',
          issue: [
            { severity: 'warning', code: 'suppressed', details: { coding: [{ code: '59204' }] } },
          ],
        },
      ]),
    );
    const [page] = await all(pages());
    expect(page).to.include({ partial: true });
    expect(page?.outcomes[0]?.details).to.deep.equal(['59204']);
  });

  const own: readonly [string, string, 'warning' | 'information', object][] = [
    ['nothing found', '1', 'warning', { partial: false, capped: false }],
    ['a cap', '2', 'warning', { partial: false, capped: true }],
    ['results held back', '3', 'information', { partial: true, capped: false }],
    ['a parameter ignored', '4', 'information', { partial: true, capped: false }],
    ['a code that nobody knows', '99', 'warning', { partial: true, capped: false }],
    ['a remark that nobody knows', '99', 'information', { partial: false, capped: false }],
  ];
  for (const [name, code, severity, expected] of own) {
    it(`knows by the product’s own code, as ${severity}: ${name}`, async () => {
      firstPage(searchset([order('1'), says(code, severity)]));
      const [page] = await all(pages());
      expect(page).to.include(expected);
    });
  }

  for (const [name, code, expected] of [
    ['found nothing', '1', { partial: false, capped: false }],
    ['has more than it shows', '2', { partial: false, capped: true }],
  ] as const) {
    for (const status of [200, 400, 404]) {
      it(`reads ${status} from a server that ${name} as a page without results`, async () => {
        nock(origin).get('/r4/ServiceRequest').query(true).reply(status, says(code, 'error'));
        const found = await all(pages());
        expect(found).to.have.length(1);
        expect(found[0]).to.deep.include({ resources: [], ...expected });
      });
    }
  }

  it('says that a server wants a parameter more', async () => {
    nock(origin).get('/r4/ServiceRequest').query(true).reply(400, says('6', 'error'));
    const error = await failureOf(all(pages()));
    expect(error.code).to.equal('hospital-refused');
    expect(error.message).to.contain('a search parameter that was not given');
    expect(error.fix).to.contain('another way of finding orders');
  });

  const two = [order('1'), order('2')];
  const ends: readonly [string, fhir4.Bundle<fhir4.FhirResource>, boolean][] = [
    ['a full page without next and total', searchset(two), true],
    ['a full page whose total is larger', searchset(two, { total: 9 }), true],
    ['a full page whose total is exactly that', searchset(two, { total: 2 }), false],
    ['a full page whose total is plainly wrong', searchset(two, { total: 0 }), true],
    ['a page that is not full', searchset([order('1')]), false],
    ['a page that is not full, with a larger total', searchset([order('1')], { total: 9 }), true],
    [
      'a page as full as the server says that it allows',
      searchset([order('1')], {
        link: [{ relation: 'self', url: `${base}/ServiceRequest?_count=1` }],
      }),
      true,
    ],
    ['nothing', { resourceType: 'Bundle', type: 'searchset', total: 0 }, false],
  ];
  for (const [name, bundle, capped] of ends) {
    it(`takes ${name} for ${capped ? 'cut short' : 'complete'}`, async () => {
      firstPage(bundle);
      const [page] = await all(pages({ pageSize: 2 }));
      expect(page?.capped).to.equal(capped);
    });
  }
});
