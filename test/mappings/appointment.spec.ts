/** Whose Appointment it is decides what we change: all statuses of R4, both ways, and what stays the hospital's. */
import { expect } from 'chai';
import fc from 'fast-check';
import { readAppointment } from '../../mappings/appointment-to-session.ts';
import { writeAppointment } from '../../mappings/session-to-appointment.ts';
import type { Session, SessionState } from '../../src/core/session.ts';
import { instant, referral, session } from './arbitraries.ts';

const identifier = { system: 'https://massage-fhir.org/fhir/identifier/intention', value: 'i-1' };
const therapist = { reference: 'Practitioner/ana', display: 'Ana Example' };
const given = { identifier, therapist };

const [ref] = fc.sample(referral(['scheduled']), { numRuns: 1, seed: 1 });
const [visit] = fc.sample(session(['booked']), { numRuns: 1, seed: 1 });

function write(more: Partial<Session>, previous?: fhir4.Appointment) {
  if (ref === undefined || visit === undefined) throw new Error('no sample');
  const moved = { ...visit, start: instant(0), end: instant(30), ...more };
  return writeAppointment(
    { session: moved, referral: ref },
    { ...given, ...(previous && { previous }) },
  );
}

const theirs: fhir4.Appointment = {
  resourceType: 'Appointment',
  id: 'a1',
  status: 'booked',
  start: '2026-03-02T03:00:00-06:00',
  end: '2026-03-02T03:30:00-06:00',
  minutesDuration: 30,
  slot: [{ reference: 'Slot/9' }],
  participant: [{ actor: { reference: 'Location/3' }, status: 'accepted' }],
};

describe('Appointment, read', () => {
  const rows = {
    proposed: 'proposed',
    pending: 'proposed',
    waitlist: 'proposed',
    booked: 'booked',
    arrived: 'arrived',
    'checked-in': 'arrived',
    fulfilled: 'fulfilled',
    cancelled: 'cancelled',
    noshow: 'no-show',
    'entered-in-error': 'withdrawn',
  } as const satisfies Record<fhir4.Appointment['status'], string>;
  for (const [status, says] of Object.entries(rows) as [keyof typeof rows, string][]) {
    it(`${status} says ${says}`, () => {
      const { value, flags } = readAppointment({ ...theirs, status });
      expect([value.says, flags]).to.deep.equal([says, []]);
    });
  }

  it('booked says moved or same for a visit that we know', () => {
    expect(readAppointment(theirs, { known: true }).value.says).to.equal('moved-or-same');
  });

  it('minutes count only where the end was left out', () => {
    const { end: _, ...open } = { ...theirs, minutesDuration: 45 };
    expect(readAppointment({ ...theirs, minutesDuration: 45 }).value.end).to.equal(theirs.end);
    expect(readAppointment(open).value.end).to.equal(instant(45));
  });

  it('knows a therapist also by the full address', () => {
    const actor = { reference: 'https://fhir.hospital.example/r4/PractitionerRole/ana-1' };
    const booked = { ...theirs, participant: [{ actor, status: 'accepted' as const }] };
    const { value } = readAppointment(booked, { therapists: { 'PractitionerRole/ana-1': 'ana' } });
    expect(value.therapist).to.equal('ana');
  });
});

describe('Appointment, written on the hospital’s own', () => {
  it('changes nothing that says the same already', () => {
    const { value } = write({ state: 'booked' }, write({ state: 'booked' }, theirs).value);
    expect(value).to.deep.equal(write({ state: 'booked' }, theirs).value);
    expect(value).to.deep.include({ start: theirs.start, end: theirs.end, minutesDuration: 30 });
  });

  it('takes the length away when the visit was moved', () => {
    const { value } = write({ state: 'booked', start: instant(60), end: instant(80) }, theirs);
    expect(value).to.deep.include({ start: instant(60), slot: theirs.slot });
    expect(value).not.to.have.property('minutesDuration');
  });

  it('does not send a patient away whom the hospital has checked in', () => {
    const previous: fhir4.Appointment = { ...theirs, status: 'checked-in' };
    expect(write({ state: 'booked' }, previous).value.status).to.equal('checked-in');
    expect(write({ state: 'in-progress' }, previous).value.status).to.equal('checked-in');
    expect(write({ state: 'finished' }, previous).value.status).to.equal('fulfilled');
    const moved = write({ state: 'booked', start: instant(60), end: instant(90) }, previous);
    expect(moved.value.status).to.equal('booked');
  });

  for (const status of ['cancelled', 'noshow', 'fulfilled', 'entered-in-error'] as const) {
    it(`leaves one alone that is ${status} there and otherwise here`, () => {
      const state: SessionState = status === 'fulfilled' ? 'cancelled' : 'booked';
      const previous = { ...theirs, status };
      const { value, flags } = write({ state }, previous);
      expect(value).to.equal(previous);
      expect(flags.map(({ path }) => path)).to.deep.equal(['Appointment.status']);
    });
  }

  it('does not argue with a Location of theirs', () => {
    const { value } = write({ state: 'booked', place: 'Elsewhere' }, theirs);
    expect(JSON.stringify(value)).not.to.contain('Elsewhere');
  });

  it('says nobody’s name in the description', () => {
    expect(write({ state: 'booked' }).value.description).to.equal('Massage therapy');
  });
});
