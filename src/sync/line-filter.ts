/**
 * Tells from the bytes of a line of NDJSON that no rule can select what it holds, nor make it wait for a person: then it
 * need not be parsed, which is most of the work with a large file. What it lets through is judged as everything is.
 *
 * An order is selected or waits by a code, a category or a performer that the settings or the site's codes name
 * (selection.ts), and each stands in its line. How it may be written there decides the pattern that looks for it. Patterns
 * are few and their texts alike, for an engine skips over bytes only where the texts of a pattern are long and similar.
 */
import { ourIdentifierSystem, token } from '../core/concept.ts';
import { isFor } from '../core/site-codes.ts';
import { parseReference } from '../fhir/reference.ts';
import type { Site } from './site.ts';

export type FilteredSite = Pick<Site, 'settings' | 'codes' | 'tables'>;

/** Finds, in a text of bytes as latin1, the next place from `from` on that may concern us; infinity for none. */
export type Search = (from: number) => number;

export interface LineFilter {
  /** `orders`: in a text of which only the orders matter, where what we wrote ourselves is not looked for. */
  search(text: string, kind: 'all' | 'orders'): Search;
  /** Whether something that was parsed and written anew may concern us. */
  finds(json: string): boolean;
}

/** Undefined where bytes cannot tell, by what the settings name or by the site's own expressions. */
export function lineFilter(site: FilteredSite): LineFilter | undefined {
  if (readsByExpressions(site)) return undefined;
  const sought = soughtOf(site);
  if (sought === undefined) return undefined;
  // No order has an identifier of ours: we write none (invariant I4).
  const own = lastSegment(ourIdentifierSystem);
  const ofOrders = patternsFor(sought);
  const ofAll = patternsFor({ ...sought, afterSlash: [...sought.afterSlash, own] });
  const search = (text: string, kind: 'all' | 'orders'): Search => {
    const patterns = kind === 'orders' ? ofOrders : ofAll;
    const next = patterns.map(() => -1);
    return (from) => {
      let nearest = Number.POSITIVE_INFINITY;
      for (const [index, pattern] of patterns.entries()) {
        let at = next[index] ?? -1;
        if (at < from) {
          pattern.lastIndex = from;
          at = pattern.exec(text)?.index ?? Number.POSITIVE_INFINITY;
          next[index] = at;
        }
        if (at < nearest) nearest = at;
      }
      return nearest;
    };
  };
  return {
    search,
    finds: (json) =>
      search(Buffer.from(json, 'utf8').toString('latin1'), 'all')(0) < Number.POSITIVE_INFINITY,
  };
}

/** The fields that decide whether something concerns us. */
const deciding: Readonly<Record<string, readonly string[]>> = {
  'order-outline': ['code', 'categories', 'performers'],
  'task-to-request': ['order'],
  'appointment-to-session': ['orders'],
};

function readsByExpressions({ tables }: FilteredSite): boolean {
  return Object.values(tables).some(({ name, rows }) =>
    rows.some(
      ({ field, overlay }) => overlay !== undefined && deciding[name]?.includes(field) === true,
    ),
  );
}

/** Texts by the way in which they stand in a line. */
interface Sought {
  /** Digits, which hospitals send as text and as a number. */
  readonly digits: string[];
  /** The whole of a text. */
  readonly whole: string[];
  /** What follows a slash: the id of a reference, the end of an address. */
  readonly afterSlash: string[];
  /** The end of a text, or a short one, which occurs by chance as well. */
  readonly ends: string[];
}

/** Shorter codes occur everywhere: then the end of the address of their code system is looked for. */
const leastCode = 5;
const leastAddress = 6;

/** Undefined where something may be written in more ways than are looked for. */
function soughtOf({ settings, codes }: FilteredSite): Sought | undefined {
  const { select, organization } = settings;
  const isSaid = (row: (typeof codes.rows)[number]): boolean =>
    isFor(row, settings.id) && row.ours !== undefined && select.codes.includes(token(row.ours));
  const sought: Sought = { digits: [], whole: [], afterSlash: [], ends: [] };
  const said = codes.rows.filter(isSaid).map(token);
  for (const written of [...select.codes, ...select.categories, ...said]) {
    const bar = written.indexOf('|');
    const [system, code] = [written.slice(0, Math.max(0, bar)), written.slice(bar + 1)];
    if (!isPlain(code) || code.includes('|')) return undefined;
    addCode(sought, system, code);
  }
  for (const performer of [...select.performers, select.organization, organization]) {
    if (performer === undefined) continue;
    const parsed = parseReference(performer);
    const isReference = parsed.kind === 'relative' || parsed.kind === 'absolute';
    const end = isReference ? parsed.id : performer.slice(performer.lastIndexOf('|') + 1);
    if (!isPlain(end)) return undefined;
    (isReference ? sought.afterSlash : sought.ends).push(end);
  }
  return sought;
}

function addCode({ digits, whole, afterSlash, ends }: Sought, system: string, code: string): void {
  const address = lastSegment(system);
  if (code.length >= leastCode) (/^[1-9]\d*$/.test(code) ? digits : whole).push(code);
  else if (address.length >= leastAddress && isPlain(address)) afterSlash.push(address);
  else ends.push(code);
}

function lastSegment(address: string): string {
  const slash = address.lastIndexOf('/');
  return slash < 0 ? '' : address.slice(slash + 1);
}

/** No text that JSON writes in several ways, beside `\\u`, or that stands for bytes that are no UTF-8. */
function isPlain(text: string): boolean {
  return text !== '' && !/\p{Cc}|\uFFFD|\p{Cs}/u.test(text);
}

function patternsFor({ digits, whole, afterSlash, ends }: Sought): RegExp[] {
  // A quotation mark stands everywhere, and costs where it has to be looked at: a code with a digit does without.
  const quoted = (code: string) => (/\d/.test(code) ? asBytes(code) : `"${asBytes(code)}"`);
  const codes = [...digits.map(asNumber), ...whole.map(quoted)];
  const short = [
    `["/|](?:${alternatives(ends.map(asBytes))})["/\\\\]`,
    // A short code, or the number of a performer, that is sent as a number.
    '"(?:code|value|reference)"\\s*:\\s*\\[?\\s*[-\\d]',
  ];
  return [
    ...(codes.length > 0 ? [alternatives(codes)] : []),
    ...(afterSlash.length > 0 ? [`/(?:${alternatives(afterSlash.map(asBytes))})["/\\\\]`] : []),
    ...(ends.length > 0 ? short : []),
    // An escape may stand for anything.
    '\\\\u',
  ].map((pattern) => new RegExp(pattern, 'g'));
}

function alternatives(patterns: readonly string[]): string {
  return [...new Set(patterns)].join('|');
}

/** From so many digits on, formatters of some languages write a number as 3.87854002E8. */
const scientificFrom = 8;

/**
 * The digits that stand in every way to write a code as a number: without the first one, behind which a point may stand, and
 * without zeros at the end. A pattern with both ways in it is four times as slow.
 */
function asNumber(code: string): string {
  if (code.length < scientificFrom) return code;
  const rest = code.slice(1).replace(/0+$/, '');
  return rest.length >= leastCode ? rest : `${code}|${code[0]}\\.${rest}`;
}

/** A text as a JSON string holds it, in the bytes of UTF-8; a slash may have a backslash before it. */
function asBytes(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return bytes.replace(/["\\/]|[.*+?^${}()|[\]-]/g, (one) => {
    if (one === '/') return '\\\\?/';
    return one === '"' || one === '\\' ? `\\\\\\${one}` : `\\${one}`;
  });
}
