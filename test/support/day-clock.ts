/**
 * The clock of a scripted day. It stands still until the script moves it, so that each visit lasts exactly as long as
 * the script says. It runs ahead of the server's: windows of a search end at our now, and one that ended behind the
 * server's clock would miss what was written last.
 */

const minute = 60_000;
/** More than a day takes on a slow machine, so that the standing clock is not overtaken. */
const aheadMs = 60 * minute;

export interface DayClock {
  readonly now: () => Date;
  /** Moves on by so many minutes. */
  forward(minutes: number): void;
  /** The instant in so many minutes. */
  in(minutes: number): string;
}

export function dayClock(realNow: () => number = Date.now): DayClock {
  let ms = Math.ceil((realNow() + aheadMs) / minute) * minute;
  return {
    now() {
      if (ms < realNow()) throw new Error('The day took longer than its clock runs ahead.');
      return new Date(ms);
    },
    forward: (minutes) => {
      ms += minutes * minute;
    },
    in: (minutes) => new Date(ms + minutes * minute).toISOString(),
  };
}
