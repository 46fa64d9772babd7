/**
 * Dates as the search rules see them: every date, on both sides, is a half-open range of milliseconds as wide as it
 * is imprecise (http://hl7.org/fhir/R4/search.html#date). Times without a zone are read as UTC.
 */
import { isObject, type Json, valuesAt } from './json.ts';

export type Range = { readonly from: number; readonly to: number };

const pattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** The range of a year, month, day, minute, second or fraction; undefined if the text is no date. */
export function dateRange(text: string): Range | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const y = Number(year);
  const m = month === undefined ? 0 : Number(month) - 1;
  const d = day === undefined ? 1 : Number(day);
  const midnight = Date.UTC(y, m, d);
  const back = new Date(midnight);
  if (back.getUTCMonth() !== m || back.getUTCDate() !== d) return undefined;
  if (month === undefined) return { from: midnight, to: Date.UTC(y + 1, 0, 1) };
  if (day === undefined) return { from: midnight, to: Date.UTC(y, m + 1, 1) };
  if (hour === undefined) return { from: midnight, to: midnight + 86_400_000 };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  const offset = zoneOffset(zone);
  const atMinute = midnight + (Number(hour) * 60 + Number(minute)) * 60_000 - offset;
  if (second === undefined) return { from: atMinute, to: atMinute + 60_000 };
  const atSecond = atMinute + Number(second) * 1000;
  if (fraction === undefined) return { from: atSecond, to: atSecond + 1000 };
  const at = atSecond + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { from: at, to: at + 10 ** Math.max(0, 3 - fraction.length) };
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const [hours, minutes] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
}

/** The range of an element: dateTime, instant, Period (open ends reach for ever) or Timing (its events or bounds). */
export function elementRange(value: Json): Range | undefined {
  if (typeof value === 'string') return dateRange(value);
  if (!isObject(value)) return undefined;
  if ('event' in value || 'repeat' in value) {
    const ranges = [...valuesAt(value, ['event']), ...valuesAt(value, ['repeat', 'boundsPeriod'])]
      .map(elementRange)
      .filter((range) => range !== undefined);
    if (ranges.length === 0) return undefined;
    return {
      from: Math.min(...ranges.map((range) => range.from)),
      to: Math.max(...ranges.map((range) => range.to)),
    };
  }
  const start = typeof value.start === 'string' ? dateRange(value.start) : undefined;
  const end = typeof value.end === 'string' ? dateRange(value.end) : undefined;
  if (start === undefined && end === undefined) return undefined;
  return {
    from: start?.from ?? Number.NEGATIVE_INFINITY,
    to: end?.to ?? Number.POSITIVE_INFINITY,
  };
}

type Comparison = (element: Range, asked: Range) => boolean;

const within: Comparison = (element, asked) => element.from >= asked.from && element.to <= asked.to;
const reachesAbove: Comparison = (element, asked) => element.to > asked.to;
const reachesBelow: Comparison = (element, asked) => element.from < asked.from;

/** The prefixes of R4 but `ap`, whose width R4 leaves to the server. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  eq: within,
  ne: (element, asked) => !within(element, asked),
  gt: reachesAbove,
  lt: reachesBelow,
  ge: (element, asked) => within(element, asked) || reachesAbove(element, asked),
  le: (element, asked) => within(element, asked) || reachesBelow(element, asked),
  sa: (element, asked) => element.from >= asked.to,
  eb: (element, asked) => element.to <= asked.from,
};
