/**
 * What a hospital’s server can do for us, as it was last found out: for each function the rungs that are used, with the
 * reason and by whose word, and for every other rung why it is not (DESIGN decision 12). Plain data, so that it can be
 * kept, compared with the next one, and printed as the answer to “will this server work?”.
 */
import type { Instant } from '../core/concept.ts';
import type { ResourceType } from './answer.ts';
import type { RungCode, RungFunction } from './rungs.ts';
import type { StatementSummary } from './survey/summary.ts';
import type { SearchHabits, Vendor, VendorName } from './vendors/vendor.ts';

/** On whose word a rung is used or not. */
export type DecidedBy =
  /** The settings name it (`rungs` of the hospital). */
  | 'operator'
  /** The settings lack what it needs: our organization, a roster, a folder … */
  | 'settings'
  /** A question to the server showed it. */
  | 'probe'
  /** The record of the product knows it. */
  | 'vendor'
  | 'statement'
  /** Nothing speaks against it; the first answer tells. */
  | 'assumed'
  /** This product cannot do it yet. */
  | 'not-built'
  /** A better one is used. */
  | 'rank';

/** What a question to the server showed of a rung. */
export interface ProbeResult {
  readonly rung: 'A1' | 'A5';
  /** `unclear`: the answer says nothing of it, or none came. */
  readonly outcome: 'holds' | 'fails' | 'unclear';
  /** In words: `it was refused (403)`. */
  readonly says: string;
  /** A5: the parameter that was asked by. */
  readonly param?: string;
}

/** `unproven`: declared or known in a way that is not to be relied upon before the server has shown it. */
export type Holds = 'yes' | 'no' | 'unproven';

export interface ChosenRung {
  readonly rung: RungCode;
  readonly says: string;
  readonly by: DecidedBy;
  /** Why it is used, in words: `the statement declares what it needs`. */
  readonly why: string;
  /** A5: the search parameters that may be used (`location`, `practitioner`). */
  readonly params?: readonly string[];
}

export interface PassedRung {
  readonly function: RungFunction;
  readonly rung: RungCode;
  readonly says: string;
  readonly by: DecidedBy;
  /** Why it is not used, in words: `Task cannot be searched by owner`. */
  readonly whyNot: readonly string[];
  /** Whether it would work here, whatever else stands against it. */
  readonly holds: Holds;
}

export interface Survey {
  readonly at: Instant;
  /** What the statement says of the things that we need; absent where the server shows none. */
  readonly statement?: StatementSummary;
  readonly vendor: Vendor;
  /** Why this record of a product was taken. */
  readonly vendorWhy: string;
  /** Best first; several are used beside each other. Empty when nothing new can be found by itself here. */
  readonly discovery: readonly ChosenRung[];
  readonly booking: readonly ChosenRung[];
  readonly result: readonly ChosenRung[];
  /** How nothing is created twice. */
  readonly once: readonly ChosenRung[];
  /** How no change of the hospital is overwritten. */
  readonly update: readonly ChosenRung[];
  readonly passed: readonly PassedRung[];
  /** How searches must be asked here: the vendor’s habits, and what the statement adds to them. */
  readonly searches: Partial<Readonly<Record<ResourceType, SearchHabits>>>;
  /** What is odd or contradicts itself, a sentence each. */
  readonly notes: readonly string[];
  /** Why not every new order is found by itself here, a sentence; absent where it is. */
  readonly silent?: string;
  /** That nothing which we write is taken here by the server’s own word, a sentence; absent where something may be. */
  readonly takesNothing?: string;
  /** What was asked of the server beside its statements. */
  readonly probes?: readonly ProbeResult[];
}

/** What the operator decided, whatever we find out. */
export interface SurveyOverride {
  readonly vendor: 'auto' | VendorName;
  readonly rungs: Partial<Readonly<Record<RungFunction, readonly RungCode[]>>>;
}

/** The decisions of an operator as the settings write them: one rung, or a list of them, for a function. */
export function overrideOf(
  vendor: SurveyOverride['vendor'],
  named: Partial<Readonly<Record<RungFunction, RungCode | readonly RungCode[]>>>,
): SurveyOverride {
  const rungs = Object.fromEntries(
    Object.entries(named).map(([name, codes]) => [name, [codes].flat()]),
  );
  return { vendor, rungs };
}
