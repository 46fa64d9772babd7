/**
 * What a newer reading of the stay does to a referral: who lies elsewhere now is visited elsewhere, and who went home is
 * not visited at all until a person has decided. Visits that are under way are the business of who is at the bedside.
 */
import type { Unstamped } from './decide-referral.ts';
import { follow } from './edges.ts';
import type { Episode, WorkNote } from './episode.ts';
import type { Intended } from './intentions.ts';
import type { OrderedCare } from './referral.ts';
import type { Session } from './session.ts';
import { sessionEdges } from './session-states.ts';
import { isSamePlace, type Stay, whyStayEnds } from './stay.ts';

export interface StayNews {
  readonly events: readonly Unstamped[];
  readonly intentions: readonly Intended[];
  /** Why the visits are to be frozen. */
  readonly ended?: string | undefined;
}

export function stayNews({ referral, sessions }: Episode, read: Stay): StayNews {
  const { care } = referral;
  const before = care.stay?.reference === read.reference ? care.stay : undefined;
  const stay = withKnownWords(read, before);
  const { place: to } = stay;
  const from = before?.place;
  const isMove =
    to !== undefined && !(from && isSamePlace(from, to) && from.display === to.display);
  const moving = isMove ? sessions.filter((one) => mayMove(one) && follows(one, from)) : [];
  const place = isMove && follows(care, from) ? placeOf(to) : {};
  const changed: Unstamped[] = isSameStay(care.stay, stay)
    ? []
    : [{ type: 'stay-changed', stay, ...place }];
  return {
    events: [
      ...changed,
      ...moving
        .filter((one) => to !== undefined && !isThere(one, to))
        .map((one): Unstamped => ({ type: 'place-moved', session: one.id, ...placeOf(to) })),
    ],
    // Only where an Appointment of ours names a place: in words, as we write it.
    intentions: moving
      .filter((one) => one.bookedBy === 'service' && one.place !== undefined)
      .map((one): Intended => ({ kind: 'write-appointment', session: one.id })),
    ended: whyStayEnds(before, stay),
  };
}

/** A place that could not be read this time keeps its words. */
function withKnownWords(read: Stay, before: Stay | undefined): Stay {
  const [now, known] = [read.place, before?.place];
  const isUnread = now !== undefined && now.display === undefined;
  return isUnread && known?.reference === now.reference ? { ...read, place: known } : read;
}

/** What a person is asked when a stay is over. */
export function stayEndedWork(reason: string): WorkNote {
  return {
    kind: 'stay-ended',
    says: `${reason} Visits are frozen until somebody decides: resume the referral if the order goes on as outpatient, else give it up.`,
  };
}

function mayMove({ state }: Session): boolean {
  return follow(sessionEdges, state, 'place-moved', 'hospital') !== undefined;
}

interface Placed {
  readonly place?: string | undefined;
  readonly location?: string | undefined;
}

/** Whether a place is that of the stay, so that it goes where the stay goes: not one that somebody chose. */
function follows({ place, location }: Placed, from: Stay['place']): boolean {
  if (place === undefined && location === undefined) return true;
  return from !== undefined && isSamePlace({ reference: location, display: place }, from);
}

function isThere({ place, location }: Placed, to: NonNullable<Stay['place']>): boolean {
  return location === to.reference && place === (to.display ?? to.reference);
}

function placeOf(to: Stay['place']): Placed {
  return { place: to?.display ?? to?.reference, location: to?.reference };
}

/** Nothing in it that we keep has changed. */
export function isSameStay(one: OrderedCare['stay'], other: Stay): boolean {
  return one !== undefined && text(one) === text(other);
}

function text(stay: Stay): string {
  const { reference, status, class: act, start, end, place, ended } = stay;
  return JSON.stringify([
    reference,
    status,
    [act?.system, act?.code, act?.display],
    start,
    end,
    [place?.reference, place?.display],
    ended,
  ]);
}
