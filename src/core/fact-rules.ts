/**
 * Advisories: what a site's clinical owner wants said beside the facts. The rules and every number in them come from a
 * file that the owner signs; without one there are no advisories. A rule that cannot be judged says so ("unknown: confirm
 * with RN"), because one that silently never fires is worse than none; and none ever says that something is safe.
 */
import { isMeantBy } from './code-patterns.ts';
import type { Instant } from './concept.ts';
import { valueIn } from './fact-units.ts';
import type { FactSheet, FactTopic, FiledFact } from './facts.ts';

export interface SignedRules {
  readonly signedBy: string;
  /** `2026-03-02` */
  readonly date: string;
  readonly rules: readonly FactRule[];
}

export interface FactRule {
  readonly name: string;
  readonly advises: string;
  /** Codes as `system|code`; of ICD-10-CM also the beginning of some (`I82.4*`). */
  readonly on: { readonly topic: FactTopic } | { readonly codes: readonly string[] };
  /** Only for measured values. */
  readonly value?: Threshold | undefined;
}

/** At least one bound; with both, the values between them. */
export interface Threshold {
  readonly atLeast?: number | undefined;
  readonly below?: number | undefined;
  /** UCUM. */
  readonly unit: string;
  /** How old a value may be and still count. */
  readonly withinMs: number;
}

export interface Advisory {
  readonly rule: string;
  readonly verdict: 'applies' | 'unknown';
  readonly says: string;
  /** What it stands on; absent where nothing is there to stand on. */
  readonly because?: Reason | undefined;
  readonly signedBy: string;
  readonly signedOn: string;
}

/** A fact as an advisory names it: what is of no topic here has no line of its own. */
export type Reason = Pick<FiledFact, 'what' | 'value' | 'date' | 'source'> & {
  /** What qualifies it; absent where nothing does. */
  readonly notes?: readonly string[] | undefined;
};

/** What the rules say about a sheet at `now`, in their order; a rule over a fact gives one advisory for each fact. */
export function advisories(
  signed: SignedRules | undefined,
  sheet: FactSheet | undefined,
  now: Instant,
): Advisory[] {
  if (signed === undefined) return [];
  return signed.rules.flatMap((rule) =>
    judge(rule, sheet, now).map(
      (one): Advisory => ({
        rule: rule.name,
        ...one,
        signedBy: signed.signedBy,
        signedOn: signed.date,
      }),
    ),
  );
}

type Judged = Omit<Advisory, 'rule' | 'signedBy' | 'signedOn'>;

function judge(rule: FactRule, sheet: FactSheet | undefined, now: Instant): Judged[] {
  if (sheet === undefined) return [unknown('nothing was read from the hospital yet')];
  const matching = sheet.readings.flatMap(({ onFile, notUnderstood, ofNoTopic = [] }) =>
    [...onFile, ...notUnderstood, ...ofNoTopic].filter((fact) => concerns(rule, fact)),
  );
  if (rule.value !== undefined) return measured(rule, rule.value, matching, sheet, now);
  if (matching.length > 0)
    return matching.map(
      (fact): Judged => ({ verdict: 'applies', says: rule.advises, because: reasonOf(fact) }),
    );
  const unsure = [...unreadOf(sheet), ...strangeOf(rule, sheet)];
  return unsure.length === 0 ? [] : [unknown(unsure.join('; '))];
}

function unreadOf({ readings }: FactSheet): string[] {
  const unread = readings.filter((one) => one.notReadable !== undefined || one.gaps.length > 0);
  return unread.length === 0
    ? []
    : [`not everything was readable: ${unread.map(({ type }) => type).join(', ')}`];
}

/** What nobody here understands may well be of the topic; a code is compared whether or not it is understood. */
function strangeOf({ on }: FactRule, { readings }: FactSheet): string[] {
  if (!('topic' in on)) return [];
  const count = readings
    .flatMap(({ notUnderstood }) => notUnderstood)
    .filter(({ topic }) => topic === undefined)
    .reduce((sum, one) => sum + one.count, 0);
  return count === 0 ? [] : [`${count} present, code not understood`];
}

function concerns({ on }: FactRule, { topic, what, also = [] }: FiledFact): boolean {
  if ('topic' in on) return on.topic === topic;
  return [...(what.coding ?? []), ...also].some((coding) =>
    on.codes.some((written) => isMeantBy(written, coding)),
  );
}

function measured(
  { advises }: FactRule,
  limit: Threshold,
  matching: readonly FiledFact[],
  { readings }: FactSheet,
  now: Instant,
): Judged[] {
  const newest = matching.toSorted((a, b) => timeOf(b) - timeOf(a))[0];
  const values = readings.find(({ type }) => type === 'Observation');
  const refused = values?.notReadable?.says;
  const none = values?.gaps.length ? 'no value is in what was read, which is not all' : undefined;
  if (newest === undefined) return [unknown(refused ?? none ?? 'no value is on file')];
  const because = reasonOf(newest);
  const age = Date.parse(now) - timeOf(newest);
  if (!Number.isFinite(age)) return [unknown('the value on file has no date', because)];
  if (age < -mostAhead)
    return [unknown(`the value on file is of ${newest.date}, which has not come yet`, because)];
  if (age > limit.withinMs) return [unknown(`the value on file is of ${newest.date}`, because)];
  const value = newest.measured && valueIn(newest.measured, limit.unit);
  if (value === undefined)
    return [unknown('the value on file has no number, or a unit that is not known here', because)];
  const inside = isInside(value, newest.measured?.comparator, limit);
  if (inside === undefined)
    return [unknown('the value on file is a bound, which does not tell', because)];
  if (inside) return [{ verdict: 'applies', says: advises, because }];
  // Nothing is concluded from a value that a newer one may have replaced.
  if (refused !== undefined) return [unknown(refused, because)];
  return values?.isUnsorted
    ? [unknown('the values that were read need not be the newest', because)]
    : [];
}

/** A date without a time is taken as midnight UTC, and a ward may be that far ahead of it. */
const mostAhead = 24 * 3_600_000;

/** Whether a value lies within the bounds; undefined where `<5` and the like leave it open. */
function isInside(
  value: number,
  comparator: string | undefined,
  { atLeast = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY }: Threshold,
): boolean | undefined {
  const [isFloorless, isRoofless] = [!Number.isFinite(atLeast), !Number.isFinite(below)];
  switch (comparator) {
    case undefined:
      return value >= atLeast && value < below;
    case '<':
      if (value <= atLeast) return false;
      return isFloorless && value <= below ? true : undefined;
    case '<=':
      if (value < atLeast) return false;
      return isFloorless && value < below ? true : undefined;
    case '>':
    case '>=':
      if (value >= below) return false;
      return isRoofless && value >= atLeast ? true : undefined;
    default:
      return undefined;
  }
}

/** Undated counts as older than anything. A date without a time is taken as its earliest moment: older, not newer. */
function timeOf({ date = '' }: FiledFact): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(date) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

function reasonOf({ what, value, date, notes, source }: FiledFact): Reason {
  return {
    what,
    ...(value !== undefined && { value }),
    ...(notes.length > 0 && { notes }),
    ...(date !== undefined && { date }),
    source,
  };
}

function unknown(why: string, because?: Judged['because']): Judged {
  return { verdict: 'unknown', says: `Unknown (${why}): confirm with RN.`, because };
}
