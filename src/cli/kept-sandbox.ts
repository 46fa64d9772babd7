/**
 * A sandbox hospital that remembers: what it holds is written beside the adapter's store, so that a second start finds
 * both sides as they were. Only what people are shown first needs this; the sandbox itself stays in memory.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { startSandbox } from '../sandbox/sandbox.ts';
import { wardResources } from '../sandbox/ward.ts';

export interface KeptSandbox {
  readonly base: string;
  stop(): Promise<void>;
}

/** Types that the ward has or that the adapter writes. */
const keptTypes = [
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'Patient',
  'Encounter',
  'Condition',
  'Flag',
  'AllergyIntolerance',
  'Observation',
  'Device',
  'DeviceUseStatement',
  'MedicationRequest',
  'Coverage',
  'ServiceRequest',
  'Task',
  'Appointment',
  'Procedure',
] as const;

/** How often changes are written; a crash loses at most this much of a pretended hospital. */
const everyMs = 2_000;

export async function keptSandbox(file: string, now: Date): Promise<KeptSandbox> {
  const known = existsSync(file);
  const resources = known
    ? (JSON.parse(readFileSync(file, 'utf8')) as fhir4.FhirResource[])
    : wardResources(now);
  const sandbox = await startSandbox({ resources });
  // What was only read is not written again: another start may be at work on the same file.
  let written = known ? 0 : -1;
  const keep = () => {
    const { length } = sandbox.requests;
    if (length === written) return;
    written = length;
    const all = keptTypes.flatMap((type) => sandbox.all(type) as fhir4.FhirResource[]);
    writeFileSync(`${file}.new`, JSON.stringify(all));
    renameSync(`${file}.new`, file);
  };
  const keeping = setInterval(keep, everyMs);
  return {
    base: sandbox.base,
    async stop() {
      clearInterval(keeping);
      try {
        keep();
      } finally {
        // Else a folder that is not writable would keep the process alive for ever.
        await sandbox.stop();
      }
    },
  };
}
