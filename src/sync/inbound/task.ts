/**
 * A version of a Task: one addressed to us brings its order with it, also one that no search for orders showed; one with
 * code `abort` asks to cancel; one that the hospital cancelled before we began ends the referral (closed-loop §3, §5).
 */

import { sameReference } from '../../../mappings/concepts.ts';
import { readTask, type TaskNews } from '../../../mappings/task-to-request.ts';
import { hasEnded, type ReferralState } from '../../core/referral.ts';
import { taskDialects } from '../../core/task-dialects.ts';
import { localReference } from '../../fhir/reference.ts';
import type { Saved } from '../../store/decided.ts';
import { episodeOf } from '../../store/episodes.ts';
import { type InboxRow, latestOf } from '../../store/inbox.ts';
import { type LinkRow, linksTo, putLink } from '../../store/links.ts';
import { intend } from '../../store/outbox.ts';
import { openWork } from '../../store/work.ts';
import { nowOf, type Site } from '../site.ts';
import type { Inbound } from './applying.ts';
import { askedAgain } from './asked-again.ts';
import { isOurs, settleEcho } from './echo.ts';
import { announce, didSomething, dismissRow, followChange, seen, settleRow } from './effects.ts';
import { isOlder } from './newer.ts';

export async function applyTask(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  task: fhir4.Task,
): Promise<void> {
  const reference = `Task/${task.id}`;
  const links = await linksTo(site.store.read, row.hospital, reference);
  const link = links.findLast((one) => one.role === 'task' || one.role === 'cancel-task');
  const reading = readTask(task, site.tables['task-to-request']).value;
  if (link !== undefined) return followTask(site, inbound, row, reading, link);
  if (reading.asks === 'cancel') return askedToCancel(site, inbound, row, reference, reading);
  const notForUs = whyNotForUs(site, reading);
  if (notForUs !== undefined)
    return dismissRow(site, inbound.tally, row, {
      state: 'ignored',
      rule: 'not-ours',
      says: notForUs,
    });
  const order =
    reading.order === undefined ? undefined : localReference(reading.order, site.hospital.base);
  if (order === undefined)
    return dismissRow(site, inbound.tally, row, {
      state: 'ignored',
      rule: 'no-order',
      says: 'it names no order of this hospital',
    });
  const addressed = reading.owner !== undefined;
  if (addressed) inbound.tasked.add(order);
  if ((await referralOf(site, order)) === undefined)
    await inbound.fetch(order, addressed ? 'readmit' : undefined);
  const referral = await referralOf(site, order);
  if (referral === undefined) return withoutReferral(site, inbound, row, order, addressed);
  const again = await askedAgain(site, inbound, row, referral);
  return linkTask(site, inbound, row, reference, again ?? referral);
}

async function linkTask(
  site: Site,
  { tally }: Inbound,
  row: InboxRow,
  reference: string,
  referral: string,
): Promise<void> {
  await site.store.transaction(async (tx) => {
    await putLink(tx, seen(row, reference, 'task', referral));
    const { state } = (await episodeOf(tx, referral)).referral;
    // The Task learns where the referral stands: `received`, or whatever was decided before the Task came.
    if (state !== 'requested' || taskDialects[site.settings.dialect].received)
      await intend(tx, [
        {
          id: site.newId(),
          hospital: row.hospital,
          referral,
          kind: 'report-progress',
          at: nowOf(site),
        },
      ]);
    await settleRow(site, tx, row, {
      state: 'applied',
      rule: 'linked',
      says: 'the Task of this referral',
      referral,
    });
  });
  tally.changed += 1;
}

/** A newer version of a Task that we know: our own writing, a cancellation, or a Task given to somebody else. */
async function followTask(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  reading: TaskNews,
  link: LinkRow,
): Promise<void> {
  const { referral } = link;
  if (await isOurs(site, row, link)) return settleEcho(site, inbound, row, link);
  if (isOlder(row, link))
    return dismissRow(site, inbound.tally, row, {
      state: 'outdated',
      rule: 'older',
      says: 'a newer version was applied before',
      referral,
    });
  // Asked for anew by the Task that had ended.
  if (link.role === 'task' && reading.status === 'requested') {
    const again = await askedAgain(site, inbound, row, referral);
    if (again !== undefined) return linkTask(site, inbound, row, link.reference, again);
  }
  const saved = await site.store.transaction(async (tx) => {
    await putLink(tx, seen(row, link.reference, link.role, referral));
    const episode = await episodeOf(tx, referral);
    let result: Saved | undefined;
    let says = 'nothing that concerns us changed';
    const { state } = episode.referral;
    const conflict =
      link.role === 'task' && !hasEnded(state) ? conflictWith(site, reading, state) : undefined;
    if (link.role === 'task' && reading.status === 'cancelled' && !hasEnded(state)) {
      result = await followChange(site, tx, referral, {
        type: 'order-revoked',
        reason: 'The hospital cancelled the Task.',
      });
      says = 'the hospital cancelled the Task';
    } else if (conflict !== undefined) {
      says = 'the hospital took the Task elsewhere: a person has to look';
      await openWork(tx, {
        id: site.newId(),
        hospital: row.hospital,
        kind: 'conflict',
        referral,
        inbox: row.id,
        says: conflict,
        at: nowOf(site),
      });
    }
    await settleRow(site, tx, row, { state: 'applied', rule: 'followed', says, referral });
    return result;
  });
  if (saved !== undefined && didSomething(saved)) inbound.tally.changed += 1;
  announce(site, saved, 'hospital');
}

async function askedToCancel(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  reference: string,
  reading: TaskNews,
): Promise<void> {
  const target = localReference(reading.stops ?? reading.order ?? '', site.hospital.base);
  const links = target === undefined ? [] : await linksTo(site.store.read, row.hospital, target);
  const referral = links.findLast((one) => one.role === 'task' || one.role === 'order')?.referral;
  if (referral === undefined || reading.status !== 'requested')
    return dismissRow(site, inbound.tally, row, {
      state: 'ignored',
      rule: 'not-ours',
      says: 'it asks to cancel something that is not ours, or no longer asks',
    });
  const saved = await site.store.transaction(async (tx) => {
    await putLink(tx, seen(row, reference, 'cancel-task', referral));
    await settleRow(site, tx, row, {
      state: 'applied',
      rule: 'cancel-asked',
      says: 'the hospital asks to cancel',
      referral,
    });
    return followChange(
      site,
      tx,
      referral,
      { type: 'cancel-asked', reason: reading.reason ?? 'no reason given' },
      { inbox: row.id },
    );
  });
  inbound.tally.changed += 1;
  announce(site, saved, 'hospital');
}

/** Why a Task that we do not know yet asks nothing of us; undefined when it does. */
function whyNotForUs(site: Site, { asks, owner, status, ended }: TaskNews): string | undefined {
  const us = site.settings.organization;
  if (asks !== 'fulfil') return 'it asks for something that we do not do';
  if (us === undefined) return 'organization is not set: no Task can be addressed to us';
  if (owner !== undefined && !sameReference(owner, us)) return 'it is addressed to somebody else';
  if (ended || status === 'draft') return `it is ${status}`;
  return owner === undefined && status !== 'requested' ? `it is nobody’s and ${status}` : undefined;
}

/** What a version of our Task says that an open referral does not: no table follows it, so a person has to (I9). */
function conflictWith(
  site: Site,
  { owner, status, ended }: TaskNews,
  state: ReferralState,
): string | undefined {
  if (owner !== undefined && !sameReference(owner, site.settings.organization))
    return 'The hospital gave the Task to somebody else.';
  const holds = state === 'on-hold' || state === 'cancellation-requested';
  return ended || (status === 'on-hold' && !holds)
    ? `The hospital set the Task to ${status} while the referral is ${state}: ask what it means.`
    : undefined;
}

/** A Task asks for an order that did not become a referral: the order’s own verdict says why. */
async function withoutReferral(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  order: string,
  addressed: boolean,
): Promise<void> {
  const [type = '', id = ''] = order.split('/');
  const verdict = await latestOf(site.store.read, row.hospital, type, id);
  if (verdict?.state === 'waiting') {
    await site.store.transaction((tx) =>
      settleRow(site, tx, row, {
        state: 'waiting',
        rule: 'order-waits',
        says: `${order} waits for a person`,
      }),
    );
    return;
  }
  const says =
    verdict === undefined
      ? `${order} cannot be read`
      : `${order} is ${verdict.state}: ${verdict.says ?? verdict.rule}`;
  if (!addressed)
    return dismissRow(site, inbound.tally, row, { state: 'ignored', rule: 'order-refused', says });
  await site.store.transaction(async (tx) => {
    await settleRow(site, tx, row, { state: 'refused', rule: 'order-refused', says });
    await openWork(tx, {
      id: site.newId(),
      hospital: row.hospital,
      kind: 'task-without-referral',
      inbox: row.id,
      says: `A Task addressed to us asks for an order that is not a referral here: ${says}.`,
      at: nowOf(site),
    });
  });
  inbound.tally.waiting += 1;
}

async function referralOf(site: Site, order: string): Promise<string | undefined> {
  return (await linksTo(site.store.read, site.settings.id, order)).findLast(
    (one) => one.role === 'order',
  )?.referral;
}
