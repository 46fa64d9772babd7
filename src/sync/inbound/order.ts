/**
 * A version of an order from the inbox: selected, refused or waiting when it is new to us; followed when it is known.
 * Parent and child orders of one request are one referral; an order that comes back to life starts a new episode.
 */

import { soundOrder } from '../../../mappings/order-to-referral.ts';
import type { HospitalChange } from '../../core/commands.ts';
import { type Episode, nothing, openEpisode } from '../../core/episode.ts';
import { AdapterError } from '../../core/errors.ts';
import type { EpisodeEvent } from '../../core/events.ts';
import { hasEnded, type OrderedCare } from '../../core/referral.ts';
import type { Selection } from '../../core/selection.ts';
import { localReference } from '../../fhir/reference.ts';
import { type Saved, saveDecided } from '../../store/decided.ts';
import { episodeOf, saveEpisode } from '../../store/episodes.ts';
import type { InboxRow } from '../../store/inbox.ts';
import { type LinkRow, linksOf, linksTo, putLink } from '../../store/links.ts';
import type { Tx } from '../../store/store.ts';
import { openWork } from '../../store/work.ts';
import { noPatient, selectOrder } from '../codes/waiting.ts';
import { countRefused } from '../report.ts';
import { nowOf, type Site } from '../site.ts';
import type { Inbound } from './applying.ts';
import { asKnown, changesAround, noteAround } from './around.ts';
import { careOf, namesPatient } from './care.ts';
import { announce, didSomething, followAll, followChange, seen, settleRow } from './effects.ts';
import { isOlder } from './newer.ts';

export async function applyOrder(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  order: fhir4.ServiceRequest,
): Promise<void> {
  const reference = `ServiceRequest/${order.id}`;
  const links = await linksTo(site.store.read, row.hospital, reference);
  const link = links.findLast((one) => one.role === 'order');
  const tasked = inbound.tasked.has(reference);
  let selection = selectOrder(site, order, tasked);
  // Another process may have taught its code while this run went on: then nobody has to be asked.
  if (selection.outcome === 'waiting' && site.codes.refresh())
    selection = selectOrder(site, order, tasked);
  if (link !== undefined) return followOrder(site, inbound, row, order, link, selection);
  const { tally } = inbound;
  if (selection.outcome === 'refused') {
    await site.store.transaction((tx) =>
      settleRow(site, tx, row, { state: 'refused', rule: selection.rule, says: selection.says }),
    );
    countRefused(tally, selection.rule);
    return;
  }
  if (selection.outcome === 'waiting') return wait(site, inbound, row, selection);
  if (!(await namesPatient(inbound, order)))
    return wait(site, inbound, row, { ...selection, says: noPatient });
  const relative = await relativeOf(site, inbound, order, links);
  if (relative !== undefined) return joinRelative(site, inbound, row, reference, relative);
  await newReferral(site, inbound, row, order, 1, { because: selection.says });
}

/** An unknown code in a place that we watch: a person decides (I9). */
async function wait(
  site: Site,
  { tally }: Inbound,
  row: InboxRow,
  selection: Selection,
): Promise<void> {
  const work = site.newId();
  const opened = await site.store.transaction(async (tx) => {
    await settleRow(site, tx, row, {
      state: 'waiting',
      rule: selection.rule,
      says: selection.says,
    });
    return openWork(tx, {
      id: work,
      hospital: row.hospital,
      kind: 'unknown-code',
      inbox: row.id,
      says: `ServiceRequest/${row.resource_id}: ${selection.says}.`,
      at: nowOf(site),
    });
  });
  tally.waiting += 1;
  if (opened) site.emit('work:opened', { hospital: row.hospital, work, kind: 'unknown-code' });
}

/**
 * The referral that this order belongs to as parent or child. A parent that we have not seen is read first, for only
 * then is it known whether it is a massage order itself or merely what the order was bundled under.
 */
async function relativeOf(
  site: Site,
  inbound: Inbound,
  order: fhir4.ServiceRequest,
  links: readonly LinkRow[],
): Promise<string | undefined> {
  const child = links.findLast((one) => one.role === 'parent-order');
  if (child !== undefined && (await isOpen(site, child.referral))) return child.referral;
  for (const parent of soundOrder(order).basedOn ?? []) {
    const local =
      parent.reference === undefined
        ? undefined
        : localReference(parent.reference, site.hospital.base);
    if (local === undefined || !local.startsWith('ServiceRequest/')) continue;
    await inbound.fetch(local);
    const known = (await linksTo(site.store.read, site.settings.id, local)).findLast(
      (one) => one.role === 'order',
    );
    if (known !== undefined && (await isOpen(site, known.referral))) return known.referral;
  }
  return undefined;
}

/** Those at this hospital, as our links name them, however the order spells them. */
function localOrders({ hospital }: Site, references: readonly string[]): string[] {
  return references.flatMap((one) => localReference(one, hospital.base) ?? []);
}

async function isOpen(site: Site, referral: string): Promise<boolean> {
  return !hasEnded((await episodeOf(site.store.read, referral)).referral.state);
}

async function joinRelative(
  site: Site,
  { tally }: Inbound,
  row: InboxRow,
  reference: string,
  referral: string,
): Promise<void> {
  await site.store.transaction(async (tx) => {
    const { care } = (await episodeOf(tx, referral)).referral;
    await putLink(tx, seen(row, reference, 'order', referral));
    await settleRow(site, tx, row, {
      state: 'applied',
      rule: 'parent-and-child',
      says: `one request with ${care.order.reference}: one referral`,
      referral,
    });
  });
  tally.selected += 1;
}

/**
 * Opens an episode; `row` is taken to its end with it, unless it is that of a Task: then `known` is the order's link.
 * `because` says why the order is ours.
 */
export async function newReferral(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  order: fhir4.ServiceRequest,
  episode: number,
  { known, because }: { readonly known?: LinkRow | undefined; readonly because?: string } = {},
): Promise<string> {
  const { value: care, flags, seen: around } = await careOf(site, inbound, order);
  const id = site.newId();
  const all = await site.store.transaction(async (tx) => {
    const requested: EpisodeEvent & { type: 'requested' } = {
      type: 'requested',
      at: nowOf(site),
      by: 'hospital',
      care,
      episode,
    };
    const opened = openEpisode(id, row.hospital, requested);
    const reference = care.order.reference;
    // A push and a poll may bring the same order at the same moment; the second of them follows the first.
    const links = await linksTo(tx, row.hospital, reference);
    if (links.filter((one) => one.role === 'order').length >= episode)
      throw new AdapterError('stale-version', 'This order was taken up by another run.', {
        about: reference,
      });
    await saveEpisode(tx, opened, [requested]);
    const version =
      known === undefined ? row : { ...known, hash: known.hash ?? row.hash, received_at: known.at };
    await putLink(tx, seen(version, reference, 'order', id));
    await noteAround(site, tx, id, around);
    for (const parent of localOrders(site, care.order.basedOn))
      await putLink(tx, {
        hospital: row.hospital,
        reference: parent,
        role: 'parent-order',
        referral: id,
        at: nowOf(site),
      });
    const saved: Saved[] = [
      await saveDecided(
        tx,
        opened,
        episode > 1 ? reopened(opened) : nothing,
        savingGiven(site, row),
      ),
    ];
    if (care.order.status === 'on-hold')
      saved.push(
        await followChange(site, tx, id, {
          type: 'order-held',
          reason: 'The order arrived on hold.',
        }),
      );
    for (const change of changesAround(undefined, care))
      saved.push(await followChange(site, tx, id, change, { inbox: row.id }));
    for (const replaced of localOrders(site, care.order.replaces))
      saved.push(...(await replace(site, tx, row.hospital, replaced, reference)));
    if (known === undefined)
      await settleRow(site, tx, row, {
        state: 'applied',
        rule: episode > 1 ? 'reopened' : 'selected',
        says: `${episode > 1 ? `episode ${episode} of this order` : 'a new referral'}${because === undefined ? '' : `: ${because}`}`,
        referral: id,
        findings: flags,
      });
    return { opened, saved };
  });
  inbound.tally.new += 1;
  inbound.tally.selected += 1;
  site.emit('referral:changed', {
    hospital: row.hospital,
    referral: id,
    state: 'requested',
    events: ['requested'],
    by: 'hospital',
  });
  for (const one of all.saved) announce(site, one, 'hospital');
  return id;
}

function reopened({ referral }: Episode) {
  return {
    ...nothing,
    work: [
      {
        kind: 'reopened' as const,
        says: `The hospital opened ${referral.care.order.reference} again: decide anew.`,
      },
    ],
  };
}

async function replace(
  site: Site,
  tx: Tx,
  hospital: string,
  replaced: string,
  by: string,
): Promise<Saved[]> {
  const old = (await linksTo(tx, hospital, replaced)).findLast((one) => one.role === 'order');
  if (old === undefined) return [];
  return [await followChange(site, tx, old.referral, { type: 'order-replaced', supersededBy: by })];
}

/** A newer version of an order that we have. */
async function followOrder(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  order: fhir4.ServiceRequest,
  link: LinkRow,
  selection: Selection,
): Promise<void> {
  const { tally } = inbound;
  const reference = `ServiceRequest/${order.id}`;
  if (isOlder(row, link)) {
    await site.store.transaction((tx) =>
      settleRow(site, tx, row, {
        state: 'outdated',
        rule: 'older',
        says: 'a newer version was applied before',
        referral: link.referral,
      }),
    );
    tally.ignored += 1;
    return;
  }
  const episode = await episodeOf(site.store.read, link.referral);
  const { referral } = episode;
  if (referral.care.order.reference !== reference) {
    await site.store.transaction(async (tx) => {
      await putLink(tx, seen(row, reference, 'order', referral.id));
      await settleRow(site, tx, row, {
        state: 'ignored',
        rule: 'parent-and-child',
        says: `the referral follows ${referral.care.order.reference}`,
        referral: referral.id,
      });
    });
    tally.ignored += 1;
    return;
  }
  if (comesBack(episode, order) && selection.outcome === 'selected')
    return void (await newReferral(site, inbound, row, order, referral.episode + 1));
  if (comesBack(episode, order) && selection.outcome === 'waiting')
    return wait(site, inbound, row, selection);
  const { value: read, flags, seen: around } = await careOf(site, inbound, order);
  const saved = await site.store.transaction(async (tx) => {
    // As it is now: what is beside an order changes on its own, also while the order is read.
    const known = (await episodeOf(tx, referral.id)).referral.care;
    const care = asKnown(known, read, around);
    const beside = changesAround(known, read);
    const result = await followAll(site, tx, referral.id, [changeOf(care), ...beside], row);
    await putLink(tx, seen(row, reference, 'order', referral.id));
    await noteAround(site, tx, referral.id, around);
    const recoded =
      selection.outcome === 'refused' &&
      ['service', 'look-alike', 'do-not-perform'].includes(selection.rule);
    if (recoded && !hasEnded(result.episode.referral.state))
      await openWork(tx, {
        id: site.newId(),
        hospital: row.hospital,
        kind: 'conflict',
        referral: referral.id,
        inbox: row.id,
        says: `The order is no longer one of ours: ${selection.says}.`,
        at: nowOf(site),
      });
    if (!hasEnded(referral.state) && hasEnded(result.episode.referral.state))
      await askAboutOthers(site, tx, row, referral.id, reference);
    await settleRow(site, tx, row, {
      state: 'applied',
      rule: 'followed',
      says: didSomething(result)
        ? `order is ${care.order.status}`
        : 'nothing that concerns us changed',
      referral: referral.id,
      findings: flags,
    });
    return result;
  });
  tally.selected += 1;
  if (didSomething(saved)) tally.changed += 1;
  announce(site, saved, 'hospital');
}

/** The request may go on under another of its orders, which has no referral of its own: a person has to ask. */
async function askAboutOthers(
  site: Site,
  tx: Tx,
  row: InboxRow,
  referral: string,
  ended: string,
): Promise<void> {
  for (const { role, reference } of await linksOf(tx, referral))
    if (role === 'order' && reference !== ended)
      await openWork(tx, {
        id: site.newId(),
        hospital: row.hospital,
        kind: 'conflict',
        referral,
        inbox: row.id,
        says: `${ended} has ended at the hospital; ${reference} of the same request may still stand: ask.`,
        at: nowOf(site),
      });
}

const standing: readonly string[] = ['active', 'on-hold'];

/** Stands again after it had not: a new episode, for an ended state is never left (closed-loop §8.1). */
function comesBack({ referral }: Episode, order: fhir4.ServiceRequest): boolean {
  return (
    hasEnded(referral.state) &&
    !standing.includes(referral.care.order.status) &&
    standing.includes(order.status)
  );
}

function changeOf(care: OrderedCare): HospitalChange {
  switch (care.order.status) {
    case 'active':
      return { type: 'order-active', care };
    case 'on-hold':
      return { type: 'order-held', care, reason: 'The hospital put the order on hold.' };
    case 'revoked':
      return { type: 'order-revoked', care, reason: 'The hospital revoked the order.' };
    case 'completed':
      return { type: 'order-completed', care };
    case 'entered-in-error':
      return {
        type: 'order-withdrawn',
        care,
        reason: 'The hospital marked the order as entered in error.',
      };
    default:
      return { type: 'order-revised', care };
  }
}

function savingGiven(site: Site, row: InboxRow) {
  return { now: nowOf(site), newId: site.newId, inbox: row.id };
}
