import { expect } from 'chai';
import type { Fault, FaultName } from '../../../src/sandbox/faults/kinds.ts';
import { faultTable } from '../../../src/sandbox/faults/table.ts';
import {
  closeHospitals,
  type Hospital,
  hospital,
  order,
  patient,
  stoppedClock,
} from '../hospital.ts';

/** What a client sees of one answer. */
async function seen(
  at: Hospital,
  [method, path, body, headers]: Request,
  patience = 10_000,
): Promise<string> {
  const signal = AbortSignal.timeout(patience);
  try {
    const response = await fetch(path.startsWith('http') ? path : at.base + path, {
      method,
      signal,
      redirect: 'manual',
      headers: { 'content-type': 'application/fhir+json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const shown = [...response.headers].filter(
      ([name]) => !['date', 'x-request-id'].includes(name),
    );
    const text = (await response.text())
      .replaceAll(/_snapshot=[\w-]+/g, '_snapshot=x')
      .replaceAll(/:\d{4,5}/g, ':port');
    return JSON.stringify([response.status, shown, text]).replaceAll(/:\d{4,5}/g, ':port');
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}

type Request = readonly [
  method: string,
  path: string,
  body?: object,
  headers?: Readonly<Record<string, string>>,
];

const read: Request = ['GET', '/Patient/p1'];
const search: Request = ['GET', '/ServiceRequest?_count=1&_include=ServiceRequest:subject'];
const window: Request = ['GET', '/ServiceRequest?_lastUpdated=gt2026-03-01T09:00:00Z'];
const dated: Request = ['GET', '/ServiceRequest?_lastUpdated=ge2026-03-01T07:00:00'];
const code: Request = ['GET', '/ServiceRequest?code=387854002'];
const metadata: Request = ['GET', '/metadata'];
const place: Request = ['POST', '/ServiceRequest', order()];
const updated = patient({ id: 'p1', gender: 'female' });
const stale: Request = ['PUT', '/Patient/p1', updated, { 'if-match': 'W/"9"' }];
const current: Request = ['PUT', '/Patient/p1', updated, { 'if-match': 'W/"1"' }];
const mine: Request = ['PUT', '/Patient/p1', updated];

/** `page`: the second page. `after-write`: the search before and after a write. `form`: a POST _search. */
type Asked = Request | 'page' | 'after-write' | 'form';

/** One example of every fault, and a request that it changes the answer to. */
const examples: Readonly<Record<FaultName, readonly [Fault, Asked]>> = {
  'lose-answer': [{ do: 'lose-answer' }, read],
  'drop-request': [{ do: 'drop-request' }, read],
  hang: [{ do: 'hang' }, read],
  slow: [{ do: 'slow', ms: 60_000 }, read],
  drip: [{ do: 'drip', bytes: 1, ms: 60 }, read],
  truncate: [{ do: 'truncate' }, read],
  oversized: [{ do: 'oversized', bytes: 5000 }, read],
  'content-type': [{ do: 'content-type', type: 'text/plain' }, read],
  html: [{ do: 'html' }, read],
  gateway: [{ do: 'gateway', status: 502 }, read],
  status: [{ do: 'status', status: 501, issue: 'not-supported' }, read],
  'epic-code': [{ do: 'epic-code', code: '4135' }, read],
  throttle: [{ do: 'throttle', header: 'none', seconds: 1 }, read],
  'token-expired': [{ do: 'token-expired' }, read],
  'no-discovery': [
    { do: 'no-discovery', status: 501 },
    ['GET', '/.well-known/smart-configuration'],
  ],
  'outcome-200': [{ do: 'outcome-200' }, read],
  gone: [{ do: 'gone' }, read],
  merged: [{ do: 'merged', to: 'Patient/p2' }, read],
  'foreign-next': [{ do: 'foreign-next', origin: 'http://evil.example' }, search],
  'loop-next': [{ do: 'loop-next' }, search],
  'next-link': [{ do: 'next-link', as: 'other-path' }, search],
  'search-expired': [{ do: 'search-expired', answer: '410' }, 'page'],
  'stale-search': [{ do: 'stale-search', times: 2 }, 'after-write'],
  'page-repeats': [{ do: 'page-repeats' }, 'page'],
  'page-gap': [{ do: 'page-gap' }, 'page'],
  total: [{ do: 'total', is: 'missing' }, search],
  'outcome-entry': [{ do: 'outcome-entry', severity: 'warning' }, search],
  includes: [{ do: 'includes', as: 'as-matches' }, search],
  cap: [{ do: 'cap', rows: 1 }, search],
  'small-pages': [{ do: 'small-pages', rows: 1 }, ['GET', '/ServiceRequest?_count=2']],
  'late-commit': [{ do: 'late-commit', ms: 1000, times: 2 }, 'after-write'],
  'index-lag': [{ do: 'index-lag', requests: 2, times: 2 }, 'after-write'],
  'outside-window': [{ do: 'outside-window' }, window],
  'refuse-window': [{ do: 'refuse-window', of: 'open' }, window],
  'day-precision': [{ do: 'day-precision' }, window],
  'ignore-parameters': [{ do: 'ignore-parameters' }, window],
  'local-dates': [{ do: 'local-dates', offset: '+14:00' }, dated],
  'system-required': [{ do: 'system-required' }, code],
  'form-ignored': [{ do: 'form-ignored' }, 'form'],
  'if-match': [{ do: 'if-match', wants: 'bare' }, current],
  'stale-409': [{ do: 'stale-409' }, stale],
  'version-names': [{ do: 'version-names', as: 'odd' }, read],
  'empty-answer': [{ do: 'empty-answer' }, mine],
  'drop-elements': [{ do: 'drop-elements', names: ['code'], refuses: true }, place],
  'long-ids': [{ do: 'long-ids' }, read],
  'clock-drift': [{ do: 'clock-drift', ms: 2000 }, mine],
  'no-meta': [{ do: 'no-meta' }, read],
  masked: [{ do: 'masked', as: 'unknown' }, search],
  references: [{ do: 'references', as: 'foreign' }, search],
  statement: [{ do: 'statement', is: 'without-rest' }, metadata],
  'statement-version': [{ do: 'statement-version', fhirVersion: '3.0.2' }, metadata],
  'statement-size': [{ do: 'statement-size', bytes: 10_000 }, metadata],
};

async function ward(): Promise<Hospital> {
  const at = await hospital(stoppedClock());
  at.put(patient({ id: 'p1' }));
  for (const n of [1, 2, 3, 4]) at.put({ ...order(), id: `o${n}` });
  return at;
}

/** A client waits for these as long as it likes. */
const endless: ReadonlySet<FaultName> = new Set(['hang', 'slow', 'drip']);

/** The answer to a request, with or without a fault, on a hospital of its own. */
async function answerWith(fault: Fault | undefined, request: Asked) {
  const at = await ward();
  if (fault !== undefined) at.faults.add(fault);
  if (request === 'page') {
    const first = await at.ask<fhir4.Bundle>('GET', '/ServiceRequest?_count=1');
    const next = first.body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    return seen(at, ['GET', next]);
  }
  if (request === 'after-write') {
    await seen(at, ['GET', '/ServiceRequest']);
    at.put({ ...order(), id: 'o5' });
    return seen(at, ['GET', '/ServiceRequest']);
  }
  if (request === 'form') {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await at.ask('POST', '/ServiceRequest/_search', 'status=completed', type)).text;
  }
  return seen(at, request, fault !== undefined && endless.has(fault.do) ? 150 : 10_000);
}

describe('sandbox: every fault of the table', () => {
  afterEach(closeHospitals);

  for (const name of Object.keys(faultTable) as FaultName[]) {
    const { quirk, says } = faultTable[name];
    it(`${name} (${quirk}): ${says}`, async () => {
      const [fault, request] = examples[name];
      const usual = await answerWith(undefined, request);
      const odd = await answerWith(fault, request);
      expect(usual).to.match(/^\[\d|Bundle/);
      expect(odd).to.not.equal(usual);
    });
  }

  it('is taken over HTTP as well, where the table can be read', async () => {
    const at = await hospital();
    const { body } = await at.ask<never>('GET', `${at.origin}/sandbox/fault-table`);
    expect(body).to.deep.equal(faultTable);
    for (const [fault] of Object.values(examples)) {
      const door = `${at.origin}/sandbox/faults`;
      expect((await at.ask('POST', door, fault)).status, fault.do).to.equal(201);
    }
    expect(at.faults.list()).to.have.length(Object.keys(faultTable).length);
  });

  it('is refused when a word is not of the list', async () => {
    const at = await hospital();
    const bad = [
      { do: 'if-match', wants: 'anything' },
      { do: 'if-match', wants: '?' },
      { do: 'outcome-entry', severity: 'warning', mode: '?' },
      { do: 'total' },
      { do: 'hang', on: { page: 'second' } },
      { do: 'hang', always: 'yes' },
    ];
    for (const fault of bad) {
      const reply = await at.ask('POST', `${at.origin}/sandbox/faults`, fault);
      expect(reply.status, JSON.stringify(fault)).to.equal(400);
    }
  });
});

describe('sandbox: faults that are how a server is', () => {
  afterEach(closeHospitals);

  it('strike every request, together, and beside what happens once', async () => {
    const at = await ward();
    at.faults.add({ do: 'no-meta', always: true });
    at.faults.add({ do: 'total', is: 'missing', always: true });
    at.faults.add({ do: 'status', status: 503 });
    expect((await at.ask('GET', '/Patient')).status).to.equal(503);
    for (let n = 0; n < 3; n += 1) {
      const { body } = await at.ask<fhir4.Bundle>('GET', '/Patient');
      expect(body).to.not.have.any.keys('total', 'meta');
    }
    expect(at.requests.map(({ fault }) => fault)).to.deep.equal([
      'no-meta+total+status',
      'no-meta+total',
      'no-meta+total',
      'no-meta+total',
    ]);
  });

  it('can be aimed at first or later pages', async () => {
    const at = await ward();
    at.faults.add({ do: 'token-expired', on: { page: 'later' } });
    const first = await at.ask<fhir4.Bundle>('GET', '/ServiceRequest?_count=1');
    const next = first.body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const statuses = [(await at.ask('GET', next)).status, (await at.ask('GET', next)).status];
    expect([first.status, ...statuses]).to.deep.equal([200, 401, 200]);
  });

  it('do not strike the staff of a vendor’s hospital', async () => {
    const at = await hospital({ vendor: 'epic' });
    at.put(patient({ id: 'p1' }));
    at.faults.add({ do: 'status', status: 503, always: true });
    expect((await at.ask('GET', `${at.staff}/Patient/p1`)).status).to.equal(200);
    expect((await at.ask('GET', '/Patient/p1')).status).to.equal(503);
  });
});
