/**
 * A hospital that only serves prepared pages of orders, in a process of its own: what is measured beside it is the reader.
 * Says its address on standard output; ends with its standard input.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orderOf } from './bench-orders.ts';

const [count = 0, every = 0, pageSize = 50] = process.argv.slice(2).map(Number);
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://hospital.invalid');
  const body = answerTo(url);
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': 'application/fhir+json',
    'content-length': body?.length ?? 0,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
  pages = preparedPages(base);
  console.log(base);
});
process.stdin.resume().once('end', () => process.exit(0));

let pages: readonly Buffer[] = [];

function preparedPages(base: string): Buffer[] {
  const last = Math.ceil(count / pageSize);
  return Array.from({ length: last }, (_, at) => {
    const first = at * pageSize;
    const numbers = Array.from({ length: Math.min(pageSize, count - first) }, (__, i) => first + i);
    return bundle(base, at + 1, at + 1 < last, numbers);
  });
}

function bundle(base: string, page: number, hasNext: boolean, numbers: readonly number[]): Buffer {
  const at = (name: string): string => `${base}/ServiceRequest?_lastUpdated=lt2026&page=${name}`;
  return Buffer.from(
    JSON.stringify({
      resourceType: 'Bundle',
      type: 'searchset',
      total: count,
      link: [
        { relation: 'self', url: at(String(page)) },
        ...(hasNext ? [{ relation: 'next', url: at(String(page + 1)) }] : []),
      ],
      entry: numbers.map((number) => {
        const resource = orderOf(number, { every });
        return {
          fullUrl: `${base}/ServiceRequest/${resource.id}`,
          resource,
          search: { mode: 'match' },
        };
      }),
    }),
  );
}

function answerTo({ pathname, searchParams, href }: URL): Buffer | undefined {
  const [, , type, id] = pathname.split('/');
  if (type === 'metadata') return Buffer.from(JSON.stringify(statement));
  // Whatever an order refers to is here, and says nothing.
  if (id !== undefined) return Buffer.from(JSON.stringify({ resourceType: type, id }));
  // All orders are of 2025: a search asks for all of them or, with a later lower bound, for none.
  const isSince = searchParams
    .getAll('_lastUpdated')
    .some((bound) => bound.startsWith('ge') && bound > 'ge2026');
  if (type === 'ServiceRequest' && !isSince)
    return pages[Number(searchParams.get('page') ?? 1) - 1];
  const empty = { type: 'searchset', total: 0, link: [{ relation: 'self', url: href }] };
  return Buffer.from(JSON.stringify({ resourceType: 'Bundle', ...empty }));
}

const statement = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2025-01-01',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [
    {
      mode: 'server',
      resource: ['ServiceRequest', 'Task', 'Appointment', 'Patient'].map((type) => ({
        type,
        interaction: [{ code: 'read' }, { code: 'search-type' }],
        searchParam: ['_id', '_lastUpdated', 'owner', 'status', 'patient'].map((name) => ({
          name,
        })),
      })),
    },
  ],
};
