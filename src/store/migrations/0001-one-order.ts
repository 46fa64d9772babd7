/**
 * Migration 1: everything that one order needs on its way round. Text and integer only, so that the same statements
 * make the tables of every engine. Pointers that may be written before what they point to are deferred to the commit;
 * those of inbox, work, exchange and run are plain text: their rows outlive what they speak of.
 */
import { sql } from 'kysely';
import type { Engine } from '../engine/capabilities.ts';
import type { Tx } from '../tables.ts';

export async function oneOrder(tx: Tx, engine: Engine): Promise<void> {
  for (const [table, columns] of Object.entries(tables(engine)))
    await sql.raw(`create table ${table} (${columns}) ${engine.tableOptions}`).execute(tx);
  for (const index of indexes) await sql.raw(`create ${index}`).execute(tx);
}

const tables = ({ sequence }: Engine) => ({
  inbox: `
    seq ${sequence},
    id text not null unique,
    hospital text not null,
    run text,
    via text not null,
    origin text,
    type text,
    resource_id text,
    version_id text,
    last_updated text,
    hash text not null,
    body text,
    state text not null,
    rule text,
    says text,
    findings text,
    referral text,
    received_at text not null,
    settled_at text`,
  referral: `
    id text not null primary key,
    hospital text not null,
    state text not null,
    version integer not null,
    episode integer not null,
    patient text not null,
    order_reference text not null,
    priority text not null,
    requested_at text not null,
    search text not null,
    care text not null,
    rest text not null`,
  session: `
    id text not null primary key,
    referral text not null references referral (id),
    position integer not null,
    hospital text not null,
    state text not null,
    version integer not null,
    starts_at text not null,
    ends_at text not null,
    therapist text,
    patient text not null,
    rest text not null`,
  event: `
    seq ${sequence},
    referral text not null references referral (id),
    session text,
    version integer not null,
    type text not null,
    at text not null,
    done_by text not null,
    data text not null`,
  link: `
    seq ${sequence},
    hospital text not null,
    reference text not null,
    role text not null,
    referral text not null references referral (id) deferrable initially deferred,
    session text,
    part text,
    intention text,
    etag text,
    version_id text,
    last_updated text,
    hash text,
    at text not null`,
  outbox: `
    seq ${sequence},
    id text not null unique,
    hospital text not null,
    referral text not null references referral (id) deferrable initially deferred,
    session text,
    kind text not null,
    part text,
    state text not null,
    attempts integer not null,
    next_at text,
    lease_owner text,
    lease_until text,
    error_code text,
    says text,
    request text,
    resource text,
    unclear integer not null,
    created_at text not null,
    sent_at text`,
  exchange: `
    id text not null primary key,
    hospital text not null,
    run text,
    intention text,
    referral text,
    method text not null,
    path text not null,
    status integer,
    ms integer not null,
    error_code text,
    at text not null`,
  run: `
    id text not null primary key,
    hospital text not null,
    mode text not null,
    state text not null,
    started_at text not null,
    ended_at text,
    says text,
    report text,
    local_date text,
    owner text not null,
    lease_until text not null`,
  cursor: `
    hospital text not null,
    rung text not null,
    value text not null,
    window_from text,
    window_to text,
    moved_at text not null,
    primary key (hospital, rung)`,
  access_key: `
    id text not null primary key,
    name text not null,
    role text not null,
    hash text not null unique,
    created_at text not null,
    expires_at text,
    revoked_at text,
    last_used_at text`,
  idempotency: `
    key text not null,
    principal text not null,
    fingerprint text not null,
    status integer not null,
    body text not null,
    headers text not null,
    at text not null,
    primary key (principal, key)`,
  work: `
    id text not null primary key,
    hospital text not null,
    kind text not null,
    referral text,
    session text,
    inbox text,
    intention text,
    says text not null,
    opened_at text not null,
    settled_at text,
    settled_by text`,
});

const indexes = [
  'index inbox_state on inbox (state, hospital, seq)',
  'index inbox_resource on inbox (hospital, resource_id, type, seq)',
  'index inbox_hash on inbox (hospital, hash)',
  'index inbox_run on inbox (run, state)',

  // one order is one referral, however often it is found at once; a re-opened one is the next episode
  'unique index referral_order on referral (hospital, order_reference, episode)',
  'index referral_newest on referral (requested_at, id)',
  'index referral_of_state on referral (state, requested_at, id)',
  'index referral_of_hospital on referral (hospital, requested_at, id)',
  'index referral_of_both on referral (hospital, state, requested_at, id)',

  'unique index session_position on session (referral, position)',
  'index session_start on session (starts_at, id)',
  'index session_of_therapist on session (therapist, starts_at, id)',
  // by the end, since what is asked for lies ahead: the visits of past years are never looked at
  'index session_of_patient_end on session (hospital, patient, ends_at)',
  'index session_of_therapist_end on session (therapist, ends_at)',

  // two writers that both build on version 4 cannot both append event 5
  'unique index event_version on event (referral, version)',

  'unique index link_reference on link (hospital, reference, role, referral)',
  'index link_of_referral on link (referral, role)',

  'index outbox_due on outbox (hospital, next_at, seq)',
  'index outbox_due_anywhere on outbox (next_at, seq)',
  'index outbox_of_referral on outbox (referral, state, seq)',
  'index outbox_state on outbox (state, hospital)',

  'index exchange_of_referral on exchange (referral, at)',
  'index exchange_of_intention on exchange (intention)',
  'index exchange_of_run on exchange (run, at)',

  "unique index run_one on run (hospital) where state = 'running'",
  'index run_newest on run (started_at, id)',
  'index run_of_hospital on run (hospital, state, started_at)',

  'index idempotency_age on idempotency (at)',

  'index work_open on work (settled_at, opened_at)',
  'index work_of_referral on work (referral)',
  'index work_of_inbox on work (inbox)',
  'index work_of_intention on work (intention)',
];
