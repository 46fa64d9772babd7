import { expect } from 'chai';
import { type PagingOptions, pagesOf } from '../../src/hospital/paging.ts';
import {
  closeAll,
  failureOf,
  listening,
  order,
  searchset,
  sendJson,
  wireTo,
  withRealSockets,
} from './wire.ts';

describe('paging: asking ahead', () => {
  withRealSockets();
  afterEach(closeAll);

  /** A hospital of six pages, of which the fifth may be broken. */
  async function sixPages({ fifth = 200 } = {}) {
    const asked = Promise.withResolvers<void>();
    const server = await listening((request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://hospital.invalid');
      const page = Number(searchParams.get('page') ?? 1);
      if (page === 5) asked.resolve();
      if (page === 5 && fifth !== 200) return sendJson(response, fifth, {});
      const link = page < 6 ? [{ relation: 'next', url: `?page=${page + 1}` }] : [];
      sendJson(response, 200, searchset([order(`${page}`)], { link }));
    });
    const { client, exchanges } = wireTo(server.origin);
    return {
      exchanges,
      fifthAsked: asked.promise,
      read: (options: PagingOptions) =>
        pagesOf<fhir4.ServiceRequest>(client, 'ServiceRequest', [], options),
    };
  }

  it('has the next page of a window under way while its reader takes one in', async () => {
    const { exchanges, fifthAsked, read } = await sixPages();
    const shown: (string | undefined)[] = [];
    for await (const { number, resources } of read({ narrows: true })) {
      shown.push(...resources.map(({ id }) => id));
      // The first pages are judged before more is asked
      if (number <= 3) expect(exchanges).to.have.length(number);
      if (number === 4) await fifthAsked;
    }
    expect(shown).to.deep.equal(['1', '2', '3', '4', '5', '6']);
    expect(exchanges).to.have.length(6);
  });

  it('asks nothing ahead where the reader may stop', async () => {
    const { exchanges, read } = await sixPages();
    for await (const { number } of read({})) if (number === 5) break;
    expect(exchanges).to.have.length(5);
  });

  it('shows the page before the one that fails', async () => {
    const { read } = await sixPages({ fifth: 500 });
    const shown: number[] = [];
    const reading = (async () => {
      for await (const { number } of read({ narrows: true })) shown.push(number);
    })();
    expect((await failureOf(reading)).code).to.equal('hospital-fault');
    expect(shown).to.deep.equal([1, 2, 3, 4]);
  });

  it('leaves no exchange under way when its reader stops all the same', async () => {
    const { exchanges, read } = await sixPages();
    for await (const { number } of read({ narrows: true })) if (number === 4) break;
    expect(exchanges).to.have.length(5);
  });
});
