/** The scripted day on our own sandbox, by every way of finding orders: the same suite as on the servers of others. */
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { dayWays } from '../support/day-ways.ts';
import { scriptedDay } from '../support/scripted-day.ts';

// Like HAPI by default: what refers to something that is not there is refused.
for (const way of Object.values(dayWays))
  scriptedDay('sandbox', () => startSandbox({ referentialIntegrity: true }), { way });
