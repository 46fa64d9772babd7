/** The outbox as its specs speak of it: queue, take, settle and retry, in minutes of a clock that stands still. */
import type { IntentionKind } from '../../src/core/intentions.ts';
import {
  type IntentionRow,
  intend,
  retryLater,
  settleIntention,
  takeDue,
} from '../../src/store/outbox.ts';
import type { Store } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { addReferral, type engines, onFresh } from './engines.ts';

export const leaseMinutes = 5;

export type Wanted = {
  id: string;
  kind?: IntentionKind;
  referral?: string;
  session?: string;
  part?: string;
  minutes?: number;
};

export const meant = ({
  id,
  kind = 'write-procedure',
  referral = 'r',
  session,
  part,
  minutes = 0,
}: Wanted) => ({
  id,
  hospital: 'general',
  referral,
  session,
  kind,
  part,
  at: instant(minutes),
});

export const queue = (store: Store, ...wanted: Wanted[]) =>
  store.transaction((tx) => intend(tx, wanted.map(meant)));

export const take = (
  store: Store,
  minutes: number,
  more: { limit?: number; owner?: string; hospital?: string } = {},
) =>
  store.transaction((tx) =>
    takeDue(tx, {
      hospital: 'general',
      now: instant(minutes),
      owner: 'one',
      leaseUntil: instant(minutes + leaseMinutes),
      limit: 10,
      ...more,
    }),
  );

export const ids = (rows: readonly IntentionRow[]) => rows.map(({ id }) => id);

export const settle = (
  store: Store,
  id: string,
  state: 'sent' | 'unknown' | 'refused' = 'sent',
  attempt?: number,
) => store.transaction((tx) => settleIntention(tx, id, { state, attempt, at: instant(1) }));

export const retry = (
  store: Store,
  id: string,
  minutes: number,
  more: { unclear?: boolean; attempt?: number } = {},
) =>
  store.transaction((tx) =>
    retryLater(tx, id, {
      nextAt: instant(minutes),
      errorCode: 'hospital-busy',
      says: 'busy',
      unclear: false,
      ...more,
    }),
  );

/** A store that knows the referrals `r`, `s` and `t`. */
export function onOutbox(
  engine: (typeof engines)[number],
  work: (store: Store) => Promise<void>,
): Promise<void> {
  return onFresh(engine, async (store) => {
    for (const id of ['r', 's', 't']) await addReferral(store, id);
    await work(store);
  });
}
