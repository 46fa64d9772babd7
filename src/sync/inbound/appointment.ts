/**
 * A version of an Appointment: our own writing seen again, a visit that the hospital moved, cancelled or booked, or one
 * booked in the place of a cancelled one: then the visit moves and stays one session (closed-loop §9.1).
 */

import { readAppointment, type VisitNews } from '../../../mappings/appointment-to-session.ts';
import type { HospitalChange } from '../../core/commands.ts';
import { ourIdentifierSystem } from '../../core/concept.ts';
import { hasEnded } from '../../core/referral.ts';
import { sessionHasEnded, visitReason } from '../../core/session.ts';
import { localReference } from '../../fhir/reference.ts';
import { episodeOf } from '../../store/episodes.ts';
import { type InboxRow, pendingOfType } from '../../store/inbox.ts';
import { type LinkRow, linksOf, linksTo, moveLink, putLink } from '../../store/links.ts';
import { intentionOf, settleIntention } from '../../store/outbox.ts';
import { openWork, settleWorkOf } from '../../store/work.ts';
import { nowOf, type Site, therapistsOf } from '../site.ts';
import type { Inbound } from './applying.ts';
import { isOurs, settleEcho } from './echo.ts';
import { announce, didSomething, dismissRow, followChange, seen, settleRow } from './effects.ts';
import { isOlder } from './newer.ts';

export async function applyAppointment(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  appointment: fhir4.Appointment,
): Promise<void> {
  const reference = `Appointment/${appointment.id}`;
  const link = (await linksTo(site.store.read, row.hospital, reference)).findLast(
    (one) => one.role === 'appointment',
  );
  const reading = read(site, appointment);
  if (link?.session)
    return followVisit(site, inbound, row, reading, { ...link, session: link.session });
  const own = await ownSession(site, reading);
  if (own !== undefined) {
    const now = await standsFor(site, own);
    return now === undefined
      ? followOwn(site, inbound, row, reading, reference, own)
      : besides(site, inbound, row, reading, own, now);
  }
  const referral = await referralOf(site, reading);
  if (referral === undefined)
    return dismissRow(site, inbound.tally, row, {
      state: 'ignored',
      rule: 'no-order',
      says: 'it is not based on an order of ours',
    });
  if (reading.says !== 'booked' && reading.says !== 'arrived')
    return dismissRow(site, inbound.tally, row, {
      state: 'ignored',
      rule: 'not-booked',
      says: `a visit that is ${reading.says} and was never ours`,
      referral,
    });
  const { start, end } = reading;
  if (start === undefined || end === undefined)
    return dismissRow(site, inbound.tally, row, {
      state: 'unusable',
      rule: 'no-time',
      says: 'a booked visit without start and end',
      referral,
    });
  const replaced = await replacedVisit(site, referral);
  if (replaced !== undefined)
    return moveVisit(site, inbound, row, reference, replaced, { start, end, place: reading.place });
  const session = site.newId();
  const saved = await site.store.transaction(async (tx) => {
    await putLink(tx, { ...seen(row, reference, 'appointment', referral), session });
    const result = await followChange(
      site,
      tx,
      referral,
      {
        type: 'visit-booked',
        session,
        start,
        end,
        therapist: reading.therapist,
        place: reading.place,
      },
      { inbox: row.id },
    );
    await settleRow(site, tx, row, {
      state: 'applied',
      rule: 'booked-there',
      says: 'the hospital booked a visit',
      referral,
    });
    return result;
  });
  inbound.tally.changed += 1;
  announce(site, saved, 'hospital');
}

function read(site: Site, appointment: fhir4.Appointment): VisitNews {
  const given = { therapists: therapistsOf(site), codes: site.codes.of(site.settings.id) };
  return readAppointment(appointment, given, site.tables['appointment-to-session']).value;
}

/** The visit of an Appointment that we know has changed at the hospital. */
async function followVisit(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  reading: VisitNews,
  link: LinkRow & { session: string },
): Promise<void> {
  const { referral, session } = link;
  if (await isOurs(site, row, link)) return settleEcho(site, inbound, row, link);
  if (isOlder(row, link))
    return dismissRow(site, inbound.tally, row, {
      state: 'outdated',
      rule: 'older',
      says: 'a newer version was applied before',
      referral,
    });
  if (reading.says === 'cancelled') {
    const other = await replacement(site, referral, row.id);
    if (other !== undefined) {
      const { start, end, place } = other.reading;
      return moveVisit(site, inbound, other.row, other.reference, link, { start, end, place }, row);
    }
  }
  const changes = changesOf(reading, session);
  const saved = await site.store.transaction(async (tx) => {
    const results = [];
    for (const change of changes)
      results.push(await followChange(site, tx, referral, change, { inbox: row.id }));
    await putLink(tx, { ...seen(row, link.reference, 'appointment', referral), session });
    const says = results.some(didSomething)
      ? `the hospital’s visit is ${reading.says}`
      : 'nothing that concerns us changed';
    await settleRow(site, tx, row, { state: 'applied', rule: 'followed', says, referral });
    return results;
  });
  if (saved.some(didSomething)) inbound.tally.changed += 1;
  for (const one of saved) announce(site, one, 'hospital');
}

/** What a version of a known Appointment says about its visit: where and when first, then how it went. */
function changesOf(reading: VisitNews, session: string): HospitalChange[] {
  const { start, end, place } = reading;
  const moved: HospitalChange[] =
    start === undefined || end === undefined
      ? []
      : [{ type: 'visit-moved', session, start, end, place }];
  switch (reading.says) {
    case 'booked':
    case 'moved-or-same':
      return moved;
    case 'arrived':
      return [{ type: 'visit-arrived', session }];
    case 'cancelled':
      return [
        {
          type: 'visit-cancelled',
          session,
          reason: reading.reason ?? { text: 'Cancelled by the hospital' },
        },
      ];
    case 'withdrawn':
      return [
        { type: 'visit-cancelled', session, reason: visitReason('Withdrawn by the hospital') },
      ];
    case 'no-show':
      return [{ type: 'visit-missed', session }];
    case 'fulfilled':
      return [{ type: 'visit-fulfilled', session }];
    case 'proposed':
    case 'unclear':
      return [];
  }
}

/** One Appointment takes the place of another: the visit moves, its link goes with it, and it stays one session. */
async function moveVisit(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  reference: string,
  link: LinkRow & { session: string },
  to: { readonly start: string; readonly end: string; readonly place?: string | undefined },
  cancelled?: InboxRow,
): Promise<void> {
  const { referral, session } = link;
  const saved = await site.store.transaction(async (tx) => {
    await moveLink(tx, link, { ...seen(row, reference, 'appointment', referral), session });
    const result = await followChange(
      site,
      tx,
      referral,
      { type: 'visit-moved', session, ...to },
      { inbox: row.id },
    );
    const says = `the visit of ${link.reference}, booked anew`;
    await settleRow(site, tx, row, { state: 'applied', rule: 'replaced', says, referral });
    if (cancelled !== undefined)
      await settleRow(site, tx, cancelled, {
        state: 'applied',
        rule: 'replaced',
        says: `${reference} takes its place`,
        referral,
      });
    return result;
  });
  inbound.tally.changed += 1;
  announce(site, saved, 'hospital');
}

interface Booked {
  readonly row: InboxRow;
  readonly reference: string;
  readonly reading: VisitNews & { readonly start: string; readonly end: string };
}

/** An Appointment of the same referral that arrived together with a cancellation and is not linked yet: exactly one. */
async function replacement(
  site: Site,
  referral: string,
  except: string,
): Promise<Booked | undefined> {
  const found: Booked[] = [];
  for (const row of await pendingOfType(site.store.read, site.settings.id, 'Appointment')) {
    if (row.id === except || row.body === null || row.resource_id === null) continue;
    const reading = read(site, JSON.parse(row.body) as fhir4.Appointment);
    const { start, end } = reading;
    if (reading.says !== 'booked' || start === undefined || end === undefined) continue;
    const reference = `Appointment/${row.resource_id}`;
    if ((await referralOf(site, reading)) !== referral) continue;
    if (
      (await linksTo(site.store.read, row.hospital, reference)).length > 0 ||
      (await ownSession(site, reading))
    )
      continue;
    found.push({ row, reference, reading: { ...reading, start, end } });
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The open visit of this referral whose Appointment the hospital has just cancelled, if it is exactly one. */
async function replacedVisit(
  site: Site,
  referral: string,
): Promise<(LinkRow & { session: string }) | undefined> {
  const { sessions } = await episodeOf(site.store.read, referral);
  const open = sessions
    .filter((session) => !sessionHasEnded(session.state))
    .map((session) => session.id);
  const links = (await linksOf(site.store.read, referral)).filter(
    (link) => link.role === 'appointment',
  );
  const found: (LinkRow & { session: string })[] = [];
  for (const row of await pendingOfType(site.store.read, site.settings.id, 'Appointment')) {
    if (row.body === null) continue;
    const link = links.find((one) => one.reference === `Appointment/${row.resource_id}`);
    if (link?.session == null || !open.includes(link.session)) continue;
    const cancelled = read(site, JSON.parse(row.body) as fhir4.Appointment).says === 'cancelled';
    if (cancelled && !(await isOurs(site, row, link)))
      found.push({ ...link, session: link.session });
  }
  return found.length === 1 ? found[0] : undefined;
}

interface Own {
  readonly referral: string;
  readonly session: string;
  readonly intention: string;
}

/** An Appointment that carries the identifier of one of our intentions: we made it, whatever became of the answer. */
async function ownSession(site: Site, { identifier }: VisitNews): Promise<Own | undefined> {
  const value = identifier.find((one) => one.system === ourIdentifierSystem)?.value;
  const intention = value === undefined ? undefined : await intentionOf(site.store.read, value);
  if (intention?.kind !== 'write-appointment' || intention.session === null) return undefined;
  return { referral: intention.referral, session: intention.session, intention: intention.id };
}

/** The Appointment that the visit has by now, where it is another one than what our intention had made. */
async function standsFor(site: Site, { referral, session }: Own): Promise<string | undefined> {
  return (await linksOf(site.store.read, referral)).findLast(
    (one) => one.role === 'appointment' && one.session === session,
  )?.reference;
}

/** Ours, but the visit stands under another Appointment: over and done with after a move, else one too many. */
async function besides(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  { says: status }: VisitNews,
  { referral, session }: Own,
  now: string,
): Promise<void> {
  const isOver = status === 'cancelled' || status === 'withdrawn' || status === 'no-show';
  await site.store.transaction(async (tx) => {
    const says = `the visit stands under ${now}`;
    await settleRow(site, tx, row, { state: 'ignored', rule: 'replaced', says, referral });
    if (isOver) return;
    await openWork(tx, {
      id: site.newId(),
      hospital: row.hospital,
      kind: 'conflict',
      referral,
      session,
      inbox: row.id,
      says: `Appointment/${row.resource_id} is ${status}, and ${says}: cancel one of them there.`,
      at: nowOf(site),
    });
  });
  inbound.tally.ignored += 1;
}

async function followOwn(
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  reading: VisitNews,
  reference: string,
  { referral, session, intention }: Own,
): Promise<void> {
  // Linked without a version: what the hospital shows is compared with the record, it is not taken for an echo.
  const link = await site.store.transaction(async (tx) => {
    const at = row.received_at;
    await putLink(tx, {
      hospital: row.hospital,
      reference,
      role: 'appointment',
      referral,
      session,
      intention,
      at,
    });
    await followChange(site, tx, referral, { type: 'visit-confirmed', session }, { by: 'adapter' });
    return (await linksTo(tx, row.hospital, reference)).findLast(
      (one) => one.role === 'appointment',
    );
  });
  if (link === undefined) return;
  await followVisit(site, inbound, row, reading, { ...link, session });
  await nowKnown(site, intention, reference);
}

/** A write whose fate was unknown, and here it is: nobody has to look for it any more. */
async function nowKnown(site: Site, intention: string, resource: string): Promise<void> {
  const at = nowOf(site);
  await site.store.transaction(async (tx) => {
    if ((await intentionOf(tx, intention))?.state !== 'unknown') return;
    await settleIntention(tx, intention, {
      state: 'sent',
      says: 'seen at the hospital',
      resource,
      at,
    });
    await settleWorkOf(tx, { intention, by: 'adapter', at });
  });
}

async function referralOf(site: Site, reading: VisitNews): Promise<string | undefined> {
  for (const order of reading.orders) {
    const local = localReference(order, site.hospital.base) ?? order;
    const link = (await linksTo(site.store.read, site.settings.id, local)).findLast(
      (one) => one.role === 'order',
    );
    if (link === undefined) continue;
    if (!hasEnded((await episodeOf(site.store.read, link.referral)).referral.state))
      return link.referral;
  }
  return undefined;
}
