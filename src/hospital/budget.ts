/**
 * How much may be asked of one hospital: so many requests in any minute, spread over it, and so many in a local day, of
 * which reading leaves some for writing. Both only count; who has to wait, and how, is the gate's business. Time comes in.
 */
import type { Instant } from '../core/concept.ts';
import { type LocalDay, localDay } from './local-day.ts';

export interface MinuteBudget {
  /** Takes the next free place in time and says when it is: now, or later, never before one that was taken earlier. */
  reserve(nowMs: number): number;
}

const minute = 60_000;

/**
 * At most `perMinute` starts in any 60 seconds. A quarter of them may start at once, so that a short question is answered
 * without waiting; the others keep the distance that spreads them over the minute.
 */
export function minuteBudget(perMinute: number): MinuteBudget {
  const atOnce = Math.max(1, Math.floor(perMinute / 4));
  const distance = minute / perMinute;
  /** The last `perMinute` starts, in a ring. */
  const starts: number[] = [];
  let taken = 0;
  let latest = Number.NEGATIVE_INFINITY;
  const back = (count: number) => starts[(taken - count) % perMinute] ?? Number.NEGATIVE_INFINITY;
  return {
    reserve(nowMs) {
      // A clock that was set back must not make us wait until it has caught up.
      if (nowMs < latest)
        starts.splice(0, starts.length, ...starts.map((at) => at - latest + nowMs));
      latest = nowMs;
      let start = nowMs;
      if (taken > 0) start = Math.max(start, back(1));
      if (taken >= atOnce && back(atOnce) > start - minute)
        start = Math.max(start, back(1) + distance);
      if (taken >= perMinute) start = Math.max(start, back(perMinute) + minute);
      starts[taken % perMinute] = start;
      taken += 1;
      return start;
    },
  };
}

export interface DayBudget {
  readonly perDay: number;
  /** From when on what was spent must be counted in the store before anything is taken; undefined when it is known. */
  uncounted(nowMs: number): Instant | undefined;
  /** Hears what was counted; what was taken since is part of neither figure yet, so the larger one holds. */
  counted(spent: number, nowMs: number): void;
  /** Takes one request; when none is left for its kind, says when the next day begins instead. */
  take(
    nowMs: number,
    kind: 'read' | 'write',
  ): { readonly spent: number; readonly endsMs: number } | undefined;
  giveBack(): void;
}

/** Other processes ask the same hospital, such as a command line: what they spent is looked up this often. */
const recountMs = 10 * minute;

/**
 * What of it only writes may use, for reading can wait for a day and what was done at a bedside should not: a tenth, and one
 * at least; but a budget of one may be read with.
 */
function keptForWrites(perDay: number): number {
  return Math.min(Math.ceil(perDay / 10), perDay - 1);
}

export function dayBudget(perDay: number, timezone: string): DayBudget {
  const forWrites = keptForWrites(perDay);
  let day: LocalDay | undefined;
  let spent = 0;
  let countedMs: number | undefined;
  function today(nowMs: number): LocalDay {
    if (day === undefined || nowMs >= day.endsMs || nowMs < day.startsMs) {
      day = localDay(nowMs, timezone);
      spent = 0;
      countedMs = undefined;
    }
    return day;
  }
  return {
    perDay,
    uncounted(nowMs) {
      const { startsMs } = today(nowMs);
      if (countedMs !== undefined && nowMs - countedMs < recountMs) return undefined;
      return new Date(startsMs).toISOString();
    },
    counted(count, nowMs) {
      today(nowMs);
      spent = Math.max(spent, count);
      countedMs = nowMs;
    },
    take(nowMs, kind) {
      const { endsMs } = today(nowMs);
      if (spent >= perDay - (kind === 'write' ? 0 : forWrites)) return { spent, endsMs };
      spent += 1;
      return undefined;
    },
    giveBack: () => {
      spent = Math.max(0, spent - 1);
    },
  };
}
