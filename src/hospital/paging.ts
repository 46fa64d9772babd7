/**
 * A search, page by page, as far as servers let one trust it: next links are followed as given but only within the base,
 * a search that runs in a circle or without end is stopped, one that the server forgot begins anew (Q2), what comes twice
 * is dropped (Q4), `total` never drives the loop (Q11), and the outcome entries in which servers admit that they left
 * something out (Q12) are collected and make the page `partial`.
 */
import { setImmediate } from 'node:timers/promises';
import type { Instant } from '../core/concept.ts';
import { AdapterError, asAdapterError } from '../core/errors.ts';
import type { Answer } from './answer.ts';
import type { AnyBundle, HospitalClient, SearchOptions, SearchParams } from './client.ts';
import { type MeaningOf, meaningIn, meaningsOf } from './issue-meanings.ts';
import type { NextLink } from './next-link.ts';
import { type Issue, isOutcome, isSerious, issuesOf } from './outcome.ts';
import { recentlyShown } from './recently-shown.ts';
import { loggedPath } from './service-base.ts';
import type { IssueMeaning } from './vendors/vendor.ts';

export interface PagingOptions extends SearchOptions {
  /** `_count`: what we ask for at most; the server may give less. */
  readonly pageSize?: number;
  readonly maxPages?: number;
  /** Who asks can ask for a smaller window: then a search that ends far from its beginning is not begun anew. */
  readonly narrows?: true;
}

export interface Page<R> {
  /** From 1 on. */
  readonly number: number;
  /** The matches of the searched type, without those that a page shortly before had in the same version. */
  readonly resources: readonly R[];
  readonly included: readonly fhir4.FhirResource[];
  readonly outcomes: readonly Issue[];
  /** The server says that this answer may lack something: nothing may be concluded from an absence. */
  readonly partial: boolean;
  /** The server stopped at a limit without a next link: there is more that this search does not show (Q31). */
  readonly capped: boolean;
  /** The search as the server understood it. */
  readonly self?: string;
  readonly next?: string;
  readonly total?: number;
  readonly serverTime?: Instant;
  readonly requestId: string;
  /** What the report of a run should say once, e.g. that next links were rebased. */
  readonly notes: readonly string[];
}

export const defaultPageSize = 100;
export const defaultMaxPages = 1000;

/** A search that expires again and again cannot be read; each time it begins anew with half the page. */
const mostRestarts = 2;

/** A search that is forgotten after so many pages is deep: some servers know no page beyond a limit (Q4, Medplum 10,000). */
const deepPages = 10;

/** What the first pages show of a search ends many a one, as a parameter that was ignored: until then nothing is asked ahead. */
const judgedPages = 3;

/** The cause of an error that a smaller window may not meet. */
class TooDeep extends Error {}

export function isTooDeep(thrown: unknown): thrown is AdapterError {
  return thrown instanceof AdapterError && thrown.cause instanceof TooDeep;
}

function tooDeep({ code, message, details, fix }: AdapterError): AdapterError {
  return new AdapterError(code, message, { ...details, fix, cause: new TooDeep(message) });
}

/**
 * The pages of `type?params`. After a search expired between two pages its first pages come again: who reads them must
 * not mind. Throws `foreign-origin` for a next link out of the base (nothing is sent there) and `paging-broken` for a
 * circle, for more than `maxPages`, and for a search that keeps expiring. A 413 goes to the caller, who can ask for less;
 * so does what `isTooDeep`.
 */
export async function* pagesOf<R extends fhir4.FhirResource>(
  client: HospitalClient,
  type: R['resourceType'],
  params: SearchParams,
  options: PagingOptions = {},
): AsyncGenerator<Page<R>, void, undefined> {
  const { pageSize = defaultPageSize, maxPages = defaultMaxPages } = options;
  const walk: Walk = { number: 0, maxPages, noted: new Set() };
  for (let restarts = 0, size = pageSize; ; restarts += 1, size = Math.ceil(size / 2)) {
    const before = walk.number;
    const gone = yield* searched<R>(client, type, params, { ...options, pageSize: size }, walk);
    if (gone === undefined) return;
    if (options.narrows && walk.number - before >= deepPages) throw tooDeep(gone);
    if (restarts >= mostRestarts) throw gone;
  }
}

/** What lasts through the restarts of one search. */
interface Walk {
  readonly maxPages: number;
  readonly noted: Set<string>;
  /** Of the last page. */
  number: number;
}

/** One search from its first page on; where the server forgets it on the way, returns what to throw in the end. */
async function* searched<R extends fhir4.FhirResource>(
  client: HospitalClient,
  type: R['resourceType'],
  params: SearchParams,
  { pageSize, handling, forWrite, narrows }: PagingOptions & { readonly pageSize: number },
  walk: Walk,
): AsyncGenerator<Page<R>, AdapterError | undefined, undefined> {
  const countParam = client.countParam();
  const visited = new Set<string>();
  const prints = new Set<string>();
  const shown = recentlyShown();
  let matches = 0;
  let here: string | undefined;
  let answer = await client.search(type, [...params, [countParam, pageSize]], {
    ...(handling && { handling }),
    forWrite,
  });
  for (;;) {
    const { resources, isForgotten, isCapped, ...page } = pageOf<R>(client, answer, type);
    if (here !== undefined && isForgotten) return forgotten(client, type, here);
    walk.number += 1;
    const { number } = walk;
    const print = fingerprint(resources);
    if (print !== undefined && prints.has(print))
      throw brokenPaging(type, `page ${number} repeats an earlier one`);
    if (print !== undefined) prints.add(print);
    const fresh = resources.filter((resource) => shown.isNew(resource));
    matches += fresh.length;
    const granted = Number(selfParams(page.self)?.get(countParam) ?? pageSize) || pageSize;
    const isFull = resources.length >= Math.min(pageSize, granted);
    const link = page.next === undefined ? undefined : whereTo(client, page.next);
    const isLast = link === undefined;
    const mayGoOn =
      !isLast &&
      !(link instanceof AdapterError) &&
      !visited.has(link.href) &&
      number < walk.maxPages;
    // Of a window that is read to its end, the next page is under way while this one is taken in.
    const ahead =
      narrows && mayGoOn && number > judgedPages ? settled(client.nextPage(link.href)) : undefined;
    if (ahead !== undefined) await leaving();
    try {
      yield {
        ...page,
        resources: fresh,
        number,
        capped: isCapped || (isLast && isCut(page.total, matches, isFull)),
        notes: notesOf(link, walk.noted),
      };
    } finally {
      // Also where the reader stops here: no exchange outlives its search.
      await ahead;
    }

    if (isLast) return undefined;
    if (link instanceof AdapterError) throw link;
    if (visited.has(link.href))
      throw brokenPaging(type, `page ${number} leads back to an earlier one`);
    visited.add(link.href);
    if (number >= walk.maxPages)
      throw tooDeep(brokenPaging(type, `it goes on after ${walk.maxPages} pages`));
    here = link.href;
    try {
      answer = ahead === undefined ? await client.nextPage(here) : (await ahead)();
    } catch (thrown) {
      if (saysForgotten(thrown)) return forgotten(client, type, here, thrown);
      throw thrown;
    }
  }
}

/**
 * Gives a request that has begun the turns of the event loop in which it is written to its socket: taking in a page may
 * need none, and the request would wait in front of an idle hospital until that is done.
 */
async function leaving(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** How something came out, to be looked at later: an error that nobody waits for yet is not lost, and ends nothing. */
function settled<T>(work: Promise<T>): Promise<() => T> {
  return work.then(
    (value) => () => value,
    (thrown: unknown) => () => {
      throw thrown;
    },
  );
}

/** Where a link leads, or why it is not followed: the page that carries it is whole all the same. */
function whereTo(client: HospitalClient, link: string): NextLink | AdapterError {
  try {
    return client.pageAddress(link);
  } catch (thrown) {
    return asAdapterError(thrown);
  }
}

/** Once for a search: a server that writes one such link writes them all so. */
function notesOf(link: NextLink | AdapterError | undefined, noted: Set<string>): readonly string[] {
  if (link === undefined || link instanceof AdapterError || !link.rebasedFrom) return [];
  const note = `next links name another address and were rebased from ${link.rebasedFrom}`;
  if (noted.has(note)) return [];
  noted.add(note);
  return [note];
}

/**
 * Not a deleted resource but a search that the server forgot while we were reading it; R4 has no code for it, and some say
 * 400 for an address that they gave themselves (Q2).
 */
function saysForgotten(thrown: unknown): thrown is AdapterError {
  if (!(thrown instanceof AdapterError)) return false;
  const { code, details } = thrown;
  return (
    meaningIn(thrown) === 'search-expired' ||
    code === 'gone' ||
    code === 'not-found' ||
    (code === 'hospital-refused' && details.status === 400)
  );
}

function forgotten(
  client: HospitalClient,
  type: string,
  href: string,
  cause?: AdapterError,
): AdapterError {
  return brokenPaging(type, `the next page ${loggedPath(client.base, href)} is gone`, cause);
}

interface ReadPage<R> extends Omit<Page<R>, 'capped' | 'number' | 'notes'> {
  readonly isForgotten: boolean;
  /** In words: more than this is not shown. */
  readonly isCapped: boolean;
}

function pageOf<R extends fhir4.FhirResource>(
  { meaningOf }: HospitalClient,
  { resource: bundle, serverTime, requestId }: Answer<AnyBundle>,
  type: R['resourceType'],
): ReadPage<R> {
  const resources: R[] = [];
  const included: fhir4.FhirResource[] = [];
  const outcomes: Issue[] = [];
  for (const { resource, search } of bundle.entry ?? []) {
    if (!resource) continue;
    if (search?.mode === 'outcome' || isOutcome(resource)) outcomes.push(...issuesOf(resource));
    // The type decides where servers leave `mode` out or mark included resources as matches (Q5).
    else if (search?.mode !== 'include' && isOf<R>(resource, type)) resources.push(resource);
    else included.push(resource);
  }
  const self = linkOf(bundle, 'self');
  const next = linkOf(bundle, 'next');
  const meanings = meaningsOf(outcomes, meaningOf);
  return {
    resources,
    included,
    outcomes,
    partial: outcomes.some((issue) => leavesOut(issue, meaningOf)),
    isCapped: meanings.includes('capped'),
    isForgotten: meanings.includes('search-expired'),
    ...(self !== undefined && { self }),
    ...(next !== undefined && { next }),
    ...(bundle.total !== undefined && { total: bundle.total }),
    ...(serverTime !== undefined && { serverTime }),
    requestId,
  };
}

/** That nothing was found is no lack, though some say it in a warning; a cap is answered by asking for less at once. */
const noLack: readonly IssueMeaning[] = ['nothing-found', 'capped'];
const lack: readonly IssueMeaning[] = ['suppressed', 'parameter-ignored', 'policy'];

/** Whether the server says here that it left something out, by what its own codes mean or else by the severity. */
function leavesOut(issue: Issue, meaningOf: MeaningOf): boolean {
  const meanings = meaningsOf([issue], meaningOf);
  if (meanings.some((meaning) => lack.includes(meaning))) return true;
  return isSerious(issue) && !meanings.some((meaning) => noLack.includes(meaning));
}

/**
 * Without a next link the search should be complete. A larger total says that it is not; a full last page makes it
 * doubtful, unless the total is exactly what was shown (a smaller one is simply wrong, Q11).
 */
function isCut(total: number | undefined, matches: number, isFull: boolean): boolean {
  return total !== undefined && total >= matches ? total > matches : isFull;
}

/** The parameters of a self link, decoded; undefined when there is no self link. */
export function selfParams(self: string | undefined): URLSearchParams | undefined {
  if (self === undefined) return undefined;
  const query = self.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : self.slice(query + 1));
}

/** Recognises a page that comes again under another address; empty pages are legal and not compared. */
function fingerprint(resources: readonly fhir4.FhirResource[]): string | undefined {
  if (resources[0]?.id === undefined) return undefined;
  const name = (resource: fhir4.FhirResource | undefined) =>
    `${resource?.id}/${resource?.meta?.versionId}`;
  return `${resources.length} ${name(resources[0])} ${name(resources.at(-1))}`;
}

function linkOf(bundle: AnyBundle, relation: string): string | undefined {
  return bundle.link?.find((link) => link.relation === relation)?.url;
}

function isOf<R extends fhir4.FhirResource>(
  resource: fhir4.FhirResource,
  type: string,
): resource is R {
  return resource.resourceType === type;
}

function brokenPaging(type: string, what: string, cause?: unknown): AdapterError {
  return new AdapterError(
    'paging-broken',
    `The search for ${type} cannot be read to its end: ${what}.`,
    {
      about: type,
      cause,
    },
  );
}
