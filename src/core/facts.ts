/**
 * Facts on file (DESIGN decision 17): what the hospital has about a patient that a massage therapist must know, each
 * with date and source, and the honest gaps. Facts inform; they never decide and never say "safe". Whatever was read
 * ends in one of four places: a fact, not understood, of no topic here, or left out by a named rule.
 */
import type { Coding, Concept, Instant } from './concept.ts';
import type { ErrorCode } from './errors.ts';

/** `other`: precautions that clinicians name and that fall under none of the eight topics (tumour, pregnancy …). */
export const factTopics = [
  'clots-and-bleeding',
  'skin',
  'bone',
  'lines-and-devices',
  'infection',
  'allergy',
  'sensation',
  'consent',
  'other',
] as const;
export type FactTopic = (typeof factTopics)[number];

/** The FHIR types that facts are read from. */
export const factSources = [
  'Condition',
  'AllergyIntolerance',
  'Flag',
  'Observation',
  'MedicationRequest',
  'DeviceUseStatement',
  'Device',
  'Procedure',
] as const;
export type FactSource = (typeof factSources)[number];

/** What a date is the date of. */
export const factDates = [
  'onset',
  'recorded',
  'measured',
  'ordered',
  'performed',
  'in use',
  'in force',
] as const;
export type FactDate = (typeof factDates)[number];

/** A measured value as the hospital sent it. */
export interface Measured {
  readonly value?: number | undefined;
  readonly comparator?: string | undefined;
  readonly unit?: string | undefined;
  readonly system?: string | undefined;
  /** The unit in the code system `system`. */
  readonly code?: string | undefined;
}

/** One thing that is on file. */
export interface FiledFact {
  /** Absent where the code is not understood here and the type of resource does not tell. */
  readonly topic?: FactTopic | undefined;
  readonly what: Concept;
  /** Codes that tell what it is beside those of `what`: a coded value, what a drug is made of, a category. */
  readonly also?: readonly Coding[] | undefined;
  /** The value of an Observation, in words. */
  readonly value?: string | undefined;
  readonly measured?: Measured | undefined;
  /** Where on the body, in words. */
  readonly site?: string | undefined;
  /** What qualifies it: `history of`, `provisional`, `preliminary` … */
  readonly notes: readonly string[];
  /** As the hospital wrote it, also partial. */
  readonly date?: string | undefined;
  readonly dated?: FactDate | undefined;
  /** `Condition/12` */
  readonly source: string;
}

/** Things with the same code or words that nothing here understands. */
export interface NotUnderstood extends FiledFact {
  readonly count: number;
  /** Of these, the newest first; at most as many as a person would look up. */
  readonly sources: readonly string[];
}

/** Why a question to the hospital brought no answer. */
export interface NotReadable {
  readonly code: ErrorCode;
  readonly says: string;
  /** It may well be answered the next time. */
  readonly passing: boolean;
}

/** What the hospital last showed of one type of resource. */
export interface FactReading {
  readonly type: FactSource;
  readonly askedAt: Instant;
  /** When it last answered: everything below is as of then. Absent when it never did. */
  readonly asOf?: Instant | undefined;
  readonly notReadable?: NotReadable | undefined;
  /** In what way the answer is not whole, a sentence each. */
  readonly gaps: readonly string[];
  /** Not all was read, and not the newest first: what is newest here need not be the newest on file. */
  readonly isUnsorted?: boolean | undefined;
  readonly onFile: readonly FiledFact[];
  readonly notUnderstood: readonly NotUnderstood[];
  /** Understood, and of none of the topics. */
  readonly offTopic: number;
  /** Of these the newest of each: no line of their own, but a rule of the site may be about them. */
  readonly ofNoTopic?: readonly FiledFact[] | undefined;
  /** Left out: how many, by the rule that said so. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** Everything that was read of one patient at one hospital. */
export interface FactSheet {
  readonly hospital: string;
  /** `Patient/…` */
  readonly patient: string;
  /** One of each type. */
  readonly readings: readonly FactReading[];
}

/** The facts of a referral’s patient now, and as they were when a person last took responsibility for them. */
export interface FactFile {
  readonly sheet?: FactSheet | undefined;
  readonly seen?: SeenFacts | undefined;
}

export interface SeenFacts {
  /** When the referral was accepted, or its last visit started. */
  readonly at: Instant;
  /** Absent when nothing had been read by then. */
  readonly sheet?: FactSheet | undefined;
}

/** When the hospital was asked last. */
export function askedAt({ readings }: FactSheet): Instant | undefined {
  return readings.map((one) => one.askedAt).reduce(later, undefined);
}

/** How old the oldest of what was answered is; undefined when nothing was. */
export function asOf({ readings }: FactSheet): Instant | undefined {
  return readings.map((one) => one.asOf).reduce(earlier, undefined);
}

/**
 * A new reading beside the one before: where the hospital does not answer any more, what it had shown stays, with its
 * age, because a fact that vanishes with a timeout would be taken for one that ended.
 */
export function readAgain(now: FactReading, before: FactReading | undefined): FactReading {
  if (now.notReadable === undefined || before?.asOf === undefined) return now;
  return { ...before, askedAt: now.askedAt, notReadable: now.notReadable };
}

function later(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}
