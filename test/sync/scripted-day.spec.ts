/** The scripted day on our own sandbox: the same suite as on the servers of others, in each test run. */
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { scriptedDay } from '../support/scripted-day.ts';

// Like HAPI by default: what refers to something that is not there is refused.
scriptedDay('sandbox', () => startSandbox({ referentialIntegrity: true }));
