/** The scripted day on HAPI FHIR, the reference server: with referential integrity, paging and a validator of its own. */
import { hapiOfThisRun } from '../support/hapi-of-this-run.ts';
import { scriptedDay } from '../support/scripted-day.ts';

scriptedDay('HAPI FHIR', hapiOfThisRun, { validates: true, timeoutMs: 600_000 });
