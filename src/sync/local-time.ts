/** The hospital's own clock: its date and time of day, through changes of summer time (decision 16). */

/** `YYYY-MM-DD` at the hospital. */
export function localDate(now: Date, timezone: string): string {
  return parts(now, timezone).date;
}

/** `HH:MM` at the hospital. */
export function localTime(now: Date, timezone: string): string {
  return parts(now, timezone).time;
}

function parts(now: Date, timeZone: string): { date: string; time: string } {
  const text = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(now);
  const [date = '', time = ''] = text.split(' ');
  return { date, time };
}
