/** What a store must look like when everything has been read and sent (invariants I1 and I6). */
import { expect } from 'chai';
import { inboxCounts } from '../../src/store/inbox.ts';
import { listReferrals } from '../../src/store/referral-list.ts';
import type { Db } from '../../src/store/store.ts';

/** Every inbox row has ended with a rule, and there are this many referrals, each of another order. */
export async function expectInboxSettled(db: Db, referrals: number): Promise<void> {
  for (const { state, rule, count } of await inboxCounts(db, { hospital: 'general' })) {
    expect(state, `state of ${count} inbox rows`).not.to.equal('received');
    expect(rule, `rule of ${count} inbox rows that are ${state}`).to.be.a('string');
  }
  const { items } = await listReferrals(db, { limit: 500 });
  const orders = items.map((one) => one.referral.care.order.reference);
  expect(new Set(orders).size, 'orders with a referral').to.equal(referrals);
  expect(orders.length, 'referrals').to.equal(referrals);
}
