/**
 * The order of dates, dateTimes and instants as FHIRPath has it: at the coarser of two precisions there is an order only
 * where the shared parts differ; otherwise there is none and a constraint is satisfied. Instants in different zones are
 * compared as points in time.
 */

/** The length of YYYY-MM-DD: what is longer has a time and, in FHIR, a zone. */
const dayLength = 10;

/** Whether `earlier <= later` is not false; undefined when one of them is no moment at all. */
export function inOrder(earlier: unknown, later: unknown): boolean | undefined {
  if (typeof earlier !== 'string' || typeof later !== 'string') return undefined;
  const difference = order(earlier, later);
  if (difference === undefined || difference <= 0) return true;
  // Only now, since nearly every pair is in order: malformed text is an error of its own, not one of order.
  return isMoment(earlier) && isMoment(later) ? false : undefined;
}

function isMoment(text: string): boolean {
  return /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(text);
}

/** Negative, 0 or positive; undefined where FHIRPath has no answer. */
function order(a: string, b: string): number | undefined {
  if (a.length <= dayLength)
    return b.length <= dayLength ? orderOfDays(a, b) : orderOfDayAndInstant(a, b);
  if (b.length <= dayLength) {
    const reverse = orderOfDayAndInstant(b, a);
    return reverse === undefined ? undefined : -reverse;
  }
  // Nearly always both come from the same clock, and then the text has the order of the time.
  if (a.length === b.length && haveSameZone(a, b)) return a < b ? -1 : a > b ? 1 : 0;
  const difference = Date.parse(a) - Date.parse(b);
  return Number.isNaN(difference) ? undefined : difference;
}

/** The length of +hh:mm. */
const offsetLength = 6;

/** Compared in place: two slices would cost more than the rest. */
function haveSameZone(a: string, b: string): boolean {
  for (let index = a.length - 1; index >= a.length - offsetLength; index -= 1) {
    const letter = a[index];
    if (letter !== b[index]) return false;
    if (letter === 'Z') return true;
  }
  return true;
}

function orderOfDays(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (a.startsWith(b) || b.startsWith(a)) return undefined;
  return a < b ? -1 : 1;
}

/**
 * A day has no zone, so whether an instant of a neighbouring zone lies on it is open. There is an order only if it is
 * the same for the instant as written and in UTC; else a stay that begins on a day and ends just after midnight east of
 * Greenwich would end before it began.
 */
function orderOfDayAndInstant(day: string, instant: string): number | undefined {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) return undefined;
  const asWritten = orderOfDays(day, instant.slice(0, dayLength));
  const inUtc = orderOfDays(day, new Date(time).toISOString().slice(0, dayLength));
  return asWritten === inUtc && asWritten !== 0 ? asWritten : undefined;
}
