/** A fault as it is planned, its members typed by the table. */
import type { faultTable } from './table.ts';

type Table = typeof faultTable;
export type FaultName = keyof Table;

type Named = { number: number; string: string; boolean: boolean; object: object };

type ValueOf<T> = T extends readonly (infer Word)[]
  ? Exclude<Word, '?'>
  : T extends `${infer One} ${infer Other}`
    ? ValueOf<One> | ValueOf<Other>
    : T extends `${infer Name}?`
      ? ValueOf<Name>
      : T extends keyof Named
        ? Named[T]
        : never;

type Optional<T> = T extends readonly ['?', ...string[]]
  ? true
  : T extends `${string}?`
    ? true
    : false;

type Given<M> = {
  readonly [K in keyof M as Optional<M[K]> extends true ? never : K]: ValueOf<M[K]>;
} & {
  readonly [K in keyof M as Optional<M[K]> extends true ? K : never]?: ValueOf<M[K]>;
};

/** Which requests; what is not given fits all. `type` is the resource type in the address. */
export type FaultTarget = {
  readonly method?: string;
  readonly type?: string;
  /** A part of path and query, as sent. */
  readonly path?: string;
  /** Only what follows a next link, or only what does not. */
  readonly page?: 'first' | 'later';
};

type When = {
  readonly on?: FaultTarget;
  /** How many requests it strikes; 1 if not given. */
  readonly times?: number;
  /** How many fitting requests it lets pass first. */
  readonly after?: number;
  /** It strikes every fitting request, together with other such faults: how this server is, not what happens once. */
  readonly always?: boolean;
};

type KindOf<N extends FaultName> = { readonly do: N } & Given<Table[N]['members']>;
export type FaultOf<N extends FaultName> = KindOf<N> & When;

/** What goes wrong, whenever it does. */
export type FaultKind = { [N in FaultName]: KindOf<N> }[FaultName];

/** One of the table, with its members. */
export type Fault = { [N in FaultName]: FaultOf<N> }[FaultName];
