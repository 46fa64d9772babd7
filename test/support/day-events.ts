/**
 * The scripted day itself: what a hospital and its massage service do from the first order to the last report. It only
 * acts and notes what it saw on the way; what must be true in the evening is proven in `scripted-day.ts`.
 */

import type { ReferralCommand } from '../../src/core/commands.ts';
import { receivePush } from '../../src/sync/push.ts';
import type { RunReport } from '../../src/sync/report.ts';
import type { TestAdapter } from '../sync/adapter.ts';
import type { DayClock } from './day-clock.ts';
import { type DayHospital, massage } from './day-hospital.ts';
import type { DayWay } from './day-ways.ts';
import { get, searchAll, versions } from './fhir-http.ts';

/** The orders of the day, by what becomes of them. */
export const storyOrders = [
  'finished',
  'own-task',
  'moved',
  'replaced',
  'asleep',
  'declined',
  'revoked',
  'held',
] as const;
export type StoryOrder = (typeof storyOrders)[number];

/** Those for which the hospital has a Task; the others get one of ours. */
const tasked: readonly StoryOrder[] = ['finished', 'replaced', 'declined', 'revoked', 'held'];
/** Those that the hospital pushes instead of waiting for our poll. */
export const pushed: readonly StoryOrder[] = ['replaced', 'asleep'];

const coded = (code: string, display: string) => ({
  code: { coding: [{ system: massage.system, code, display }] },
});

/** What must not become a referral, and the rule that says so. */
export const refusedOrders = {
  'cardiac-massage': ['look-alike', coded('83099006', 'Manual external cardiac massage')],
  'open-chest': ['look-alike', coded('149213005', 'Open chest massage of heart')],
  'carotid-massage': ['look-alike', coded('129090007', 'Carotid sinus massage')],
  'infant-education': ['look-alike', coded('395127001', 'Infant massage education')],
  'urine-collection': ['look-alike', coded('1388791008', 'Urine after prostatic massage')],
  shampoo: ['look-alike', { code: { text: 'Massage 5-15 ml into wet hair' } }],
  draft: ['status', { status: 'draft' }],
  plan: ['intent', { intent: 'plan' }],
} as const satisfies Record<string, readonly [rule: string, order: Partial<fhir4.ServiceRequest>]>;

export interface Lived {
  /** Reports of all syncs, the idle ones last. */
  readonly reports: readonly RunReport[];
  /** Orders of others that were on the server before the day, with their versions. */
  readonly foreignOrders: Readonly<Record<string, string>>;
  /** Task.status of the order on hold: accepted, held, resumed. */
  readonly heldTask: readonly string[];
  /** What the hospital saw in the middle of the visit. */
  readonly underWay: { readonly appointment: string | undefined; readonly task: string };
  /** Start and end that the hospital gave to the visits which it moved. */
  readonly newTimes: Readonly<Record<'moved' | 'replaced', readonly [start: string, end: string]>>;
  /** Versions of everything on the server before and after three syncs with nothing to do. */
  readonly idle: {
    readonly before: Readonly<Record<string, string>>;
    readonly after: Readonly<Record<string, string>>;
  };
}

/** What a day is lived with. */
export interface Day {
  readonly hospital: DayHospital;
  readonly adapter: TestAdapter;
  readonly clock: DayClock;
  /** How the orders come in. */
  readonly way: DayWay;
  /** Who books the visits: we, or the hospital in its own system, where ours may not be written there. */
  readonly books: 'us' | 'hospital';
  /** Puts an order where the adapter looks for files. */
  readonly drop: (order: fhir4.ServiceRequest) => Promise<void>;
}

/** Lives the day; throws where somebody cannot do what the script says. */
export async function liveTheDay(day: Day): Promise<Lived> {
  const { hospital, adapter, clock } = day;
  const { base } = hospital;
  const reports: RunReport[] = [];
  const poll = async () => {
    reports.push(await adapter.poll());
  };
  const taskOf = (name: StoryOrder) => get<fhir4.Task>(base, `Task/${hospital.id(`task-${name}`)}`);
  const appointmentOf = async (name: StoryOrder) => {
    const [found] = await searchAll<fhir4.Appointment>(
      base,
      `Appointment?based-on=${hospital.order(name)}`,
    );
    if (found === undefined) throw new Error(`The hospital has no Appointment for ${name}.`);
    return found;
  };
  const foreignOrders = await versions(base, 'ServiceRequest');

  await hospital.open();
  await takeOrders(day, poll);

  await decideAbout(hospital, adapter, 'declined', {
    type: 'decline',
    reason: 'No therapist is trained for this.',
  });
  const accepted = storyOrders.filter((name) => name !== 'declined');
  for (const name of accepted) await decideAbout(hospital, adapter, name, { type: 'accept' });
  await poll();
  const heldTask: string[] = [(await taskOf('held')).status];

  const visits = new Map<StoryOrder, string>();
  for (const [at, name] of accepted.filter((one) => one !== 'held').entries())
    if (day.books === 'us')
      visits.set(name, await planVisit(hospital, adapter, clock, name, 10 + 60 * at));
    else await hospital.visit(name, clock.in(10 + 60 * at), clock.in(40 + 60 * at));
  await poll();
  const visitOf = async (name: StoryOrder) => {
    const [session] = (await adapter.of(hospital.order(name))).sessions;
    const found = visits.get(name) ?? session?.id;
    if (found === undefined) throw new Error(`There is no visit of ${name}.`);
    return found;
  };

  const newTimes = {
    moved: [clock.in(1000), clock.in(1030)],
    replaced: [clock.in(2000), clock.in(2030)],
  } as const;
  await hospital.change(`Appointment/${(await appointmentOf('moved')).id}`, {
    start: newTimes.moved[0],
    end: newTimes.moved[1],
  });
  const replaced = await appointmentOf('replaced');
  await hospital.change(`Appointment/${replaced.id}`, { status: 'cancelled' });
  await hospital.book(replaced, ...newTimes.replaced);
  await hospital.change(hospital.order('revoked'), { status: 'revoked' });
  await hospital.change(hospital.order('held'), { status: 'on-hold' });
  await poll();
  heldTask.push((await taskOf('held')).status);

  clock.forward(10);
  await adapter.session(await visitOf('asleep'), { type: 'not-done', reason: 'asleep' });
  await adapter.session(await visitOf('finished'), { type: 'start' });
  await poll();
  const underWay = {
    appointment: (await appointmentOf('finished')).status,
    task: (await taskOf('finished')).status,
  };
  clock.forward(12);
  await adapter.session(await visitOf('finished'), { type: 'pause', by: 'care-team' });
  clock.forward(5);
  await adapter.session(await visitOf('finished'), { type: 'resume' });
  clock.forward(18);
  await adapter.session(await visitOf('finished'), {
    type: 'finish',
    scores: [
      { measure: 'pain', when: 'before', value: 6 },
      { measure: 'pain', when: 'after', value: 2 },
      { measure: 'anxiety', when: 'before', value: 5 },
      { measure: 'anxiety', when: 'after', missing: 'asleep' },
    ],
    techniques: [
      { technique: 'swedish', site: 'lower back', pressure: 3 },
      { technique: 'gentle-touch', site: 'hand', pressure: 1 },
    ],
    response: 'Fell asleep, breathing slower.',
  });
  await hospital.change(hospital.order('held'), { status: 'active' });
  await poll();
  heldTask.push((await taskOf('held')).status);

  for (const name of ['own-task', 'replaced'] as const) {
    await adapter.session(await visitOf(name), { type: 'start' });
    clock.forward(20);
    await adapter.session(await visitOf(name), { type: 'finish', scores: [], techniques: [] });
  }
  await poll();
  for (const name of ['finished', 'own-task', 'replaced'] as const)
    await decideAbout(hospital, adapter, name, { type: 'complete' });
  await poll();

  const before = await everyVersion(base);
  clock.forward(5);
  await poll();
  clock.forward(5);
  await poll();
  clock.forward(5);
  reports.push(await adapter.full());
  const idle = { before, after: await everyVersion(base) };
  return { reports, foreignOrders, heldTask, underWay, newTimes, idle };
}

/** The orders reach us: most as the way of this day has it; two are pushed before anything else could show them. */
async function takeOrders(day: Day, poll: () => Promise<void>): Promise<void> {
  const { hospital, adapter, way } = day;
  for (const name of storyOrders.filter((one) => !pushed.includes(one)))
    await send(day, name, await hospital.place(name), tasked.includes(name));
  for (const [name, [, more]] of Object.entries(refusedOrders))
    await send(day, name, await hospital.place(name, more), false);
  await poll();
  const order = await hospital.place('replaced');
  const task = await hospital.ask('replaced');
  const entry = [{ resource: order }, { resource: task }];
  await push(adapter, { resourceType: 'Bundle', type: 'collection', entry });
  const last = await hospital.place('asleep');
  if (way.asksForAll) await hospital.ask('asleep');
  await push(adapter, last);
}

/** An order that was placed, on its way to us. */
async function send(
  { hospital, adapter, clock, way, drop }: Day,
  name: string,
  order: fhir4.ServiceRequest,
  hasTask: boolean,
): Promise<void> {
  if (hasTask || way.asksForAll) await hospital.ask(name);
  if (way.reserves) await hospital.reserve(name, clock.in(3000), clock.in(3030));
  if (way.drops) await drop(order);
  if (way.pushesAll) await push(adapter, order);
}

async function push(adapter: TestAdapter, body: fhir4.FhirResource): Promise<void> {
  const connected = adapter.sites.get('general');
  if (connected === undefined) throw new Error('The hospital is not configured.');
  await receivePush(connected.site, connected.log, body, new AbortController().signal);
}

async function decideAbout(
  hospital: DayHospital,
  adapter: TestAdapter,
  name: StoryOrder,
  command: ReferralCommand,
): Promise<void> {
  const { referral } = await adapter.of(hospital.order(name));
  await adapter.referral(referral.id, command);
}

/** Plans half an hour with Ana, so many minutes from now; returns the session's id. */
async function planVisit(
  hospital: DayHospital,
  adapter: TestAdapter,
  clock: DayClock,
  name: StoryOrder,
  inMinutes: number,
): Promise<string> {
  const { referral } = await adapter.of(hospital.order(name));
  const { session } = await adapter.referral(referral.id, {
    type: 'plan',
    start: clock.in(inMinutes),
    end: clock.in(inMinutes + 30),
    therapist: 'ana',
  });
  if (session === undefined) throw new Error(`No session was planned for ${name}.`);
  return session.id;
}

/** `Type/id` → version of every resource of every type that the server says it has. */
async function everyVersion(base: string): Promise<Record<string, string>> {
  const statement = await get<fhir4.CapabilityStatement>(base, 'metadata');
  const types = (statement.rest?.[0]?.resource ?? [])
    .filter(({ interaction }) => interaction?.some(({ code }) => code === 'search-type'))
    .map(({ type }) => type);
  const all: Record<string, string> = {};
  for (const type of types) Object.assign(all, await versions(base, type));
  return all;
}
