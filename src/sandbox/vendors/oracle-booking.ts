/**
 * Booking on an Oracle-Health-like server (hospital-servers §5, §8.4 to §8.6): an appointment is made from one free
 * slot, or proposed for a period; it is changed by patches only, and its status takes few ways.
 */
import { isObject, type Json, type JsonObject } from '../json.ts';
import { refuse } from '../outcome.ts';
import { targetOf } from '../references.ts';
import { isLive, type LiveVersion, type Repository } from '../repository.ts';
import { type Asked, on, type Rule } from './vendor.ts';

const no = (diagnostics: string) => refuse(422, 'business-rule', diagnostics);

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const actorType = ({ actor }: JsonObject): string | undefined =>
  isObject(actor) ? targetOf(String(actor.reference))?.type : undefined;

export const createAppointment: Rule = on('Appointment', 'create', (asked) => {
  const { body } = asked.call;
  if (!isObject(body)) return asked;
  if (body.implicitRules !== undefined || body.modifierExtension !== undefined) {
    throw no('Modifier elements are not supported.');
  }
  const reasons = body.reasonCode === undefined ? [{ text: 'none' }] : objects(body.reasonCode);
  if (reasons.length !== 1 || typeof reasons[0]?.text !== 'string') {
    throw no('reasonCode is exactly one concept with a text.');
  }
  if (objects(body.participant).some(({ type }) => type !== undefined)) {
    throw no('participant.type must not be set.');
  }
  if (body.start !== undefined || body.end !== undefined) {
    throw no('start and end must not be set.');
  }
  if (body.status === 'booked') return booked(asked, body);
  if (body.status === 'proposed') return proposed(asked, body);
  throw no('An appointment is created as booked or proposed.');
});

function booked(asked: Asked, body: JsonObject): Asked {
  const participants = objects(body.participant);
  const [one] = participants;
  if (participants.length !== 1 || one === undefined || actorType(one) !== 'Patient') {
    throw no('A booked appointment has exactly one participant, the patient.');
  }
  if (one.status !== 'accepted') throw no('The participant must be accepted.');
  const slot = freeSlot(asked.server.repository, body.slot);
  const taken = takenFrom(asked.server.repository, slot);
  const participant = [one, ...taken.participants];
  return { ...asked, call: { ...asked.call, body: { ...body, ...taken.times, participant } } };
}

function proposed(asked: Asked, body: JsonObject): Asked {
  const participants = objects(body.participant);
  const types = participants.map(actorType);
  const patients = types.filter((type) => type === 'Patient').length;
  const places = types.filter((type) => type === 'Location').length;
  if (patients !== 1 || places === 0 || patients + places !== types.length) {
    throw no('A proposed appointment has one patient and at least one location.');
  }
  if (participants.some(({ status }) => status !== 'needs-action')) {
    throw no('The participants must be needs-action.');
  }
  if (objects(body.serviceType).length !== 1) throw no('serviceType is exactly one concept.');
  const [period, ...more] = objects(body.requestedPeriod);
  if (more.length > 0 || period?.start === undefined || period.end === undefined) {
    throw no('requestedPeriod is exactly one period with start and end.');
  }
  return asked;
}

function freeSlot(repository: Repository, value: Json | undefined): LiveVersion {
  const [reference, ...more] = objects(value);
  if (reference === undefined || more.length > 0) throw no('There must be exactly one slot.');
  const slot = slotOf(repository, reference);
  if (slot === undefined) throw no('The slot does not exist.');
  if (slot.resource.status !== 'free') throw no('The slot is no longer available.');
  return slot;
}

function slotOf(repository: Repository, reference: JsonObject): LiveVersion | undefined {
  const target = targetOf(String(reference.reference));
  const slot = target?.type === 'Slot' ? repository.newest('Slot', target.id) : undefined;
  return isLive(slot) ? slot : undefined;
}

/** What the slot brings with it: its times, and who and where its schedule is for. */
function takenFrom(repository: Repository, { resource }: LiveVersion) {
  const { schedule, start, end } = resource;
  const target = isObject(schedule) ? targetOf(String(schedule.reference)) : undefined;
  const found = target === undefined ? undefined : repository.newest(target.type, target.id);
  const actors = objects(found?.resource?.actor);
  return {
    times: { start, end },
    participants: actors.map((actor): JsonObject => ({ actor, status: 'accepted' })),
  };
}

/** From each status to which others. */
const ways: Readonly<Record<string, readonly string[]>> = {
  proposed: ['booked', 'cancelled'],
  booked: ['arrived', 'checked-in', 'cancelled'],
  arrived: ['checked-in', 'cancelled'],
  'checked-in': ['fulfilled', 'cancelled'],
};

const allowed = [
  'replace /status',
  'add /slot',
  'add /reasonCode',
  'add /cancelationReason',
  'replace /cancelationReason',
];

export const patchAppointment: Rule = on('Appointment', 'patch', (asked) => {
  const { repository } = asked.server;
  const before = repository.newest('Appointment', asked.call.path[1] ?? '');
  if (!isLive(before)) return asked;
  const operations = objects(asked.call.body);
  const contained = operations.filter(({ path }) => String(path).startsWith('/contained/'));
  if (new Set(contained.map(({ op }) => op)).size > 1) {
    throw no('add and replace must not be mixed.');
  }
  for (const operation of operations) refuseOperation(operation);
  const status = operations.find(({ path }) => path === '/status')?.value;
  const slot = operations.find(({ path }) => path === '/slot')?.value;
  const from = String(before.resource.status);
  if (status !== undefined && !ways[from]?.includes(String(status))) {
    throw no(`An appointment that is ${from} cannot become ${String(status)}.`);
  }
  if ((status === 'booked') !== (slot !== undefined)) {
    throw no('A status of booked and a slot come together.');
  }
  const hasReason = operations.some(({ path }) => path === '/cancelationReason');
  if (hasReason && status !== 'cancelled') {
    throw no('A cancelation reason needs the status cancelled.');
  }
  if (operations.some(({ path }) => path === '/reasonCode') && status !== 'booked') {
    throw no('A reason needs the status booked.');
  }
  if (slot === undefined) return asked;
  const { times, participants } = takenFrom(repository, freeSlot(repository, slot));
  const others = objects(before.resource.participant).filter((one) => actorType(one) === 'Patient');
  const accepted = others.map((one) => ({ ...one, status: 'accepted' }));
  const body: Json = [
    ...operations,
    { op: 'add', path: '/start', value: times.start },
    { op: 'add', path: '/end', value: times.end },
    { op: 'add', path: '/participant', value: [...accepted, ...participants] },
  ];
  return { ...asked, call: { ...asked.call, body } };
});

function refuseOperation({ op, path, value }: JsonObject): void {
  const where = String(path);
  if (/^\/participant\/\d+\/status$/.test(where)) {
    if (op === 'replace' && value === 'accepted') return;
    throw no('A participant can only become accepted.');
  }
  if (where.startsWith('/contained/') || allowed.includes(`${op} ${where}`)) return;
  throw no(`${String(op)} ${where} is not supported.`);
}

/** A booked appointment takes its slot, a cancelled one gives it back. */
export function settleSlot({ server, type }: Asked, id: string): void {
  const appointment = server.repository.newest('Appointment', id);
  if (type !== 'Appointment' || !isLive(appointment)) return;
  const { status, slot: slots } = appointment.resource;
  for (const reference of objects(slots)) {
    const slot = slotOf(server.repository, reference);
    if (slot === undefined) continue;
    const next = status === 'booked' ? 'busy' : status === 'cancelled' ? 'free' : undefined;
    if (next === undefined || slot.resource.status === next) continue;
    server.repository.write({ ...slot.resource, status: next }, slot.id, 'PUT');
  }
}
