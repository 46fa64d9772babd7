/**
 * A statement as it is kept: of the types that this product uses, what decides anything. Plain JSON with sorted lists, so
 * that two of them can be compared; of a statement of two megabytes a few kilobytes are left.
 */
import type { Capabilities } from '../capabilities.ts';
import { scopeOf } from '../statement-scope.ts';

export interface StatementSummary {
  readonly fhirVersion: string;
  readonly kind?: string;
  readonly software?: string;
  readonly softwareVersion?: string;
  readonly publisher?: string;
  readonly batch: boolean;
  readonly transaction: boolean;
  readonly operations: readonly string[];
  readonly types: Readonly<Record<string, TypeSummary>>;
}

export interface TypeSummary {
  readonly interactions: readonly string[];
  readonly searchParams: readonly string[];
  readonly operations: readonly string[];
  readonly conditionalCreate: boolean;
  readonly updateCreate: boolean;
  readonly versioning?: string;
  /** What a search must carry one of, and what that limits it to. */
  readonly oneOf: readonly string[];
  readonly scope?: 'open' | 'patient' | 'id';
  readonly closed: readonly string[];
}

/** The types that some rung, or the reading of what it finds, has to do with. */
export const surveyedTypes = [
  ...['ServiceRequest', 'Task', 'Appointment', 'Slot', 'Schedule', 'Procedure', 'Observation'],
  ...['DocumentReference', 'DiagnosticReport', 'Communication', 'Patient', 'Practitioner'],
  ...[
    'PractitionerRole',
    'Organization',
    'Location',
    'Encounter',
    'Coverage',
    'Condition',
    'Group',
  ],
  ...['Subscription', 'Provenance', 'AllergyIntolerance', 'Flag', 'MedicationRequest', 'Device'],
  ...['DeviceUseStatement', 'Consent'],
] as const;

export function summaryOf(capabilities: Capabilities): StatementSummary | undefined {
  if (!capabilities.declared) return undefined;
  const { fhirVersion, kind, software, softwareVersion, publisher } = capabilities;
  const types = Object.fromEntries(
    surveyedTypes.flatMap((type): [string, TypeSummary][] => {
      const one = capabilities.types.get(type);
      if (one === undefined) return [];
      const scope = scopeOf(one.demands);
      return [
        [
          type,
          {
            interactions: [...one.interactions].sort(),
            searchParams: [...one.searchParams].sort(),
            operations: [...one.operations].sort(),
            conditionalCreate: one.conditionalCreate,
            updateCreate: one.updateCreate,
            ...(one.versioning !== undefined && { versioning: one.versioning }),
            oneOf: one.demands.oneOf,
            ...(scope !== undefined && { scope }),
            closed: one.demands.closed,
          },
        ],
      ];
    }),
  );
  return {
    fhirVersion,
    ...(kind !== undefined && { kind }),
    ...(software !== undefined && { software }),
    ...(softwareVersion !== undefined && { softwareVersion }),
    ...(publisher !== undefined && { publisher }),
    batch: capabilities.batch,
    transaction: capabilities.transaction,
    operations: [...capabilities.operations].sort(),
    types,
  };
}
