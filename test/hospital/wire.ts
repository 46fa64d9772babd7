/** A client whose clock, ids, pauses and exchanges the specs can see, and servers on loopback that behave as told. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import nock from 'nock';
import { AdapterError } from '../../src/core/errors.ts';
import type { HospitalConnection } from '../../src/hospital/connection.ts';
import type { Exchange } from '../../src/hospital/exchange.ts';
import { connectHospital, type Hospital, type HospitalDeps } from '../../src/hospital/hospital.ts';

export interface Wire extends Hospital {
  readonly exchanges: Exchange[];
  readonly pauses: number[];
  /** Lets time pass. */
  pass(ms: number): void;
}

const open: { close(): Promise<void> }[] = [];

/** Connects to `base`; pauses take no time, move the clock and are noted; ids count up, else the clock stands still. */
export function wireTo(
  base: string,
  connection: Partial<HospitalConnection> = {},
  deps: Partial<HospitalDeps> = {},
): Wire {
  const exchanges: Exchange[] = [];
  const pauses: number[] = [];
  let requests = 0;
  let now = Date.parse('2026-03-02T09:30:00.000Z');
  const hospital = connectHospital(
    { id: 'general', base, signIn: { type: 'none' }, ...connection },
    {
      ids: () => `request-${++requests}`,
      clock: () => new Date(now).toISOString(),
      env: {},
      onExchange: (exchange) => exchanges.push(exchange),
      sleep: async (ms) => {
        pauses.push(ms);
        now += ms;
      },
      random: () => 0.5,
      ...deps,
    },
  );
  open.push(hospital);
  return {
    ...hospital,
    exchanges,
    pauses,
    pass(ms) {
      now += ms;
    },
  };
}

export interface Listening {
  readonly origin: string;
  readonly requests: IncomingMessage[];
  readonly sockets: () => number;
}

/** A server on a free loopback port; it notes what reached it. */
export async function listening(answer: RequestListener): Promise<Listening> {
  const requests: IncomingMessage[] = [];
  let sockets = 0;
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.on('connection', () => {
    sockets += 1;
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  open.push({
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, requests, sockets: () => sockets };
}

/** Closes everything that the specs opened, the servers first, so that no exchange waits for one that hangs. */
export async function closeAll(): Promise<void> {
  for (const one of open.splice(0).reverse()) await one.close();
}

/** For specs about sockets: nock, loaded by other specs, stands between us and them otherwise. */
export function withRealSockets(): void {
  before(() => nock.restore());
  after(() => nock.activate());
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers });
  response.end(JSON.stringify(body));
}

/** Waits for the failure of something that must fail, as our error. */
export async function failureOf(work: Promise<unknown>): Promise<AdapterError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof AdapterError) return thrown;
    throw thrown;
  }
  throw new Error('It succeeded, but should have failed.');
}

export function searchset(
  resources: readonly fhir4.FhirResource[],
  more: Partial<fhir4.Bundle<fhir4.FhirResource>> = {},
): fhir4.Bundle<fhir4.FhirResource> {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
    ...more,
  };
}

export function order(id: string, lastUpdated?: string): fhir4.ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    id,
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p1' },
    ...(lastUpdated && { meta: { versionId: '1', lastUpdated } }),
  };
}

/** Everything that an iterator yields. */
export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}
