/**
 * A person says what a code of a hospital means: the row goes into the site's own table first, then exactly what waited on
 * that code runs again. Said twice it changes nothing; a process that dies in between leaves the row, and the next run
 * takes up what waited.
 */
import { isService } from '../../../mappings/our-codes.ts';
import { type Coding, token } from '../../core/concept.ts';
import { AdapterError } from '../../core/errors.ts';
import { lookAlikeOf } from '../../core/selection.ts';
import type { OurCode, SiteCode } from '../../core/site-codes.ts';
import { theirProblems } from '../../mapping/crosswalk.ts';
import { openEpisodes } from '../../store/episodes.ts';
import { rowOf } from '../../store/inbox.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import { applyPending } from '../inbound/inbound.ts';
import { localDate } from '../local-time.ts';
import { emptyTally } from '../report.ts';
import type { Site } from '../site.ts';
import { hospitalReader, surroundings } from '../surroundings.ts';
import { reopenDecided } from './waiting.ts';

/** What somebody says: `as` is a code of ours as people write it, or that the code is none of ours. */
export type Meaning = { readonly as: string } | { readonly refuse: true };

export interface Lesson {
  readonly coding: Coding;
  readonly meaning: Meaning;
  /** Who says so, by name. */
  readonly by: string;
}

export interface Taught {
  readonly row: SiteCode;
  /** It was known before. */
  readonly before: boolean;
  /** How many orders waited on it and ran again. */
  readonly ranAgain: number;
  /** Those of them that are referrals now. */
  readonly referrals: readonly string[];
}

/** Teaches one code. Throws `bad-request` for what can never be, `not-possible-now` where another meaning stands. */
export async function teach(
  site: Site,
  log: ExchangeLog,
  { coding, meaning, by }: Lesson,
  signal: AbortSignal,
): Promise<Taught> {
  const { id, timezone } = site.settings;
  const ours = 'as' in meaning ? ourCodeFor(site, coding, meaning.as) : undefined;
  for (const { path, found, expected } of theirProblems(coding))
    throw new AdapterError('bad-request', `${path} is ${found}, expected ${expected}.`);
  const { system = '', code = '', display } = coding;
  if (site.settings.select.codes.includes(token(coding)))
    throw new AdapterError('not-possible-now', `${token(coding)} is one of select.codes.`, {
      fix: 'It is ours already; take it out of select.codes if that is wrong.',
    });
  // The file is written inside the transaction: its lock is what keeps two processes from writing at once.
  const { row, before, again } = await site.store.transaction(async (tx) => {
    const date = localDate(site.clock(), timezone);
    const added = site.codes.add({ hospital: id, system, code, display, ours, by, date });
    return { ...added, again: await reopenDecided(site, tx, { name: by, about: coding }) };
  });
  site.codes.takenUp.delete(id);
  const around = surroundings(site.hospital.base, hospitalReader(site));
  await applyPending(site, emptyTally(), around, undefined, signal);
  await log.flush(site.store);
  const rows = await Promise.all(again.map((one) => rowOf(site.store.read, one)));
  const referrals = rows.flatMap((one) => one?.referral ?? []);
  return { row, before, ranAgain: again.length, referrals: [...new Set(referrals)] };
}

function ourCodeFor(site: Site, coding: Coding, written: string): OurCode {
  const { select, id } = site.settings;
  const lookAlike = lookAlikeOf(coding);
  if (lookAlike !== undefined)
    throw new AdapterError(
      'bad-request',
      `${token(coding)} is ${lookAlike}, not massage therapy: it can never stand for a code of ours.`,
      { fix: 'Say that it is not ours instead.' },
    );
  const ours = site.codes.ours.find(written);
  if (ours === undefined) {
    const named = lookAlikeOf(codingIn(written));
    const meant = site.codes.ours.meant(written);
    throw new AdapterError(
      'bad-request',
      named === undefined
        ? 'There is no such code of ours.'
        : `${written} is ${named}, not massage therapy.`,
      { fix: `${meant ? `Did you mean ${meant}? ` : ''}Use ${select.codes.join(', ')}.` },
    );
  }
  if (isService(ours) && !select.codes.includes(token(ours)))
    throw new AdapterError('bad-request', `${token(ours)} is not in select.codes of ${id}.`, {
      fix: `Use one of: ${select.codes.join(', ')}.`,
    });
  return ours;
}

/** A code as people write it, `system|code`; without a bar it is a code without a system. */
export function codingIn(written: string): Coding & { readonly code: string } {
  const bar = written.indexOf('|');
  return { system: written.slice(0, Math.max(bar, 0)), code: written.slice(bar + 1) };
}

/** Takes what the site's table says about a code back; returns how many open referrals came in under it, which stay. */
export async function forget(
  site: Site,
  coding: Coding,
): Promise<{ readonly rows: readonly SiteCode[]; readonly openReferrals: number }> {
  const rows = await site.store.transaction(async () =>
    site.codes.remove(site.settings.id, coding),
  );
  const open = await openEpisodes(site.store.read, site.settings.id);
  const under = open.filter(({ referral }) =>
    (referral.care.service.coding ?? []).some((one) => token(one) === token(coding)),
  );
  return { rows, openReferrals: under.length };
}
