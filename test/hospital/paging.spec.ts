import { expect } from 'chai';
import nock from 'nock';
import { pagesOf } from '../../src/hospital/paging.ts';
import { all, closeAll, failureOf, order, searchset, wireTo } from './wire.ts';

const origin = 'https://fhir.hospital.example';
const base = `${origin}/r4`;
const patient: fhir4.Patient = { resourceType: 'Patient', id: 'p1' };

function pages(options = {}) {
  return pagesOf<fhir4.ServiceRequest>(wireTo(base).client, 'ServiceRequest', [], options);
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
    firstPage(searchset([order('1')], { link: [next('https://inner.example/r4?page=2')] }));
    const found: unknown[] = [];
    const error = await failureOf(
      (async () => {
        for await (const page of pages()) found.push(...page.resources);
      })(),
    );
    expect(error.code).to.equal('foreign-origin');
    expect(found).to.have.length(1);
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

  it('does not mistake a search that expired for a deleted resource', async () => {
    firstPage(searchset([order('1')], { link: [next(`${base}?page=2`)] }));
    nock(origin).get('/r4?page=2').reply(410);
    expect((await failureOf(all(pages()))).code).to.equal('paging-broken');
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
