/** The scripted day on the in-memory repository of @medplum/fhir-router. */
import { startMedplum } from '../support/medplum-server.ts';
import { scriptedDay } from '../support/scripted-day.ts';

scriptedDay('MemoryRepository of @medplum/fhir-router', startMedplum);
