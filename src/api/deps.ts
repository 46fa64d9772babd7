/** What the API needs of the rest of the product; put together in main, faked nowhere but at the hospital’s wire. */
import type { RequestHandler } from 'express';
import type { Door } from '../access/door.ts';
import type { PublicKey } from '../access/our-keys.ts';
import type { Episode } from '../core/episode.ts';
import type { SignedRules } from '../core/fact-rules.ts';
import type { FactFile } from '../core/facts.ts';
import type { Emit } from '../core/signals.ts';
import type { Desk } from '../desk/desk.ts';
import type { StoredEvent } from '../store/episodes.ts';
import type { ExchangeRow } from '../store/exchanges.ts';
import type { InboxRow } from '../store/inbox.ts';
import type { LinkRow } from '../store/links.ts';
import type { IntentionRow } from '../store/outbox.ts';
import type { RunState } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import type { WorkRow } from '../store/work.ts';
import type { NoteLesson, UnknownCode } from '../sync/codes/notes.ts';
import type { Taught } from '../sync/codes/teaching.ts';
import type { ReadOne } from '../sync/read-one.ts';

export interface ApiDeps {
  readonly store: Store;
  readonly desk: Desk;
  readonly door: Door;
  /** Ids of the configured hospitals. */
  readonly hospitals: readonly string[];
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly emit: Emit;
  readonly version: string;
  /** Begins runs in the background; answers at once with what began. */
  readonly startSync: (wanted: SyncWanted) => Promise<readonly SyncStart[]>;
  /** Stores and applies what was pushed; the ids are those of the inbox rows that are new. */
  readonly push: (
    hospital: string,
    body: unknown,
  ) => Promise<{ readonly stored: readonly string[] }>;
  /** Reads one order from the hospital and takes it in; throws what the read throws. */
  readonly readOrder: (hospital: string, order: string) => Promise<ReadOne>;
  /** What a note about an unknown code is about and may mean; undefined for any other note. */
  readonly unknownCode: (note: WorkRow) => Promise<UnknownCode | undefined>;
  /** Teaches the code of a note by its id. */
  readonly teach: (note: string, lesson: NoteLesson) => Promise<Taught>;
  /** What the clinical owner of a hospital has signed. */
  readonly factRules: (hospital: string) => SignedRules | undefined;
  readonly story: (referral: string) => Promise<ReferralStory>;
  readonly readiness: () => Promise<Readiness>;
  /** The JWK set with which hospitals check our signatures. */
  readonly publicKeys: () => Promise<{ readonly keys: readonly PublicKey[] }>;
  /** Prometheus text. */
  readonly metrics: () => string | Promise<string>;
  /** The pages for browsers; without them the API stands alone. */
  readonly pages?: Pages | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

export interface Limits {
  /** Of one key, or of one address without a key. */
  readonly requestsPerMinute: number;
  readonly apiBodyBytes: number;
  readonly fhirBodyBytes: number;
}

export interface SyncWanted {
  /** All hospitals by default. */
  readonly hospital?: string | undefined;
  readonly full: boolean;
}

export interface SyncStart {
  readonly hospital: string;
  readonly started: boolean;
  readonly run?: string | undefined;
  /** Why none was started. */
  readonly says?: string | undefined;
}

/** States and times only: anybody may ask. */
export interface Readiness {
  readonly ready: boolean;
  readonly hospitals: readonly {
    readonly hospital: string;
    readonly reachable: boolean;
    readonly lastRun?: RunState | undefined;
    readonly lastRunAt?: string | undefined;
    readonly lastCompleteRun?: string | undefined;
    readonly ageSeconds?: number | undefined;
  }[];
}

export interface ReferralStory {
  readonly episode: Episode;
  readonly facts: FactFile;
  readonly events: readonly StoredEvent[];
  readonly intentions: readonly IntentionRow[];
  readonly exchanges: readonly ExchangeRow[];
  readonly inbox: readonly InboxRow[];
  readonly links: readonly LinkRow[];
  readonly sides: readonly {
    readonly what: string;
    readonly here: string;
    readonly there?: string | undefined;
    readonly agrees?: boolean | undefined;
    readonly readAt: string;
    readonly error?: string | undefined;
  }[];
  readonly disagreements: readonly string[];
}

export interface Pages {
  /** Answers what it knows and passes on the rest. */
  readonly routes: RequestHandler;
  /** A whole page for somebody who asked for HTML. */
  readonly problem: (problem: {
    readonly status: number;
    readonly title: string;
    readonly detail: string;
    readonly fix: string;
    readonly instance: string;
  }) => string;
}
