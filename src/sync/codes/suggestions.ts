/**
 * What an unknown code may be, for the person who has to say: the same words, the same code said elsewhere, the nearest of
 * the services that we know. Each with its reason, in an order that depends on nothing but what is known; none is ever
 * taken without a person (I9).
 */
import { distance } from 'fastest-levenshtein';
import { type Coding, type Concept, token } from '../../core/concept.ts';
import { lookAlikeOf } from '../../core/selection.ts';
import { meaning, type OurCode, originOf, type SiteCode } from '../../core/site-codes.ts';

export const suggestionReasons = ['same-display', 'same-code-elsewhere', 'nearest'] as const;
export type SuggestionReason = (typeof suggestionReasons)[number];

export interface Suggestion {
  /** Which of the order's codes it is about. */
  readonly code: Coding;
  /** What that code may stand for; absent where others have said that it is not massage. */
  readonly as?: OurCode | undefined;
  readonly because: SuggestionReason;
  /** The reason in words. */
  readonly says: string;
}

export interface SuggestingGiven {
  readonly hospital: string;
  /** What the hospital's selection takes, the usual one first. */
  readonly services: readonly OurCode[];
  /** What was said about the codes of all hospitals. */
  readonly rows: readonly SiteCode[];
}

/** The best reason first; each meaning of each code once. */
export function suggest(order: Concept, given: SuggestingGiven): Suggestion[] {
  const codes = (order.coding ?? []).filter((one) => lookAlikeOf(one) === undefined);
  const all = codes.flatMap((code) => {
    const words = [code.display, order.text].filter((one) => one !== undefined);
    return [
      ...sameDisplay(code, words, given),
      ...sameCodeElsewhere(code, given),
      ...nearestService(code, words, given),
    ];
  });
  const rank = ({ because }: Suggestion) => suggestionReasons.indexOf(because);
  const key = ({ code, as }: Suggestion) => `${token(code)} ${meaning({ ours: as })}`;
  const sorted = all.toSorted((one, other) => rank(one) - rank(other));
  return sorted.filter((one, at) => sorted.findIndex((two) => key(two) === key(one)) === at);
}

/** Displays that are known to mean a service: its own, and those of codes that a person said stand for it. */
function knownDisplays({ services, rows }: SuggestingGiven) {
  const taken = new Set(services.map(token));
  return [
    ...services.flatMap((as) => (as.display ? [{ as, display: as.display, row: undefined }] : [])),
    ...rows.flatMap((row) =>
      row.ours && row.display && taken.has(token(row.ours))
        ? [{ as: row.ours, display: row.display, row }]
        : [],
    ),
  ];
}

function sameDisplay(code: Coding, words: readonly string[], given: SuggestingGiven): Suggestion[] {
  return knownDisplays(given).flatMap(({ as, display, row }): Suggestion[] => {
    const same = words.find((one) => plain(one) === plain(display) && plain(one) !== '');
    if (same === undefined) return [];
    const whose = row === undefined ? token(as) : `${token(row)}, said ${originOf(row)}`;
    return [{ code, as, because: 'same-display', says: `“${same}” is the display of ${whose}` }];
  });
}

function sameCodeElsewhere(
  code: Coding,
  { hospital, services, rows }: SuggestingGiven,
): Suggestion[] {
  return rows.flatMap((row): Suggestion[] => {
    const isTakenHere =
      row.ours === undefined || services.some((one) => token(one) === token(row.ours ?? {}));
    if (row.code !== code.code || !isTakenHere) return [];
    const isSame = token(row) === token(code);
    if (isSame && (row.hospital === undefined || row.hospital === hospital)) return [];
    const where = row.hospital === undefined ? '' : ` at ${row.hospital}`;
    const what = isSame ? 'the same code' : `the same code in ${row.system || 'no system'}`;
    const says = `${what} is ${meaning(row)}${where}, said ${originOf(row)}`;
    return [{ code, as: row.ours, because: 'same-code-elsewhere', says }];
  });
}

/** From here on two texts are near enough to be worth a look. */
const near = 0.6;

function nearestService(
  code: Coding,
  words: readonly string[],
  given: SuggestingGiven,
): Suggestion[] {
  const texts = words.length > 0 ? words : [code.code ?? ''];
  let best: { as: OurCode; text: string; display: string; score: number } | undefined;
  for (const { as, display } of knownDisplays(given))
    for (const text of texts) {
      // In tenths: what differs by less is a tie, and the first of the services wins it.
      const score = Math.round(likeness(text, display) * 10) / 10;
      if (score >= near && (best === undefined || score > best.score))
        best = { as, text, display, score };
    }
  if (best === undefined) return [];
  const says = `“${best.text}” is nearest to “${best.display}”, ${token(best.as)}`;
  return [{ code, as: best.as, because: 'nearest', says }];
}

/** From 0 to 1: how well each word of one text is found in the other, whatever their order. */
function likeness(one: string, other: string): number {
  const [a, b] = [plain(one).split(' '), plain(other).split(' ')];
  return (foundIn(a, b) + foundIn(b, a)) / 2;
}

function foundIn(words: readonly string[], others: readonly string[]): number {
  const best = words.map((word) => Math.max(...others.map((other) => alike(word, other))));
  return best.reduce((sum, value) => sum + value, 0) / words.length;
}

function alike(one: string, other: string): number {
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 0 : 1 - distance(one, other) / longest;
}

/** Words only: without case, accents, punctuation and SNOMED's tag in brackets at the end. */
function plain(text: string): string {
  return text
    .slice(0, 200)
    .replace(/\s*\([^()]*\)\s*$/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
