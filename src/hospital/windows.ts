/**
 * Windows of server time over `_lastUpdated`. They are closed, so that a run ends; they overlap the one before, because a
 * server may commit after its own timestamp and its clock drifts (Q6); and they have whole seconds, since several servers
 * compare no finer (Q7). Pure: time comes in.
 */
import type { Instant } from '../core/concept.ts';
import type { WindowShape } from './vendors/vendor.ts';

/** From `from` (inclusive; everything when absent) to before `to`. */
export interface Window {
  readonly from?: Instant;
  readonly to: Instant;
}

export interface WindowOptions {
  /** How far a window reaches back behind the cursor. */
  readonly overlapMs?: number;
  /** How far it stays behind now, for commits that are still under way; 0 on servers that show a write at once. */
  readonly lagMs?: number;
  /** The hospital's clock minus ours, from the Date header of its answers. */
  readonly skewMs?: number;
  /** Nothing before it is asked for. */
  readonly floor?: Instant;
}

const minute = 60_000;
const second = 1000;
const day = 24 * 60 * minute;
/** No clinical system of today holds anything older. */
const earliest: Instant = '1970-01-02T00:00:00Z';

/**
 * The next window after `cursor`, the `to` of the last one that was stored whole. Without a cursor it begins at `floor`,
 * or has no lower bound.
 */
export function windowAfter(
  cursor: Instant | undefined,
  now: Instant,
  options: WindowOptions = {},
): Window {
  const { overlapMs = 10 * minute, lagMs = 2 * minute, skewMs = 0, floor } = options;
  // Up to the end of the current second: what was written in it before our request must not wait for the next poll.
  const toMs = wholeSecond(Date.parse(now) + skewMs - lagMs) + second;
  const floorMs = floor === undefined ? undefined : wholeSecond(Date.parse(floor));
  const startMs =
    // A cursor ahead of now (a clock set back) must not make the window empty. One second of overlap at least: `to` lies
    // up to that much in the future.
    cursor === undefined
      ? floorMs
      : wholeSecond(Math.min(Date.parse(cursor), toMs) - Math.max(overlapMs, second));
  if (startMs === undefined) return { to: instant(toMs) };
  const fromMs = Math.min(Math.max(startMs, floorMs ?? startMs), toMs - second);
  return { from: instant(fromMs), to: instant(toMs) };
}

/** The older and the newer half of a window; undefined when it is one second and cannot be split. */
export function halves(window: Window): readonly [Window, Window] | undefined {
  const toMs = Date.parse(window.to);
  // No clinical system of today holds anything older than the epoch, so an open window is split as if it began there.
  const fromMs = window.from === undefined ? 0 : Date.parse(window.from);
  const middleMs = wholeSecond((fromMs + toMs) / 2);
  if (middleMs <= fromMs || middleMs >= toMs) return undefined;
  const middle = instant(middleMs);
  return [
    { ...window, to: middle },
    { from: middle, to: window.to },
  ];
}

/** Whether this instant lies in the window; undefined for one that cannot be read. */
export function isInWindow(window: Window, at: string | undefined): boolean | undefined {
  const ms = at === undefined ? Number.NaN : Date.parse(at);
  if (Number.isNaN(ms)) return undefined;
  return ms < Date.parse(window.to) && (window.from === undefined || ms >= Date.parse(window.from));
}

/**
 * The search parameters of a window, in the form that this server takes. Both bounds always, since servers refuse a window
 * that is open (Q8); where only days are known (Q9), what is shown beyond the window is filtered here.
 */
export function windowParams(
  { from, to }: Window,
  shape: WindowShape = 'half-open',
  param = '_lastUpdated',
): readonly (readonly [string, string])[] {
  switch (shape) {
    case 'half-open':
      return [
        [param, `ge${from ?? earliest}`],
        [param, `lt${to}`],
      ];
    case 'closed':
      return [
        [param, `ge${from ?? earliest}`],
        [param, `le${instant(Date.parse(to) - second)}`],
      ];
    case 'days':
      // A day more on either side: whose midnight the server means is not known (Q29).
      return [
        [param, `ge${dayOf(Date.parse(from ?? earliest) - day)}`],
        [param, `le${dayOf(Date.parse(to) + day)}`],
      ];
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / second) * second;
}

function instant(ms: number): Instant {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
