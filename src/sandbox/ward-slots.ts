/** The free times of the massage room: a schedule for each therapist, and its slots of the coming days. */
import { concept, own } from './ward-codes.ts';
import { hoursBefore } from './ward-people.ts';

const therapists = ['ana', 'tomas'];
const days = 5;
/** UTC hours at which a slot begins; each lasts three quarters of an hour. */
const hours = [9, 10, 11, 13, 14, 15];
const length = 45 * 60_000;

const day = 86_400_000;

const serviceType = [concept(own('appointment-type', 'massage', 'Massage'))];

/** Beside the ward, for hospitals where an appointment is made from a slot. */
export function wardSlots(now: Date): (fhir4.Schedule | fhir4.Slot)[] {
  const meta = { lastUpdated: hoursBefore(now, 30 * 24) };
  const midnight = Math.floor(now.getTime() / day) * day;
  return therapists.flatMap((who) => {
    const schedule: fhir4.Schedule = {
      resourceType: 'Schedule',
      id: `schedule-${who}`,
      meta,
      active: true,
      serviceType,
      actor: [
        { reference: `Practitioner/${who}` },
        { reference: 'Location/massage-room', display: 'Massage room' },
      ],
    };
    const starts = Array.from({ length: days }, (_, n) => midnight + (n + 1) * day).flatMap(
      (date) => hours.map((hour) => date + hour * 3_600_000),
    );
    return [schedule, ...starts.map((start) => slot(who, start, meta))];
  });
}

function slot(who: string, start: number, meta: fhir4.Meta): fhir4.Slot {
  const begins = new Date(start).toISOString();
  return {
    resourceType: 'Slot',
    id: `slot-${who}-${begins.slice(0, 13).replace('T', '-')}`,
    meta,
    serviceType,
    schedule: { reference: `Schedule/schedule-${who}` },
    status: 'free',
    start: begins,
    end: new Date(start + length).toISOString(),
  };
}
