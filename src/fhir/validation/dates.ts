/**
 * The date and time formats of R4 (datatypes.html): anchored, and the day has to exist in its month. Read character
 * by character, since these run on every resource and a regular expression for them is slower than the rest together.
 */

const zero = 48;
const nine = 57;

/** The number in `length` digits at `start`, or -1. */
function digits(text: string, start: number, length: number): number {
  let value = 0;
  for (let index = start; index < start + length; index += 1) {
    const code = text.charCodeAt(index);
    // NaN, behind the end, is not in the range either
    if (!(code >= zero && code <= nine)) return -1;
    value = value * 10 + code - zero;
  }
  return value;
}

/** Days of the Gregorian calendar, before its time too, as ISO 8601 has it. */
export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** YYYY, YYYY-MM or YYYY-MM-DD. */
export function isDate(text: string): boolean {
  const { length } = text;
  if (length !== 4 && length !== 7 && length !== 10) return false;
  return isDay(text, length);
}

function isDay(text: string, length: number): boolean {
  const year = digits(text, 0, 4);
  if (year < 1) return false;
  if (length === 4) return true;
  const month = digits(text, 5, 2);
  if (text.charCodeAt(4) !== 45 || month < 1 || month > 12) return false;
  if (length === 7) return true;
  const day = digits(text, 8, 2);
  return text.charCodeAt(7) === 45 && day >= 1 && day <= daysIn(year, month);
}

/** A date, or a date with a time of at least seconds and a zone. */
export function isDateTime(text: string): boolean {
  return text.length <= 10 ? isDate(text) : isInstant(text);
}

/** YYYY-MM-DDThh:mm:ss[.f]zone */
export function isInstant(text: string): boolean {
  if (text.charCodeAt(10) !== 84 || !isDay(text, 10)) return false;
  const end = timeEnd(text, 11);
  return end > 0 && isZone(text, end);
}

/** hh:mm:ss[.f], without a zone. */
export function isTime(text: string): boolean {
  return timeEnd(text, 0) === text.length;
}

/** Where a time that begins at `start` ends, or -1. Seconds go to 60 for leap seconds; 24:00 does not exist. */
function timeEnd(text: string, start: number): number {
  const hour = digits(text, start, 2);
  const minute = digits(text, start + 3, 2);
  const second = digits(text, start + 6, 2);
  const colons = text.charCodeAt(start + 2) === 58 && text.charCodeAt(start + 5) === 58;
  if (!colons || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return -1;
  let end = start + 8;
  if (text.charCodeAt(end) !== 46) return end;
  end += 1;
  const fraction = end;
  while (digits(text, end, 1) >= 0) end += 1;
  return end === fraction ? -1 : end;
}

/** Z, or an offset up to 14:00. */
function isZone(text: string, start: number): boolean {
  const sign = text.charCodeAt(start);
  if (sign === 90) return text.length === start + 1;
  if ((sign !== 43 && sign !== 45) || text.length !== start + 6) return false;
  const hour = digits(text, start + 1, 2);
  const minute = digits(text, start + 4, 2);
  if (text.charCodeAt(start + 3) !== 58 || hour < 0 || minute < 0 || minute > 59) return false;
  return hour < 14 || (hour === 14 && minute === 0);
}
