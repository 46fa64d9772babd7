/** The scripted day on the in-memory repository of @medplum/fhir-router, by every way of finding orders. */
import { dayWays } from '../support/day-ways.ts';
import { startMedplum } from '../support/medplum-server.ts';
import { scriptedDay } from '../support/scripted-day.ts';

for (const way of Object.values(dayWays))
  scriptedDay('MemoryRepository of @medplum/fhir-router', startMedplum, { way });
