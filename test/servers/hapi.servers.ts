/**
 * The scripted day on HAPI FHIR, the reference server: with referential integrity, paging and a validator of its own, by
 * every way of finding orders; and once more on a HAPI that answers a repeated search from its memory for a minute (Q3).
 */
import { dayWays } from '../support/day-ways.ts';
import { startHapi } from '../support/hapi.ts';
import { hapiOfThisRun } from '../support/hapi-of-this-run.ts';
import { scriptedDay } from '../support/scripted-day.ts';

for (const way of Object.values(dayWays))
  scriptedDay('HAPI FHIR', hapiOfThisRun, {
    way,
    // What is written is the same by every way.
    validates: way.rung === 'A1',
    timeoutMs: 600_000,
  });

scriptedDay(
  'HAPI FHIR that remembers searches for 60 s',
  () => startHapi({ props: { searchCacheMs: 60_000 } }),
  { timeoutMs: 600_000 },
);
