/**
 * One inbox row taken to its end: the record, its events, what is to be written and the row's own state change together,
 * in one transaction, or not at all. Nothing in here waits for the network.
 */
import { misfits } from '../../../mappings/overlays.ts';
import type { HospitalChange, OwnNews } from '../../core/commands.ts';
import { decideChange } from '../../core/decide-change.ts';
import type { Decided } from '../../core/episode.ts';
import { AdapterError } from '../../core/errors.ts';
import type { Finding } from '../../mapping/finding.ts';
import { type Saved, saveDecided } from '../../store/decided.ts';
import { busyAround, episodeOf } from '../../store/episodes.ts';
import { type InboxRow, type InboxState, rowOf, settle } from '../../store/inbox.ts';
import type { LinkRole } from '../../store/links.ts';
import type { Tx } from '../../store/store.ts';
import type { Tally } from '../report.ts';
import { nowOf, type Site } from '../site.ts';

/** How a row ends: its state, the rule that decided and its words. */
export interface Verdict {
  readonly state: Exclude<InboxState, 'received'>;
  readonly rule: string;
  readonly says: string;
  readonly referral?: string | undefined;
  readonly findings?: readonly Finding[] | undefined;
}

/** Rows whose content we act on, or may have to: all others keep id, version, hash and reason, never the body (I1). */
const statesWithBody: readonly InboxState[] = ['applied', 'waiting'];

/** Throws `stale-version` where somebody else has taken the row meanwhile: then nothing of this transaction may stand. */
export async function settleRow(
  site: Site,
  tx: Tx,
  row: InboxRow,
  verdict: Verdict,
): Promise<void> {
  if ((await rowOf(tx, row.id))?.state !== 'received')
    throw new AdapterError('stale-version', 'This inbox row was taken by another run.', {
      about: row.id,
    });
  const keepBody = statesWithBody.includes(verdict.state);
  const findings = [...(verdict.findings ?? []), ...(keepBody ? judged(site, row) : [])];
  await settle(tx, row.id, {
    state: verdict.state,
    rule: verdict.rule,
    says: verdict.says,
    referral: verdict.referral,
    findings: findings.length === 0 ? undefined : JSON.stringify(findings),
    keepBody,
    at: nowOf(site),
  });
}

/** What is not as R4 has it: kept beside what the mapping noticed, and in nobody's way (lenient in). */
function judged({ judge, tables }: Site, { body }: InboxRow): readonly Finding[] {
  const resource: unknown = body === null ? undefined : JSON.parse(body);
  return typeof resource === 'object' && resource !== null
    ? [...misfits(tables, resource), ...judge.findings(resource)]
    : [];
}

/** Takes a row to an end that changes nothing else: ignored, outdated or unusable. */
export async function dismissRow(
  site: Site,
  tally: Tally,
  row: InboxRow,
  verdict: Verdict,
): Promise<void> {
  await site.store.transaction((tx) => settleRow(site, tx, row, verdict));
  if (verdict.state === 'unusable') tally.unusable += 1;
  else tally.ignored += 1;
}

/** A version that arrived, as the link of its resource remembers it. */
export type Version = Pick<
  InboxRow,
  'hospital' | 'version_id' | 'last_updated' | 'hash' | 'received_at'
>;

/** The link of a resource to a referral, with the version that was seen of it. */
export function seen<Role extends LinkRole>(
  row: Version,
  reference: string,
  role: Role,
  referral: string,
) {
  return {
    hospital: row.hospital,
    reference,
    role,
    referral,
    versionId: row.version_id ?? undefined,
    lastUpdated: row.last_updated ?? undefined,
    hash: row.hash,
    at: row.received_at,
  };
}

/** Decides a change of the hospital against the record as it is now, and saves what follows from it. */
export async function followChange(
  site: Site,
  tx: Tx,
  referral: string,
  change: HospitalChange | OwnNews,
  more: { readonly by?: string; readonly inbox?: string } = {},
): Promise<Saved> {
  const episode = await episodeOf(tx, referral);
  const busy =
    change.type === 'visit-moved' || change.type === 'visit-booked'
      ? await busyAround(tx, {
          hospital: episode.referral.hospital,
          patient: episode.referral.care.patient.reference,
          therapist:
            change.type === 'visit-booked'
              ? change.therapist
              : episode.sessions.find((one) => one.id === change.session)?.therapist,
          start: change.start,
          end: change.end,
        })
      : [];
  const decided = decideChange(episode, change, {
    now: nowOf(site),
    by: more.by ?? 'hospital',
    newId: site.newId,
    busy,
  });
  return saveDecided(tx, episode, decided, {
    now: nowOf(site),
    newId: site.newId,
    inbox: more.inbox,
  });
}

/** Several changes that one row brings, one after the other, told as one; there is at least one. */
export async function followAll(
  site: Site,
  tx: Tx,
  referral: string,
  changes: readonly [HospitalChange, ...HospitalChange[]],
  row: InboxRow,
): Promise<Saved> {
  const [first, ...others] = changes;
  let all = await followChange(site, tx, referral, first, { inbox: row.id });
  for (const change of others) {
    const next = await followChange(site, tx, referral, change, { inbox: row.id });
    all = {
      episode: next.episode,
      events: [...all.events, ...next.events],
      work: [...all.work, ...next.work],
      intended: all.intended + next.intended,
    };
  }
  return all;
}

/** Tells the listeners what a committed transaction did. */
export function announce(site: Site, saved: Saved | undefined, by: string): void {
  if (saved === undefined) return;
  const { referral } = saved.episode;
  if (saved.events.length > 0)
    site.emit('referral:changed', {
      hospital: referral.hospital,
      referral: referral.id,
      state: referral.state,
      events: saved.events.map((event) => event.type),
      by,
    });
  for (const work of saved.work)
    site.emit('work:opened', {
      hospital: referral.hospital,
      work: work.id,
      kind: work.kind,
      referral: referral.id,
    });
}

export function didSomething(decided: Decided | Saved): boolean {
  return decided.events.length > 0 || decided.work.length > 0;
}
