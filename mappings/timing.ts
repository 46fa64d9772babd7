/**
 * How often and how many: the R4 Timing of an order as words, as numbers, and as a number of visits where it says
 * exactly one. What cannot be counted exactly is not counted: a wrong number of visits would close a referral early.
 */
import type { Frequency } from '../src/core/referral.ts';
import { defined } from '../src/mapping/defined.ts';
import type { Flag } from '../src/mapping/field-table.ts';
import { wordsOf } from './concepts.ts';

/** Words, and how many of the smallest commensurable unit: seconds for the fixed ones, months for the others. */
const units: Readonly<Record<string, { word: string; seconds?: number; months?: number }>> = {
  s: { word: 'second', seconds: 1 },
  min: { word: 'minute', seconds: 60 },
  h: { word: 'hour', seconds: 3_600 },
  d: { word: 'day', seconds: 86_400 },
  wk: { word: 'week', seconds: 604_800 },
  mo: { word: 'month', months: 1 },
  a: { word: 'year', months: 12 },
};

const spellings: Readonly<Record<string, string>> = { w: 'wk', m: 'mo', y: 'a', yr: 'a', hr: 'h' };

type Ordered = fhir4.ServiceRequest;
type Repeat = fhir4.TimingRepeat;

/** When and how often, as ordered; undefined where the order says nothing about it. */
export function frequencyOf(order: Ordered): Frequency | undefined {
  const { repeat } = order.occurrenceTiming ?? {};
  const asNeeded = asNeededOf(order);
  const text = [
    rhythm(order),
    bounds(repeat),
    asNeeded && (rhythm(order) ? `(${asNeeded})` : asNeeded),
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
  if (text === '') return undefined;
  return defined({
    text,
    times: repeat?.frequency,
    period: repeat?.period,
    unit: repeat?.periodUnit,
    bounds: duration(repeat?.boundsDuration),
    asNeeded: asNeeded === undefined ? undefined : true,
  });
}

function rhythm({ occurrenceTiming: timing, occurrenceDateTime, occurrencePeriod }: Ordered) {
  if (timing !== undefined)
    return repeated(timing.repeat) ?? wordsOf(timing.code) ?? dates(timing.event);
  if (occurrenceDateTime !== undefined) return `on ${occurrenceDateTime}`;
  return between(occurrencePeriod);
}

function repeated(repeat: Repeat | undefined): string | undefined {
  if (repeat === undefined) return undefined;
  const { frequency = 1, period, periodMax, periodUnit } = repeat;
  const on = [...(repeat.dayOfWeek ?? []), ...(repeat.timeOfDay ?? []), ...(repeat.when ?? [])];
  const when = on.length === 0 ? undefined : `on ${on.join(', ')}`;
  if (period === undefined || periodUnit === undefined) return when;
  const often = upTo(frequency, repeat.frequencyMax);
  const times = often === '1' ? 'once' : `${often} times`;
  const unit = word(periodUnit, 1);
  const every =
    period === 1 && periodMax === undefined
      ? `${/^[aeiou]|^hour/.test(unit) ? 'an' : 'a'} ${unit}`
      : `every ${upTo(period, periodMax)} ${word(periodUnit, periodMax ?? period)}`;
  return [times, every, when].filter(Boolean).join(' ');
}

function bounds(repeat: Repeat | undefined): string | undefined {
  const length = duration(repeat?.boundsDuration);
  if (length !== undefined) return `for ${length}`;
  const { low, high } = repeat?.boundsRange ?? {};
  if (low?.value !== undefined && high?.value !== undefined)
    return `for ${low.value} to ${duration(high) ?? high.value}`;
  return between(repeat?.boundsPeriod);
}

function between(period: fhir4.Period | undefined): string | undefined {
  const { start, end } = period ?? {};
  const parts = [start && `from ${start}`, end && `to ${end}`].filter(Boolean);
  return parts.length === 0 ? undefined : parts.join(' ');
}

function dates(events: readonly string[] | undefined): string | undefined {
  return events === undefined || events.length === 0 ? undefined : `on ${events.join(', ')}`;
}

function duration(quantity: fhir4.Quantity | undefined): string | undefined {
  if (quantity?.value === undefined) return undefined;
  return `${quantity.value} ${word(unitOf(quantity) ?? quantity.unit ?? '', quantity.value)}`.trim();
}

function asNeededOf({ asNeededBoolean, asNeededCodeableConcept }: Ordered): string | undefined {
  if (asNeededCodeableConcept !== undefined)
    return ['as needed', wordsOf(asNeededCodeableConcept)].filter(Boolean).join(': ');
  return asNeededBoolean === true ? 'as needed' : undefined;
}

function upTo(low: number, high: number | undefined): string {
  return high === undefined || high === low ? String(low) : `${low} to ${high}`;
}

function word(unit: string, count: number): string {
  const known = units[unit]?.word;
  if (known === undefined) return unit;
  return count === 1 ? known : `${known}s`;
}

/** The UCUM code of a duration, from its code or from how its unit is spelled. */
function unitOf({ code, unit }: fhir4.Quantity): string | undefined {
  for (const text of [code, unit]) {
    if (text === undefined) continue;
    const short = text.trim().toLowerCase().replace(/s$/, '');
    const found = [text, short, spellings[short] ?? ''].find((one) => Object.hasOwn(units, one));
    const named = Object.entries(units).find(([, { word: name }]) => name === short)?.[0];
    if (found !== undefined || named !== undefined) return found ?? named;
  }
  return undefined;
}

/**
 * Number of visits that the order asks for: its count, else how often times how long where that comes out even, else
 * its quantity. Says through `flag` why a number that is there was not used.
 */
export function visitsOf(order: Ordered, flag: Flag): number | undefined {
  const repeat = order.occurrenceTiming?.repeat;
  return whole(repeat?.count) ?? counted(order, repeat) ?? quantityOf(order, flag);
}

function counted(order: Ordered, repeat: Repeat | undefined): number | undefined {
  const { boundsDuration: length, frequency, period, periodUnit } = repeat ?? {};
  if (length?.value === undefined || length.comparator !== undefined) return undefined;
  // "up to", "1 to 2 times" and "when needed" say no number
  if (repeat?.frequencyMax !== undefined || repeat?.periodMax !== undefined) return undefined;
  if (asNeededOf(order) !== undefined) return undefined;
  if (frequency === undefined || period === undefined || periodUnit === undefined) return undefined;
  const ratio = ratioOf(unitOf(length), periodUnit);
  return ratio === undefined ? undefined : whole((frequency * length.value * ratio) / period);
}

/** How many of `per` are in one `unit`; undefined where no fixed number is (days in a month). */
function ratioOf(unit: string | undefined, per: string): number | undefined {
  const [one, other] = [unit === undefined ? undefined : units[unit], units[per]];
  if (one?.seconds !== undefined && other?.seconds !== undefined)
    return one.seconds / other.seconds;
  if (one?.months !== undefined && other?.months !== undefined) return one.months / other.months;
  return undefined;
}

const visitUnits = /^(\{?(visit|session|treatment|time|massage)s?\}?|1)?$/i;

function quantityOf({ quantityQuantity: quantity }: Ordered, flag: Flag): number | undefined {
  if (quantity?.value === undefined) return undefined;
  if (quantity.comparator !== undefined) flag('the quantity is a limit, not a number of visits');
  else if (!visitUnits.test((quantity.code ?? quantity.unit ?? '').trim()))
    flag('the quantity does not count visits');
  else if (whole(quantity.value) === undefined)
    flag('the quantity is not a whole number of visits');
  else return quantity.value;
  return undefined;
}

function whole(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
