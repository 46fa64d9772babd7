/**
 * Oracle Health Millennium (Cerner), R4. Sources: its public documentation (2024) and its CapabilityStatement of
 * August 2026; hospital-servers.md §2, §3, §5, §8.
 */
import type { SearchHabits, Vendor } from './vendor.ts';

/** Everything but Appointment wants a patient or an id. */
const ofPatient = { scope: 'patient' } as const satisfies SearchHabits;
/** A range with both bounds. */
const changed = { scope: 'patient', since: '_lastUpdated', window: 'half-open' } as const;

export const oracleHealth = {
  name: 'oracle-health',
  product: 'Oracle Health Millennium',
  signs: { software: ['Millennium'], publisher: ['Cerner', 'Oracle'], address: ['cerner.com'] },
  searches: {
    // `ge` and `le` only, with a time. §8.2
    ServiceRequest: { scope: 'patient', since: '_lastUpdated', window: 'closed' },
    // `date` and exactly one of patient, practitioner, location; no `_lastUpdated`. §8.3
    Appointment: { scope: 'open' },
    Procedure: changed, // never together with `date`
    Observation: changed,
    DocumentReference: { ...changed, cap: 100 }, // Q31
    DiagnosticReport: changed,
    Encounter: changed,
    Coverage: ofPatient,
    Condition: ofPatient,
  },
  rungs: {
    A4: { holds: false, says: 'the documented types of its bulk export leave ServiceRequest out' },
    A5: { holds: true, says: 'Appointment by location or practitioner and a date is documented' },
    B3: {
      holds: false,
      says: 'it takes an Appointment with exactly one Slot and without start, or a proposed one, and changes it by PATCH only',
    },
    C1: {
      holds: true,
      says: 'Procedure takes eight elements and the status completed, and is never updated or deleted',
    },
    D4: { holds: false, says: 'a Procedure keeps no identifier of ours' },
    E1: { holds: true, says: 'it answers a stale version with 409' }, // Q17
  },
  notes: [
    'The tenant is a part of the base address: an id means nothing without it.',
    'Writes are answered with an empty body; the id is only in Location.', // Q19
    'Elements that it does not take are dropped without a word, or refused with 422.', // Q20
    'A code is searched with its system (codeSet/200) only.', // Q32
    'A missing element can be answered with 500.', // Q14
    'Tokens live less than ten minutes.', // §8.8
    'One bulk export at a time for each client and tenant, else 429.',
  ],
} as const satisfies Vendor;
