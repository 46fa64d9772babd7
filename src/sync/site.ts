/**
 * One hospital as the sync sees it: its settings, the wire to it, and what varies from process to process. Passed to
 * everything here, so that nothing in this folder knows a file, a socket, a clock or an environment.
 */

import type { InboundTables } from '../../mappings/inbound-tables.ts';
import type { FactTimes } from '../core/fact-due.ts';
import type { SignedRules } from '../core/fact-rules.ts';
import type { SelectionSettings } from '../core/selection.ts';
import type { Emit } from '../core/signals.ts';
import type { DialectName } from '../core/task-dialects.ts';
import type { Hospital } from '../hospital/hospital.ts';
import type { SurveyOverride } from '../hospital/survey.ts';
import type { Store } from '../store/store.ts';
import type { KnownCodes } from './codes/known-codes.ts';
import type { Judge } from './judging.ts';
import type { SourceFile } from './source-parts.ts';

export interface Therapist {
  readonly id: string;
  readonly name: string;
  /** `Practitioner/…` as this hospital knows the therapist. */
  readonly practitioner?: string | undefined;
}

export const writeModes = ['on', 'off', 'dry-run'] as const;
export type WriteMode = (typeof writeModes)[number];

export interface SiteSettings {
  readonly id: string;
  /** IANA zone; the night and its dates are this hospital's. */
  readonly timezone: string;
  readonly organization?: string | undefined;
  readonly therapists: readonly Therapist[];
  readonly select: SelectionSettings;
  readonly dialect: DialectName;
  /** `create`: where the hospital has no Task for an accepted order, we make one; `follow`: we never do. */
  readonly tasks: 'create' | 'follow';
  readonly pollMs: number;
  /** `HH:MM`, local to the hospital. */
  readonly nightly: string;
  readonly write: WriteMode;
  /** How far behind the server's clock a window ends, and how far back it overlaps the last one. */
  readonly lagMs: number;
  readonly overlapMs: number;
  readonly facts: FactSettings;
  readonly discover: DiscoverSettings;
  /** What the operator decided about the hospital’s server. */
  readonly override: SurveyOverride;
}

/** Where orders are found on a server that does not show what changed as a whole. */
export interface DiscoverSettings {
  /** `Location/…` and `Practitioner/…` whose calendars are ours. */
  readonly locations: readonly string[];
  readonly practitioners: readonly string[];
  readonly backMs: number;
  readonly aheadMs: number;
  /** `Group/…` of the patients that are looked for one by one. */
  readonly group?: string | undefined;
  /** Whether the site has a list of patients, and a folder for files. */
  readonly hasList: boolean;
  readonly hasFolder: boolean;
  readonly everyMs: number;
  /** Patients of one run between the nights. */
  readonly perRun: number;
}

/** Which facts on file are read, and when. */
export interface FactSettings extends FactTimes {
  readonly read: boolean;
  /** Of one search, at most. */
  readonly pages: number;
}

export interface Site {
  readonly settings: SiteSettings;
  readonly hospital: Hospital;
  /** What the site has said about its own codes. */
  readonly codes: KnownCodes;
  /** Our mappings, with what the site has laid over them for this hospital. */
  readonly tables: InboundTables;
  /** Says what is wrong with a resource, and lets leave what is not. */
  readonly judge: Judge;
  /** What the site’s clinical owner wants said beside the facts on file; none without a signed file. */
  readonly factRules: SignedRules | undefined;
  /** The site’s list of patients as it is now; undefined without one. Throws when it cannot be read. */
  readonly patientList: () => ListedPatients | undefined;
  /** The files that the site has put into its folder; none without one. */
  readonly dropFiles: () => Promise<readonly SourceFile[]>;
  readonly store: Store;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly emit: Emit;
  /** Names this process as the holder of leases. */
  readonly instance: string;
  readonly leaseMs: number;
}

export interface ListedPatients {
  readonly patients: readonly string[];
  /** What in the list is no patient, a sentence each. */
  readonly problems: readonly string[];
}

/** `Practitioner/…` of this hospital → the therapist’s id in the settings. */
export function therapistsOf({
  settings,
}: Pick<Site, 'settings'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    settings.therapists.flatMap(({ id, practitioner }) =>
      practitioner ? [[practitioner, id]] : [],
    ),
  );
}

export function nowOf(site: Pick<Site, 'clock'>): string {
  return site.clock().toISOString();
}

export function leaseUntil(site: Pick<Site, 'clock' | 'leaseMs'>): string {
  return new Date(site.clock().getTime() + site.leaseMs).toISOString();
}
