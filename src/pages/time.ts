/**
 * Times as the ward reads them: in the hospital's zone, weekday and month in words so that no order of day and month can
 * be mistaken. What is no instant is shown as it is; a partial date stays partial.
 */
import { html } from 'htm/preact';
import type { VNode } from 'preact';

export interface WardClock {
  readonly timezone: string;
  /** `Tue 3 Mar 2026, 10:30`. */
  moment(instant: string): VNode;
  /** `Tue 3 Mar 2026, 10:30–11:00`. */
  span(start: string, end: string): VNode;
  /** `10:30`. */
  hour(instant: string): VNode;
  /** A sentence with the instants in it as the ward reads them. */
  inText(sentence: string): string;
}

const instants = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g;

export function wardClock(timezone: string): WardClock {
  const day = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const hour = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
  });
  const shown = (instant: string, ...formats: Intl.DateTimeFormat[]) => {
    const date = new Date(instant);
    if (Number.isNaN(date.getTime())) return instant;
    return formats.map((format) => format.format(date).replace(',', '')).join(', ');
  };
  const time = (instant: string, text: string) =>
    html`<time datetime=${instant}>${text}</time>` as VNode;
  return {
    timezone,
    moment: (instant) => time(instant, shown(instant, day, hour)),
    hour: (instant) => time(instant, shown(instant, hour)),
    inText: (sentence) => sentence.replace(instants, (found) => shown(found, day, hour)),
    span(start, end) {
      const sameDay = shown(start, day) === shown(end, day);
      return html`${time(start, shown(start, day, hour))}–${time(
        end,
        sameDay ? shown(end, hour) : shown(end, day, hour),
      )}` as unknown as VNode; // two nodes and a text: htm types what it returns as one
    },
  };
}

/** A date of FHIR (`1961`, `1961-04`, `1961-04-12`) in words. */
export function dateInWords(date: string): string {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(date) ?? [];
  if (year === undefined) return date;
  if (month === undefined) return year;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? '1')));
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    ...(day !== undefined && { day: 'numeric' }),
    month: 'short',
    year: 'numeric',
  }).format(at);
}

/** Full years from a whole birth date to the date at the hospital; undefined for a partial one. */
export function ageAt(birthDate: string, now: Date, timezone: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(birthDate)) return undefined;
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format(now);
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
