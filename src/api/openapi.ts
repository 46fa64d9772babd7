/** The route table as an OpenAPI 3.1 document. Its schemas are those that the router checks with, so it cannot lie. */
import type { TSchema } from 'typebox';
import { statusOf } from './problems.ts';
import type { Answer, Route } from './route.ts';
import { OperationOutcome, Problem } from './shapes.ts';

type Json = { readonly [name: string]: unknown };

export function openApiDocument(routes: readonly Route[], version: string): Json {
  const schemas: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  const named = (schema: TSchema) => byName(schema, schemas);
  for (const row of routes) {
    const path = row.path.replace(':id', '{id}');
    paths[path] = { ...paths[path], [row.method]: operation(row, named) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'massage-fhir',
      version,
      description:
        'Referrals to the massage service and what became of them, between a hospital’s FHIR server and the service.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'massage-fhir access new' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'mf_session', description: 'Sign-in page.' },
      },
    },
  };
}

function operation(row: Route, named: (schema: TSchema) => unknown): Json {
  const jsonType = row.fhir ? 'application/fhir+json' : 'application/json';
  const answer = ({ says, schema, type = jsonType }: Answer) => ({
    description: says,
    content: { [type]: { schema: schema === undefined ? { type: 'string' } : named(schema) } },
  });
  const problem = row.fhir
    ? { 'application/fhir+json': { schema: named(OperationOutcome) } }
    : { 'application/problem+json': { schema: named(Problem) } };
  return {
    operationId: operationId(row),
    summary: row.says,
    ...(row.may === 'public' ? { security: [] } : { 'x-permission': row.may }),
    parameters: parameters(row),
    ...(row.body && {
      requestBody: {
        required: needsSomething(row.body),
        content: { [jsonType]: { schema: named(row.body) } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(row.answers).map(([status, one]) => [status, answer(one)]),
      ),
      ...Object.fromEntries(
        problemStatuses(row).map(([status, codes]) => [
          status,
          { description: codes.join(', '), content: problem },
        ]),
      ),
    },
  };
}

/** Statuses of problem answers with the codes that each can have, those that every route has included. */
export function problemStatuses(row: Route): [number, string[]][] {
  const codes = [
    ...(row.query || row.body ? (['bad-request'] as const) : []),
    ...(row.may === 'public' ? [] : (['key-missing', 'key-refused', 'not-permitted'] as const)),
    ...(row.body ? (['body-too-large', 'wrong-media-type'] as const) : []),
    ...row.problems,
    'too-many-requests' as const,
    'internal' as const,
  ];
  const grouped = Map.groupBy(new Set(codes), (code) => statusOf[code]);
  return [...grouped].sort(([a], [b]) => a - b);
}

function operationId({ method, path }: Route): string {
  const words = path.split(/[/.:-]/).filter((word) => word !== '' && word !== 'api');
  return [method, ...words.map((word) => word[0]?.toUpperCase() + word.slice(1))].join('');
}

function parameters(row: Route): Json[] {
  const text = { type: 'string' };
  const properties: Record<string, TSchema & { description?: string }> =
    (row.query as { properties?: Record<string, TSchema> } | undefined)?.properties ?? {};
  return [
    ...(row.path.includes(':id')
      ? [{ name: 'id', in: 'path', required: true, schema: text, description: 'Our id.' }]
      : []),
    ...Object.entries(properties).map(([name, { description, ...schema }]) => ({
      name,
      in: 'query',
      required: false,
      ...(description !== undefined && { description }),
      schema,
    })),
    ...(row.command
      ? [
          {
            name: 'If-Match',
            in: 'header',
            required: false,
            schema: text,
            description: 'ETag of the version that this is decided on; 412 if it is another now.',
          },
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            schema: { type: 'string', maxLength: 200 },
            description: 'Repeated with the same request it gets the same answer.',
          },
        ]
      : []),
  ];
}

function needsSomething(body: TSchema): boolean {
  const { required = [], oneOf = [] } = body as { required?: string[]; oneOf?: unknown[] };
  return required.length + oneOf.length > 0;
}

/** The schema with every titled one in it replaced by a reference to its component, which is added to `schemas`. */
function byName(schema: unknown, schemas: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((one) => byName(one, schemas));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { title } = schema as { title?: unknown };
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, byName(value, schemas)]),
  );
  if (typeof title !== 'string') return inner;
  schemas[title] = inner;
  return { $ref: `#/components/schemas/${title}` };
}
