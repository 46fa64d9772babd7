/** Our own writing, shown to us by the hospital: noted as seen, so that nothing of it is taken for the hospital's change. */
import type { InboxRow } from '../../store/inbox.ts';
import { type LinkRow, putLink } from '../../store/links.ts';
import { isOwnWords } from '../own-words.ts';
import type { Site } from '../site.ts';
import type { Inbound } from './applying.ts';
import { seen, settleRow } from './effects.ts';
import { isEcho } from './newer.ts';

/** Also a write whose answer was lost: what it said stands with its intention. */
export async function isOurs(site: Site, row: InboxRow, link: LinkRow): Promise<boolean> {
  if (isEcho(row, link)) return true;
  return row.body !== null && isOwnWords(site.store.read, link, JSON.parse(row.body) as object);
}

export async function settleEcho(
  site: Site,
  { tally }: Inbound,
  row: InboxRow,
  link: LinkRow,
): Promise<void> {
  const { reference, role, referral } = link;
  await site.store.transaction(async (tx) => {
    await putLink(tx, seen(row, reference, role, referral));
    await settleRow(site, tx, row, {
      state: 'ignored',
      rule: 'echo',
      says: 'our own writing',
      referral,
    });
  });
  tally.ignored += 1;
}
