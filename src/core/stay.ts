/**
 * The stay or visit at the hospital (its Encounter) that an order belongs to, as far as it decides whether somebody still
 * lies in that bed. An Encounter that is over means discharge for some classes and nothing at all for others: the tables
 * below say which, and nothing else does.
 */
import type { Coding, Instant, Named } from './concept.ts';

export interface Stay {
  /** `Encounter/…` */
  readonly reference: string;
  /** As the hospital says it. */
  readonly status: string;
  readonly class?: Coding | undefined;
  /** As the hospital says them, also partial. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** Where the patient is now: the Location, and up to the ward in words. */
  readonly place?: Named | undefined;
  /** Present when it is over: by its status, or since its end has passed. */
  readonly ended?: true | undefined;
}

export const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** What the classes of v3-ActCode mean for a visit at the bedside; every other class, and none, is `other`. */
export const stayKinds = {
  IMP: 'bed',
  ACUTE: 'bed',
  NONAC: 'bed',
  OBSENC: 'bed',
  EMER: 'bed',
  SS: 'bed',
  AMB: 'contact',
  VR: 'contact',
} as const satisfies Readonly<Record<string, StayKind>>;

/** `bed`: the patient has a bed here. `contact`: one appointment, over by nature when it is over. */
export type StayKind = 'bed' | 'contact' | 'other';

/** When the end of a stay freezes the visits of its orders. */
export const endFreezes = {
  /** Whenever it is seen to be over, also when the order arrives. */
  bed: 'always',
  /** Orders are made in an outpatient contact to be carried out after it. */
  contact: 'never',
  /** A class that only the hospital knows: only where it was seen to be open before. */
  other: 'when-seen-open',
} as const satisfies Readonly<Record<StayKind, 'always' | 'never' | 'when-seen-open'>>;

export function kindOfStay({ class: act }: Pick<Stay, 'class'>): StayKind {
  const { system = actCode, code = '' } = act ?? {};
  return system === actCode && Object.hasOwn(stayKinds, code)
    ? stayKinds[code as keyof typeof stayKinds]
    : 'other';
}

/** Statuses of an Encounter that is over (R4 encounter-status), in the words of what happened. */
const endedStatuses = {
  finished: 'The stay has ended: the hospital has discharged the patient.',
  cancelled: 'The hospital cancelled the stay.',
  'entered-in-error': 'The hospital marked the stay as entered in error.',
} as const;

/** The latest zone is twelve hours behind UTC: a day that names no time is over everywhere then. */
const dayMs = 36 * 60 * 60_000;

/** Whether a stay with this status and end is over at `now`. An end without a day says nothing. */
export function isOver({ status, end }: Pick<Stay, 'status' | 'end'>, now: Instant): boolean {
  if (Object.hasOwn(endedStatuses, status)) return true;
  if (end === undefined || !/^\d{4}-\d{2}-\d{2}/.test(end)) return false;
  const at = Date.parse(end);
  return !Number.isNaN(at) && at + (end.length === 10 ? dayMs : 0) <= Date.parse(now);
}

/**
 * Why the visits of an order must stop now that its stay is so; undefined where they need not. `before` is what was
 * known of the same stay.
 */
export function whyStayEnds(before: Stay | undefined, now: Stay): string | undefined {
  const known = before?.reference === now.reference ? before : undefined;
  if (now.ended === undefined || known?.ended !== undefined) return undefined;
  const rule = endFreezes[kindOfStay(now)];
  if (rule === 'never' || (rule === 'when-seen-open' && known === undefined)) return undefined;
  return Object.hasOwn(endedStatuses, now.status)
    ? endedStatuses[now.status as keyof typeof endedStatuses]
    : 'The stay has ended: its end has passed.';
}

/** Whether two names mean one place: by reference where both have one, else by their words. */
export function isSamePlace(one: Named, other: Named): boolean {
  return one.reference !== undefined && other.reference !== undefined
    ? one.reference === other.reference
    : one.display === other.display;
}
