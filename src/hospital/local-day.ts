/** The day as the hospital’s clock has it, for limits that count by the day. Pure: the time comes in. */

export interface LocalDay {
  readonly startsMs: number;
  /** The first moment of the next day. */
  readonly endsMs: number;
}

const hour = 3_600_000;

/** The day at `timezone` that holds this moment; 23 to 25 hours where summer time begins or ends. */
export function localDay(nowMs: number, timezone: string): LocalDay {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' });
  const dateAt = (ms: number) => format.format(ms);
  const today = dateAt(nowMs);
  return {
    startsMs: firstMoment((ms) => dateAt(ms) >= today, nowMs - 27 * hour, nowMs),
    endsMs: firstMoment((ms) => dateAt(ms) > today, nowMs, nowMs + 27 * hour),
  };
}

/** The first whole second after `before`, where it does not hold, up to `at`, where it does. */
function firstMoment(holds: (ms: number) => boolean, before: number, at: number): number {
  let low = Math.floor(before / 1000);
  let high = Math.ceil(at / 1000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle * 1000)) high = middle;
    else low = middle;
  }
  return high * 1000;
}
