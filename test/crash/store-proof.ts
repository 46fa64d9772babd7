/** What a store must look like after a crash, and when everything has been read and sent (invariants I1, I2, I6). */
import { expect } from 'chai';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { readCursor } from '../../src/store/cursors.ts';
import { inboxCounts, latestOf } from '../../src/store/inbox.ts';
import { outboxCounts } from '../../src/store/outbox.ts';
import { listReferrals } from '../../src/store/referral-list.ts';
import type { Db } from '../../src/store/store.ts';
import { listWork } from '../../src/store/work.ts';

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

/** Every intention has been sent or found to be true already, and nothing is left for a person. */
export async function expectOutboxAtRest(db: Db): Promise<void> {
  const { sent = 0, needless = 0, ...others } = await outboxCounts(db);
  expect(others, 'intentions that are not settled').to.deep.equal({});
  expect(sent + needless).to.be.greaterThan(0);
  const work = (await listWork(db)).map(({ kind, says }) => `${kind}: ${says}`);
  expect(work.join('\n'), 'work for people').to.equal('');
}

/** Whatever lies before the cursor is in the inbox, whenever the process died. */
export async function expectCursorBehindData(db: Db, hospital: Sandbox): Promise<void> {
  const cursor = await readCursor(db, 'general', 'A1');
  if (cursor === undefined) return;
  for (const { id = '', meta } of hospital.all('ServiceRequest')) {
    if (Date.parse(meta?.lastUpdated ?? '') >= Date.parse(cursor.value)) continue;
    const stored = await latestOf(db, 'general', 'ServiceRequest', id);
    expect(stored?.id, `ServiceRequest/${id}, older than the cursor, in the inbox`).to.be.a(
      'string',
    );
  }
}
