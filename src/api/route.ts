/**
 * What a route is: one row that says everything, from which come the behaviour, the permission, the OpenAPI document and
 * the reference. A row without `may` does not compile.
 */
import type { Static, TSchema } from 'typebox';
import type { Permission, Principal } from '../access/roles.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { ApiDeps } from './deps.ts';

export interface Answer {
  readonly says: string;
  /** Of a JSON answer; absent for text. */
  readonly schema?: TSchema | undefined;
  readonly type?: string | undefined;
}

export interface Asked<Query = unknown, Body = unknown> {
  readonly method: string;
  /** As it was asked for, without the query. */
  readonly path: string;
  readonly id: string;
  readonly query: Query;
  readonly body: Body;
  /** Absent on public routes. */
  readonly principal: Principal | undefined;
  readonly header: (name: string) => string | undefined;
}

/** `json` is written out; `text` goes as it is. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly type?: string | undefined;
  readonly json?: unknown;
  readonly text?: string | undefined;
}

export interface Row<Query, Body> {
  readonly method: 'get' | 'post';
  /** Express pattern; the only parameter is `:id`. */
  readonly path: string;
  readonly may: Permission | 'public';
  readonly query?: TSchema | undefined;
  readonly body?: TSchema | undefined;
  /** A command of the desk: takes If-Match and Idempotency-Key. */
  readonly command?: true | undefined;
  /** Speaks FHIR: application/fhir+json, OperationOutcome for errors. */
  readonly fhir?: true | undefined;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes of problem answers, beside those that every route has. */
  readonly problems: readonly ErrorCode[];
  readonly says: string;
  // a method, so that rows of all types fit into one list
  does(deps: ApiDeps, asked: Asked<Query, Body>): Promise<Reply>;
}

export type Route = Row<unknown, unknown>;

/** Ties the types of query and body in `does` to their schemas. */
export function route<Q extends TSchema = TSchema, B extends TSchema = TSchema>(
  row: Omit<Row<Static<Q>, Static<B>>, 'query' | 'body'> & {
    readonly query?: Q;
    readonly body?: B;
  },
): Route {
  return row;
}

export function ok(json: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return { status: 200, json, headers };
}

/** What can go wrong with any command of the desk. */
export const commandProblems: readonly ErrorCode[] = [
  'not-ours',
  'not-possible-now',
  'stale-version',
  'idempotency-reused',
];
