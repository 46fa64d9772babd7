/**
 * A search, page by page, as far as servers let one trust it: next links are followed as given but only within the base,
 * a search that runs in a circle or without end is stopped, `total` never drives the loop (Q11), and the outcome entries
 * in which servers admit that they left something out (Q12) are collected and make the page `partial`.
 */
import type { Instant } from '../core/concept.ts';
import { AdapterError } from '../core/errors.ts';
import type { Answer } from './answer.ts';
import type { AnyBundle, HospitalClient, SearchOptions, SearchParams } from './client.ts';
import { type Issue, isOutcome, isSerious, issuesOf } from './outcome.ts';
import { loggedPath, resolveInside } from './service-base.ts';

export interface PagingOptions extends SearchOptions {
  /** `_count`: what we ask for at most; the server may give less. */
  readonly pageSize?: number;
  readonly maxPages?: number;
}

export interface Page<R> {
  /** From 1 on. */
  readonly number: number;
  /** The matches of the searched type. */
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
}

export const defaultPageSize = 100;
export const defaultMaxPages = 1000;

/**
 * The pages of `type?params`. Throws `foreign-origin` for a next link out of the base (nothing is sent there) and
 * `paging-broken` for a circle, for more than `maxPages`, and for a search that expired between two pages (Q2).
 */
export async function* pagesOf<R extends fhir4.FhirResource>(
  client: HospitalClient,
  type: R['resourceType'],
  params: SearchParams,
  options: PagingOptions = {},
): AsyncGenerator<Page<R>, void, undefined> {
  const { pageSize = defaultPageSize, maxPages = defaultMaxPages, handling } = options;
  const visited = new Set<string>();
  const shown = new Set<string>();
  let answer = await client.search(
    type,
    [...params, ['_count', pageSize]],
    handling && { handling },
  );
  let matches = 0;
  for (let number = 1; ; number += 1) {
    const page = pageOf<R>(answer, type);
    matches += page.resources.length;
    const print = fingerprint(page.resources);
    if (print !== undefined && shown.has(print))
      throw brokenPaging(type, `page ${number} repeats an earlier one`);
    if (print !== undefined) shown.add(print);
    yield { ...page, number, capped: isCapped(page, pageSize, matches) };

    if (page.next === undefined) return;
    const next = resolveInside(client.base, page.next);
    if (visited.has(next)) throw brokenPaging(type, `page ${number} leads back to an earlier one`);
    visited.add(next);
    if (number >= maxPages) throw brokenPaging(type, `it goes on after ${maxPages} pages`);
    answer = await followed(client, next, type);
  }
}

async function followed(
  client: HospitalClient,
  next: string,
  type: string,
): Promise<Answer<AnyBundle>> {
  try {
    return await client.nextPage(next);
  } catch (thrown) {
    // Not a deleted resource but a search that the server forgot while we were reading it.
    if (thrown instanceof AdapterError && (thrown.code === 'gone' || thrown.code === 'not-found')) {
      throw brokenPaging(type, `the next page ${loggedPath(client.base, next)} is gone`, thrown);
    }
    throw thrown;
  }
}

function pageOf<R extends fhir4.FhirResource>(
  { resource: bundle, serverTime, requestId }: Answer<AnyBundle>,
  type: R['resourceType'],
): Omit<Page<R>, 'capped' | 'number'> {
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
  return {
    resources,
    included,
    outcomes,
    partial: outcomes.some(isSerious),
    ...(self !== undefined && { self }),
    ...(next !== undefined && { next }),
    ...(bundle.total !== undefined && { total: bundle.total }),
    ...(serverTime !== undefined && { serverTime }),
    requestId,
  };
}

/**
 * Without a next link the search should be complete. A larger total says that it is not; a full last page makes it
 * doubtful, unless the total is exactly what was shown (a smaller one is simply wrong, Q11).
 */
function isCapped(
  page: Omit<Page<fhir4.FhirResource>, 'capped' | 'number'>,
  asked: number,
  matches: number,
): boolean {
  if (page.next !== undefined) return false;
  if (page.total !== undefined && page.total >= matches) return page.total > matches;
  const granted = Number(selfParams(page.self)?.get('_count') ?? asked);
  return page.resources.length >= Math.min(asked, granted || asked);
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
