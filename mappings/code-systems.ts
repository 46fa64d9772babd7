/**
 * Our own code systems: what no published system has a verified code for (clinical §2.2, §2.5, §2.7). The codes are
 * the lists of the core; what we publish of them (profiles/input/fsh/code-systems.fsh) is held against them by a test.
 */
import { canonical } from '../src/core/concept.ts';
import {
  type Interrupter,
  type Measure,
  type MissingReason,
  type Moment,
  type Technique,
  visitReasons,
} from '../src/core/session.ts';
import { businessStatuses } from '../src/core/task-dialects.ts';

const techniques: Record<Technique, string> = {
  swedish: 'Swedish massage',
  effleurage: 'Effleurage',
  petrissage: 'Petrissage',
  friction: 'Friction',
  tapotement: 'Tapotement',
  'deep-tissue': 'Deep tissue massage',
  'myofascial-release': 'Myofascial release',
  'trigger-point': 'Trigger point therapy',
  'manual-lymphatic-drainage': 'Manual lymphatic drainage',
  'scar-massage': 'Scar tissue massage',
  reflexology: 'Reflexology',
  acupressure: 'Acupressure',
  craniosacral: 'Craniosacral therapy',
  'gentle-touch': 'Gentle touch',
  'hand-massage': 'Hand massage',
  'foot-massage': 'Foot massage',
  'oncology-modified': 'Massage modified for oncology',
  'joint-mobilisation': 'Joint mobilisation',
  stretching: 'Stretching',
  other: 'Other technique',
};

const interrupters: Record<Interrupter, string> = {
  'care-team': 'Care team',
  family: 'Family or visitors',
  device: 'Device or line',
  patient: 'Patient',
};

const missingReasons: Record<MissingReason, string> = {
  asleep: 'Patient asleep',
  declined: 'Patient declined',
  'not-asked': 'Not asked',
};

const measures: Record<Measure, string> = {
  pain: 'Pain severity, 0 to 10',
  anxiety: 'Anxiety, 0 to 10',
  stress: 'Stress, 0 to 10',
};

const momentNames: Record<Moment, string> = {
  before: 'Before the visit',
  after: 'After the visit',
};

const observations = {
  ...measures,
  'hands-on': 'Hands-on minutes, pauses excluded',
  pause: 'Pause of a massage visit, by whom',
  'technique-applied': 'Technique applied',
  technique: 'Technique',
  'body-site': 'Body site',
  pressure: 'Pressure, Walton scale 1 to 5',
  position: 'Position of the patient',
} as const;

const pressures = {
  '1': 'Light lotioning',
  '2': 'Heavy lotioning',
  '3': 'Medium pressure',
  '4': 'Strong pressure',
  '5': 'Deep pressure',
} as const;

/** Words that therapists use for a site; the table `body-site` gives their SNOMED codes. */
const bodySites = {
  'whole-body': 'Whole body',
  head: 'Head',
  scalp: 'Scalp',
  face: 'Face',
  neck: 'Neck',
  shoulder: 'Shoulder',
  'upper-limb': 'Upper limb',
  forearm: 'Forearm',
  hand: 'Hand',
  'chest-wall': 'Chest wall',
  back: 'Back',
  'lower-back': 'Lower back',
  buttock: 'Buttock',
  hip: 'Hip',
  'lower-limb': 'Lower limb',
  thigh: 'Thigh',
  calf: 'Calf',
  foot: 'Foot',
} as const;

const taskOutputs = {
  'resulting-activity': 'Resulting activity',
  'sessions-progress': 'Sessions carried out of those ordered',
} as const;

/** Name of each system → its codes with their displays. The name is the last part of its URL. */
export const codeSystems = {
  'massage-technique': techniques,
  'walton-pressure': pressures,
  'business-status': businessStatuses,
  'visit-reason': visitReasons,
  interrupter: interrupters,
  'missing-reason': missingReasons,
  'session-observation': observations,
  moment: momentNames,
  'body-site': bodySites,
  'task-output': taskOutputs,
} as const satisfies Record<string, Readonly<Record<string, string>>>;

type SystemName = keyof typeof codeSystems;

export function systemUrl(name: SystemName): string {
  return `${canonical}/CodeSystem/${name}`;
}

/** One of our codes as a Coding with its display. */
export function ourCoding<Name extends SystemName>(
  name: Name,
  code: keyof (typeof codeSystems)[Name] & string,
): { system: string; code: string; display: string } {
  const codes: Readonly<Record<string, string>> = codeSystems[name];
  return { system: systemUrl(name), code, display: codes[code] ?? code };
}

/** The code, where a coding is one of this system of ours and known here. */
export function ourCode<Name extends SystemName>(
  name: Name,
  coding: { readonly system?: string | undefined; readonly code?: string | undefined },
): (keyof (typeof codeSystems)[Name] & string) | undefined {
  const { system, code } = coding;
  const known = system === systemUrl(name) && code !== undefined;
  // hasOwn has proven that the code is a key of this system
  return known && Object.hasOwn(codeSystems[name], code)
    ? (code as keyof (typeof codeSystems)[Name] & string)
    : undefined;
}
