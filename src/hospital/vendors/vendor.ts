/**
 * What is known of how a server product behaves, as data: the code asks these fields and never for a product by name.
 * A record holds only facts whose source the product’s documentation, statement or a recorded observation is; what is
 * not known is left out, and then the statement, a probe or the operator decides.
 */
import type { RungCode } from '../rungs.ts';

type ResourceType = fhir4.FhirResource['resourceType'];

export const vendorNames = [
  'generic',
  'hapi',
  'epic',
  'oracle-health',
  'meditech',
  'athenahealth',
  'veradigm',
  'nextgen',
  'medplum',
  'aidbox',
  'azure',
  'google',
  'healthlake',
  'firely',
  'blaze',
] as const;
export type VendorName = (typeof vendorNames)[number];

/** What an issue code of the product’s own means for us, wherever it stands (Epic: `4135`). */
export type IssueMeaning =
  /** Nothing more is answered before the next local day. */
  | 'day-spent'
  /** The pages of this search are forgotten: it has to begin anew. */
  | 'search-expired'
  /** There is more than the server shows. */
  | 'capped'
  /** The server left something out for a reason that it does not say. */
  | 'suppressed'
  | 'parameter-ignored'
  /** A search that needs a patient, or another parameter, was asked without. */
  | 'needs-parameter'
  | 'nothing-found'
  | 'deleted'
  | 'merged'
  /** A decision of the hospital, which no repetition changes. */
  | 'policy';

/** How windows of time are asked for. */
export type WindowShape =
  /** `ge` and `lt`, to the second. */
  | 'half-open'
  /** `ge` and `le`, to the second, both always present. */
  | 'closed'
  /** `ge` and `le` with dates only; what lies outside is filtered here. */
  | 'days';

export interface SearchHabits {
  /** What a search must carry at least; absent where nobody knows. */
  readonly scope?: 'open' | 'patient' | 'id';
  /** The parameter by which what changed can be asked for within the scope. */
  readonly since?: '_lastUpdated' | 'authored';
  readonly window?: WindowShape;
  /** Parameters that every search of this type carries here. */
  readonly always?: readonly (readonly [name: string, value: string])[];
  /** The most that one answer ever holds, whatever `_count` says. */
  readonly cap?: number;
  /** Declared and yet only applied after the search, or not at all: not to be relied upon. */
  readonly doubtful?: readonly string[];
}

export interface Vendor {
  readonly name: VendorName;
  /** As people call it. */
  readonly product: string;
  /**
   * Signs in statement and address, as whole words; any one is enough, and case does not matter. They suggest this record
   * and no more: a software name is copied (Q35), so an address counts more than a publisher, and that more than a name.
   */
  readonly signs: {
    readonly software?: readonly string[];
    readonly publisher?: readonly string[];
    readonly address?: readonly string[];
  };
  readonly searches?: Partial<Readonly<Record<ResourceType, SearchHabits>>>;
  /** Name of the parameter for the page size; `_count` when absent. */
  readonly countParam?: '_count' | '_maxresults';
  /** What becomes of parameters that it does not know. */
  readonly unknownParams?: 'ignored' | 'refused' | 'warned';
  readonly issueCodes?: Readonly<Record<string, IssueMeaning>>;
  /** What is known for or against a rung beyond the statement. */
  readonly rungs?: Partial<Readonly<Record<RungCode, RungKnown>>>;
  /** Anything else worth reading before connecting to it, a sentence each. */
  readonly notes?: readonly string[];
}

export interface RungKnown {
  /** `probe`: declared or offered, and not to be relied upon before the server has shown it. */
  readonly holds: boolean | 'probe';
  /** Why, as the connection report says it. */
  readonly says: string;
}
