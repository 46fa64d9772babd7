/**
 * Facts on file: what the hospital last showed of a patient, and what it had shown before. A new row only when something
 * had changed; so what stood there when a person accepted or began can be put beside what stands there now.
 */
import type { Instant } from '../core/concept.ts';
import { factChanges } from '../core/fact-changes.ts';
import { askedAt, type FactFile, type FactSheet } from '../core/facts.ts';
import type { Referral } from '../core/referral.ts';
import type { Db, Tx } from './tables.ts';

/** Keeps a sheet that was just read; true when it says something else than the one before. */
export async function saveFacts(tx: Tx, sheet: FactSheet, at: Instant): Promise<boolean> {
  const { hospital, patient } = sheet;
  const last = await tx
    .selectFrom('fact_sheet')
    .select(['seq', 'sheet'])
    .where('hospital', '=', hospital)
    .where('patient', '=', patient)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const fresh = { asked_at: askedAt(sheet) ?? at, sheet: JSON.stringify(sheet) };
  const isSame = last !== undefined && factChanges(sheetOf(last), sheet).length === 0;
  if (isSame) await tx.updateTable('fact_sheet').set(fresh).where('seq', '=', last.seq).execute();
  else
    await tx
      .insertInto('fact_sheet')
      .values({ hospital, patient, since: at, ...fresh })
      .execute();
  return !isSame;
}

/** The latest sheets of these patients, by patient. */
export async function latestFacts(
  db: Db,
  hospital: string,
  patients: readonly string[],
): Promise<ReadonlyMap<string, FactSheet>> {
  const rows = await latestRows(db, hospital, patients);
  return new Map(rows.map((row) => [row.patient, sheetOf(row)]));
}

/** The facts of each referral’s patient, now and when a person last took responsibility for them; by referral. */
export async function factFiles(
  db: Db,
  referrals: readonly Pick<Referral, 'id' | 'hospital' | 'care'>[],
): Promise<ReadonlyMap<string, FactFile>> {
  const files = new Map<string, FactFile>();
  const seen = await seenAt(
    db,
    referrals.map(({ id }) => id),
  );
  for (const [hospital, those] of Map.groupBy(referrals, (one) => one.hospital)) {
    const patients = [...new Set(those.map(({ care }) => care.patient.reference))];
    const latest = new Map(
      (await latestRows(db, hospital, patients)).map((row) => [row.patient, row]),
    );
    for (const { id, care } of those) {
      const row = latest.get(care.patient.reference);
      const at = seen.get(id);
      files.set(id, {
        ...(row && { sheet: sheetOf(row) }),
        ...(at !== undefined && {
          seen: {
            at,
            sheet:
              row === undefined || row.since <= at
                ? row && sheetOf(row)
                : await factsAt(db, hospital, care.patient.reference, at),
          },
        }),
      });
    }
  }
  return files;
}

/** Of one referral. */
export async function factFileOf(
  db: Db,
  referral: Pick<Referral, 'id' | 'hospital' | 'care'>,
): Promise<FactFile> {
  return (await factFiles(db, [referral])).get(referral.id) ?? {};
}

function latestRows(db: Db, hospital: string, patients: readonly string[]) {
  if (patients.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('fact_sheet')
    .select(['patient', 'since', 'sheet'])
    .where('seq', 'in', (of) =>
      of
        .selectFrom('fact_sheet')
        .select(({ fn }) => fn.max('seq').as('seq'))
        .where('hospital', '=', hospital)
        .where('patient', 'in', patients)
        .groupBy('patient'),
    )
    .execute();
}

/** What stood there at a moment: undefined when nothing had been read by then. */
async function factsAt(
  db: Db,
  hospital: string,
  patient: string,
  at: Instant,
): Promise<FactSheet | undefined> {
  const row = await db
    .selectFrom('fact_sheet')
    .select('sheet')
    .where('hospital', '=', hospital)
    .where('patient', '=', patient)
    .where('since', '<=', at)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && sheetOf(row);
}

/** When each referral was accepted, or a visit of it last begun. */
async function seenAt(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Instant>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('event')
    .select(({ fn }) => ['referral', fn.max('at').as('at')])
    .where('referral', 'in', ids)
    .where('type', 'in', ['accepted', 'started'])
    .groupBy('referral')
    .execute();
  return new Map(rows.map(({ referral, at }) => [referral, at]));
}

function sheetOf({ sheet }: { readonly sheet: string }): FactSheet {
  // as saveFacts wrote it
  return JSON.parse(sheet) as FactSheet;
}
