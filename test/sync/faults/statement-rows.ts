/** What goes wrong with a server’s statement, and what must come of it (Q35). */
import type { FaultRow } from './fault-rows.ts';

const statements = (
  [
    'doubled',
    'nameless',
    'null-names',
    'copied-name',
    'without-rest',
    'odd-operations',
    'promising',
  ] as const
).map(
  (is): FaultRow => ({
    quirk: 'Q35',
    when: `its statement is ${is}`,
    faults: [{ do: 'statement', is, always: true }],
    state: 'complete',
  }),
);

const versions = (['3.0.2', '5.0.0', '4.3.0', '1.0.2'] as const).map(
  (fhirVersion): FaultRow => ({
    quirk: 'Q35',
    when: `it speaks FHIR ${fhirVersion}`,
    faults: [{ do: 'statement-version', fhirVersion, always: true }],
    state: 'failed',
    says: new RegExp(`speaks FHIR .*${fhirVersion.replaceAll('.', '\\.')}`),
    found: 0,
  }),
);

export const statementRows: readonly FaultRow[] = [
  ...statements,
  ...versions,
  {
    quirk: 'Q35',
    when: 'its statement says 4.0.0',
    faults: [{ do: 'statement-version', fhirVersion: '4.0.0', always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q35',
    when: 'its statement has five megabytes',
    faults: [{ do: 'statement-size', bytes: 5_000_000, always: true }],
    state: 'complete',
  },
];
