/**
 * What a way of finding things yields: pages of resources that passed our own filter, with how many did not and why.
 * Also the two precautions that all of them share: a window that the server cuts short is read again in halves, and an
 * answer that has nothing to do with the question ends the search.
 */
import type { Instant } from '../../core/concept.ts';
import { AdapterError } from '../../core/errors.ts';
import type { Issue } from '../outcome.ts';
import { isTooDeep, type Page, selfParams } from '../paging.ts';
import { halves, isInWindow, type Window } from '../windows.ts';

export type DiscoveryRung = 'A1' | 'A3' | 'A5' | 'A6' | 'follow';

export interface Found<R> {
  /** The way that found it; `follow` for things that belong to orders we know. */
  readonly rung: DiscoveryRung;
  readonly resources: readonly R[];
  /** What the server sent beyond the question: outside the window, or not concerning us. */
  readonly left: { readonly outside: number; readonly notOurs: number };
  readonly outcomes: readonly Issue[];
  /** What was odd about the answer and did no harm, a sentence each. */
  readonly notes: readonly string[];
  readonly partial: boolean;
  readonly serverTime?: Instant;
  readonly requestId: string;
}

/** So many parts of a window may stay unread before the others are given up: then this is how the server is. */
const mostUnread = 5;
/** A server whose pages never end is not read in ever smaller windows. */
const mostDeep = 64;

/**
 * Reads a window; where a page is capped, too large to be answered (413), or too deep to be reached, both halves are read
 * again, the older first. A second that cannot be read whole keeps nothing else from being read: from there on the newest
 * comes first, which nobody has seen yet, and the error is thrown in the end.
 */
export async function* narrowed<R extends fhir4.FhirResource>(
  window: Window,
  pages: (window: Window) => AsyncGenerator<Page<R>>,
  found: (page: Page<R>, window: Window) => Found<R>,
): AsyncGenerator<Found<R>, void, undefined> {
  /** In the order of time, the newest first. */
  const todo = [window];
  const unread: AdapterError[] = [];
  let deep = 0;
  for (;;) {
    const part = unread.length === 0 ? todo.pop() : todo.shift();
    if (part === undefined || unread.length >= mostUnread) break;
    let cut: unknown;
    try {
      for await (const page of pages(part)) {
        if (page.capped) cut ??= page;
        yield found(page, part);
      }
    } catch (thrown) {
      if (isTooDeep(thrown)) deep += 1;
      if (!asksForLess(thrown) || deep > mostDeep) throw thrown;
      cut = thrown;
    }
    if (cut === undefined) continue;
    const [older, newer] = halves(part) ?? [];
    if (older === undefined || newer === undefined)
      unread.push(notSplittable(`the second from ${part.from}`));
    else if (unread.length === 0) todo.push(newer, older);
    else todo.unshift(newer, older);
  }
  const [first] = unread;
  if (first !== undefined) throw first;
}

/** Whether this error says that a smaller question may be answered. */
export function asksForLess(thrown: unknown): thrown is AdapterError {
  return isTooDeep(thrown) || (thrown instanceof AdapterError && thrown.details.status === 413);
}

export function notSplittable(what: string): AdapterError {
  return new AdapterError(
    'paging-broken',
    `The hospital does not show everything for ${what}, and gives no next page.`,
    {
      fix: 'Ask the hospital for a server that pages its searches, or use a larger pageSize.',
    },
  );
}

/**
 * Throws `search-not-honoured` when the self link shows that the server dropped one of these parameters (Q10). Only on
 * the first page: later ones may call themselves by an opaque address (HAPI's `?_getpages=…`).
 */
export function expectHonoured(page: Page<fhir4.FhirResource>, names: readonly string[]): void {
  if (page.number > 1) return;
  const params = selfParams(page.self);
  const dropped = params && names.find((name) => !params.has(name));
  if (dropped !== undefined) {
    throw new AdapterError(
      'search-not-honoured',
      `The hospital ignored the search parameter ${dropped}.`,
      {
        about: dropped,
        spec: 'http://hl7.org/fhir/R4/search.html#errors',
      },
    );
  }
}

/** A page as it is found: what is kept of it, and how much of the rest was left and why. */
export function foundOf<R extends fhir4.FhirResource>(
  rung: DiscoveryRung,
  page: Page<R>,
  isInside: (resource: R) => boolean,
  isOurs: (resource: R) => boolean = () => true,
): Found<R> {
  const inside = page.resources.filter(isInside);
  const resources = inside.filter(isOurs);
  const { outcomes, notes, partial, serverTime, requestId } = page;
  return {
    rung,
    resources,
    left: {
      outside: page.resources.length - inside.length,
      notOurs: inside.length - resources.length,
    },
    outcomes,
    notes,
    partial,
    ...(serverTime !== undefined && { serverTime }),
    requestId,
  };
}

/** In the window by its own meta; a resource without meta is kept, for some servers send none (Q7, Epic). */
export function mayBeIn(window: Window, resource: fhir4.FhirResource): boolean {
  return isInWindow(window, resource.meta?.lastUpdated) ?? true;
}

/** Makes a guard that throws once more than two pages lay wholly outside the window: the server gives us everything. */
export function floodGuard(): (page: Page<fhir4.FhirResource>, window: Window) => void {
  let outside = 0;
  return ({ resources }, window) => {
    if (resources.length === 0 || resources.some((resource) => mayBeIn(window, resource))) return;
    outside += 1;
    if (outside > 2) {
      throw new AdapterError(
        'search-not-honoured',
        'The hospital sends pages from outside the time that was asked for.',
        {
          about: '_lastUpdated',
        },
      );
    }
  };
}
