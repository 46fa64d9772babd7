/**
 * What we already know, read again: deletions and late changes never show in a search for what is new, so each full sweep
 * reads the order, Task, patient, stay and open visits of every open referral by id, each once. Not found is not yet gone:
 * a person decides.
 */

import type { HospitalChange } from '../core/commands.ts';
import type { Episode } from '../core/episode.ts';
import { asAdapterError } from '../core/errors.ts';
import { sessionHasEnded, visitReason } from '../core/session.ts';
import { localReference } from '../fhir/reference.ts';
import { openEpisodes } from '../store/episodes.ts';
import { type LinkRow, linksOf } from '../store/links.ts';
import { wasAsked } from '../store/work.ts';
import { storeArrivals } from './arrivals.ts';
import { refreshSurroundings } from './before-visits.ts';
import { tryAgain } from './discover.ts';
import { announce, didSomething, followChange } from './inbound/effects.ts';
import { noteProblem, type Tally } from './report.ts';
import type { Site } from './site.ts';
import { hospitalReader, type Surroundings, surroundings } from './surroundings.ts';

interface Known {
  readonly reference: string;
  /** What it means for the referral when the hospital no longer has it; nothing where that changes nothing. */
  readonly gone?: HospitalChange;
}

/**
 * Reads everything that open referrals stand on; false when something could not be read for another reason than absence.
 * `around` remembers what this run has read beside its orders.
 */
export async function rereadKnown(
  site: Site,
  run: string,
  tally: Tally,
  signal: AbortSignal,
  around: Surroundings = surroundings(site.hospital.base, hospitalReader(site)),
): Promise<boolean> {
  let whole = await refreshSurroundings({ site, around, run, tally, signal }, { all: true });
  for (const episode of await openEpisodes(site.store.read, site.settings.id)) {
    const links = await linksOf(site.store.read, episode.referral.id);
    for (const known of knownOf(episode, links)) {
      if (signal.aborted) return false;
      whole = (await reread(site, run, tally, episode, known)) && whole;
    }
  }
  return whole;
}

function knownOf(episode: Episode, links: readonly LinkRow[]): Known[] {
  const { order } = episode.referral.care;
  const open = new Set(
    episode.sessions.filter((one) => !sessionHasEnded(one.state)).map((one) => one.id),
  );
  return [
    {
      reference: order.reference,
      gone: { type: 'order-gone', reason: 'The hospital no longer has the order.' },
    },
    ...links.flatMap(({ role, reference, session }): Known[] => {
      if (role === 'task' || role === 'cancel-task') return [{ reference }];
      if (role !== 'appointment' || session === null || !open.has(session)) return [];
      return [
        {
          reference,
          gone: {
            type: 'visit-cancelled',
            session,
            reason: visitReason('The hospital deleted the Appointment'),
          },
        },
      ];
    }),
  ];
}

async function reread(
  site: Site,
  run: string,
  tally: Tally,
  { referral }: Episode,
  known: Known,
): Promise<boolean> {
  try {
    const { resource } = await site.hospital.client.read(known.reference);
    await storeArrivals(site, { via: 'read', run }, [resource], tally, tryAgain);
    return true;
  } catch (thrown) {
    const error = asAdapterError(thrown);
    const absent = error.code === 'not-found' || error.code === 'gone';
    if (!absent) {
      if (error.code === 'internal' || error.code === 'store-unusable') throw thrown;
      noteProblem(tally, error);
      return false;
    }
    const { gone } = known;
    if (gone === undefined) return true;
    const saved = await site.store.transaction(async (tx) =>
      // Asked once: what a person has decided on it is not undone every night.
      (await wasAsked(tx, { kind: gone.type, referral: referral.id }))
        ? undefined
        : followChange(site, tx, referral.id, gone),
    );
    if (saved !== undefined && didSomething(saved)) tally.changed += 1;
    announce(site, saved, 'hospital');
    return true;
  }
}

/**
 * A patient who could not be read when the order came in has neither name nor identifier here: asked for again with each
 * run, for nobody can be treated without knowing who it is.
 */
export async function readMissingPatients(site: Site, run: string, tally: Tally): Promise<void> {
  const asked = new Set<string>();
  for (const { referral } of await openEpisodes(site.store.read, site.settings.id)) {
    const { name, identifier } = referral.care.patient;
    const reference = localReference(referral.care.patient.reference, site.hospital.base);
    if (name !== undefined || identifier.length > 0) continue;
    // One at another server, or without a place of its own, was said when the order came in.
    if (reference === undefined || asked.has(reference)) continue;
    asked.add(reference);
    try {
      const { resource } = await site.hospital.client.read(reference);
      await storeArrivals(site, { via: 'read', run }, [resource], tally, () => true);
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (error.code === 'internal' || error.code === 'store-unusable') throw thrown;
      noteProblem(tally, error);
    }
  }
}
