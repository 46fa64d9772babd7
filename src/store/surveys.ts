/**
 * What a hospital’s server can do, as it was last found out and as it was before. A new row only when something had
 * changed; what stands in it is its maker’s business, here it is text.
 */
import type { Instant } from '../core/concept.ts';
import type { Db, Tx } from './tables.ts';

export interface KeptSurvey {
  /** When it was first found so, and when it was last looked at and still was. */
  readonly since: Instant;
  readonly askedAt: Instant;
  /** Fingerprint of the settings under which it was made. */
  readonly asked: string;
  /** JSON. */
  readonly survey: string;
}

export interface SurveyToKeep {
  readonly hospital: string;
  readonly at: Instant;
  readonly asked: string;
  /** Fingerprint of what it says, whenever that was. */
  readonly digest: string;
  readonly survey: string;
}

/** Keeps a survey that was just made; true when it says something else than the one before. */
export async function keepSurvey(tx: Tx, fresh: SurveyToKeep): Promise<boolean> {
  const { hospital, at, asked, digest, survey } = fresh;
  const last = await tx
    .selectFrom('survey')
    .select(['seq', 'asked', 'digest'])
    .where('hospital', '=', hospital)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const isSame = last !== undefined && last.asked === asked && last.digest === digest;
  if (isSame)
    await tx
      .updateTable('survey')
      .set({ asked_at: at, survey })
      .where('seq', '=', last.seq)
      .execute();
  else
    await tx
      .insertInto('survey')
      .values({ hospital, since: at, asked_at: at, asked, digest, survey })
      .execute();
  return !isSame;
}

export async function latestSurvey(db: Db, hospital: string): Promise<KeptSurvey | undefined> {
  const row = await db
    .selectFrom('survey')
    .select(['since', 'asked_at', 'asked', 'survey'])
    .where('hospital', '=', hospital)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { since, asked_at: askedAt, asked, survey } = row;
  return { since, askedAt, asked, survey };
}
