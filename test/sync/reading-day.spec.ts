/** The scripted day through the doors of the sandbox’s vendors, by every way that each allows. */
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { type DayWay, dayWays } from '../support/day-ways.ts';
import { readingDay } from '../support/reading-day.ts';

const allowed = {
  epic: ['A6', 'A7', 'push'],
  'oracle-health': ['A5', 'A6', 'A7', 'push'],
  meditech: ['A5', 'A6', 'A7', 'push'],
  'read-only': ['A1', 'A3', 'A5', 'A6', 'A7', 'push'],
} as const satisfies Record<string, readonly DayWay['rung'][]>;

for (const [vendor, rungs] of Object.entries(allowed))
  for (const rung of rungs)
    readingDay(
      `${vendor} of the sandbox`,
      () => startSandbox({ vendor: vendor as keyof typeof allowed }),
      dayWays[rung],
    );
