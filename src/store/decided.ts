/**
 * What was decided, saved as one: the record, its events, what is to be written to the hospital and what waits for a
 * person. Callers hold the transaction; after it nothing of a decision can be missing (DESIGN decision 10).
 */
import { applyAll, type Decided, type Episode, type WorkNote } from '../core/episode.ts';
import type { EpisodeEvent } from '../core/events.ts';
import { saveEpisode } from './episodes.ts';
import { intend } from './outbox.ts';
import type { Tx } from './store.ts';
import { openWork } from './work.ts';

export interface Saved {
  readonly episode: Episode;
  readonly events: readonly EpisodeEvent[];
  readonly work: readonly { readonly id: string; readonly kind: WorkNote['kind'] }[];
  /** Number of intentions queued. */
  readonly intended: number;
}

export interface SavingGiven {
  readonly now: string;
  readonly newId: () => string;
  /** The inbox row that caused it, if one did. */
  readonly inbox?: string | undefined;
}

/** Saves a decision about `episode` as it was loaded; throws `stale-version` if somebody else saved it meanwhile. */
export async function saveDecided(
  tx: Tx,
  episode: Episode,
  decided: Decided,
  given: SavingGiven,
): Promise<Saved> {
  const { referral } = episode;
  const next = applyAll(episode, decided.events);
  if (decided.events.length > 0) await saveEpisode(tx, next, decided.events, referral.version);
  await intend(
    tx,
    decided.intentions.map((one) => ({
      id: given.newId(),
      hospital: referral.hospital,
      referral: referral.id,
      session: one.session,
      kind: one.kind,
      part: one.part,
      at: given.now,
    })),
  );
  const work: { id: string; kind: WorkNote['kind'] }[] = [];
  for (const note of decided.work) {
    const id = given.newId();
    const opened = await openWork(tx, {
      id,
      hospital: referral.hospital,
      kind: note.kind,
      referral: referral.id,
      session: note.session,
      inbox: given.inbox,
      says: note.says,
      at: given.now,
    });
    if (opened) work.push({ id, kind: note.kind });
  }
  return { episode: next, events: decided.events, work, intended: decided.intentions.length };
}
