/**
 * The tables as they are: null for what is not there, JSON as text, 0 and 1 for no and yes, instants as ISO text in
 * UTC with milliseconds, which sorts by time. What a column means is said where its statements are; how it is made
 * is in `migrations/`.
 */
import type { Generated, Kysely, Transaction } from 'kysely';
import type { IntentionKind } from '../core/intentions.ts';
import type { Priority, ReferralState } from '../core/referral.ts';
import type { SessionState } from '../core/session.ts';

/** What reads take: the store's reading side, or a transaction. */
export type Db = Kysely<Tables>;
/** What writes take, so that a write outside a transaction does not compile. */
export type Tx = Transaction<Tables>;

export const inboxStates = [
  'received',
  'applied',
  'refused',
  'waiting',
  'ignored',
  'outdated',
  'unusable',
] as const;
export type InboxState = (typeof inboxStates)[number];

export const outboxStates = [
  'queued',
  'sending',
  'sent',
  'needless',
  'unknown',
  'refused',
  'dropped',
] as const;
export type OutboxState = (typeof outboxStates)[number];

export const runStates = ['running', 'complete', 'partial', 'failed'] as const;
export type RunState = (typeof runStates)[number];

export const linkRoles = [
  'order',
  'parent-order',
  'task',
  'cancel-task',
  'appointment',
  'procedure',
  'observation',
  'patient',
  'encounter',
] as const;
export type LinkRole = (typeof linkRoles)[number];

export interface Tables {
  migration: { number: number; name: string; applied_at: string };
  inbox: InboxTable;
  inbox_body: InboxBodyTable;
  referral: ReferralTable;
  session: SessionTable;
  event: EventTable;
  link: LinkTable;
  outbox: OutboxTable;
  exchange: ExchangeTable;
  run: RunTable;
  cursor: CursorTable;
  access_key: AccessKeyTable;
  idempotency: IdempotencyTable;
  work: WorkTable;
  fact_sheet: FactSheetTable;
  survey: SurveyTable;
  roster: RosterTable;
}

export interface InboxTable {
  seq: Generated<number>;
  id: string;
  hospital: string;
  run: string | null;
  via: string;
  origin: string | null;
  type: string | null;
  resource_id: string | null;
  version_id: string | null;
  last_updated: string | null;
  hash: string;
  state: InboxState;
  rule: string | null;
  says: string | null;
  findings: string | null;
  referral: string | null;
  received_at: string;
  settled_at: string | null;
}

/** What arrived, as long as it is kept. */
export interface InboxBodyTable {
  inbox_seq: number;
  body: string;
}

export interface ReferralTable {
  id: string;
  hospital: string;
  state: ReferralState;
  version: number;
  episode: number;
  patient: string;
  order_reference: string;
  priority: Priority;
  requested_at: string;
  search: string;
  care: string;
  rest: string;
}

export interface SessionTable {
  id: string;
  referral: string;
  position: number;
  hospital: string;
  state: SessionState;
  version: number;
  starts_at: string;
  ends_at: string;
  therapist: string | null;
  patient: string;
  rest: string;
}

export interface EventTable {
  seq: Generated<number>;
  referral: string;
  session: string | null;
  version: number;
  type: string;
  at: string;
  done_by: string;
  data: string;
}

export interface LinkTable {
  seq: Generated<number>;
  hospital: string;
  reference: string;
  role: LinkRole;
  referral: string;
  session: string | null;
  part: string | null;
  intention: string | null;
  etag: string | null;
  version_id: string | null;
  last_updated: string | null;
  hash: string | null;
  at: string;
}

export interface OutboxTable {
  seq: Generated<number>;
  id: string;
  hospital: string;
  referral: string;
  session: string | null;
  kind: IntentionKind;
  part: string | null;
  state: OutboxState;
  attempts: number;
  next_at: string | null;
  lease_owner: string | null;
  lease_until: string | null;
  error_code: string | null;
  says: string | null;
  request: string | null;
  resource: string | null;
  unclear: number;
  created_at: string;
  sent_at: string | null;
}

export interface ExchangeTable {
  id: string;
  hospital: string;
  run: string | null;
  intention: string | null;
  referral: string | null;
  method: string;
  path: string;
  status: number | null;
  ms: number;
  error_code: string | null;
  at: string;
}

export interface RunTable {
  id: string;
  hospital: string;
  mode: string;
  state: RunState;
  started_at: string;
  ended_at: string | null;
  says: string | null;
  report: string | null;
  local_date: string | null;
  owner: string;
  lease_until: string;
}

export interface CursorTable {
  hospital: string;
  rung: string;
  value: string;
  window_from: string | null;
  window_to: string | null;
  moved_at: string;
}

export interface AccessKeyTable {
  id: string;
  name: string;
  role: string;
  hash: string;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

export interface IdempotencyTable {
  key: string;
  principal: string;
  fingerprint: string;
  status: number;
  body: string;
  headers: string;
  at: string;
}

export interface WorkTable {
  id: string;
  hospital: string;
  kind: string;
  referral: string | null;
  session: string | null;
  inbox: string | null;
  intention: string | null;
  says: string;
  opened_at: string;
  settled_at: string | null;
  settled_by: string | null;
}

export interface FactSheetTable {
  seq: Generated<number>;
  hospital: string;
  patient: string;
  /** When it was first read so; `asked_at`: when it was last read and was still so. */
  since: string;
  asked_at: string;
  sheet: string;
}

export interface RosterTable {
  hospital: string;
  patient: string;
  /** When the source last named the patient; null when it does not. */
  booked_at: string | null;
  listed_at: string | null;
  grouped_at: string | null;
  /** When the orders were last asked for, whatever came of it. */
  tried_at: string | null;
  /** Up to when, in the hospital’s time, what changed has been seen; `whole_at`: when, in ours, all orders were. */
  checked_at: string | null;
  whole_at: string | null;
  /** Why the last look failed. */
  says: string | null;
}

export interface SurveyTable {
  seq: Generated<number>;
  hospital: string;
  /** When it was first found so; `asked_at`: when it was last looked at and still was. */
  since: string;
  asked_at: string;
  asked: string;
  digest: string;
  survey: string;
}
