/** The resources that matter already, by name: what is linked to a referral, and what waits for a person. */
import type { Db } from './tables.ts';

/** `Type/id` of each, once. */
export async function namesThatMatter(db: Db, hospital: string): Promise<Set<string>> {
  const linked = await db
    .selectFrom('link')
    .select('reference')
    .where('hospital', '=', hospital)
    .execute();
  const waiting = await db
    .selectFrom('inbox')
    .select(['type', 'resource_id'])
    .where('hospital', '=', hospital)
    .where('state', 'in', ['waiting', 'received'])
    .execute();
  return new Set([
    ...linked.map(({ reference }) => reference),
    ...waiting.map((row) => `${row.type}/${row.resource_id}`),
  ]);
}
