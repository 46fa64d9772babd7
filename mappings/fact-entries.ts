/**
 * One resource of a patient → what it says, before anybody asks what its codes mean. Read leniently and left out only for
 * a named reason of clinical §5.2 (ended, refuted, entered in error …): whatever else is odd stays in, with a note, for an
 * entry that vanishes because a hospital wrote it oddly is the one that was needed.
 */
import { type Coding, type Concept, ourIdentifierSystem } from '../src/core/concept.ts';
import type { FactDate, FactSource, Measured } from '../src/core/facts.ts';
import { bodySiteFrom } from './body-site.ts';
import { conceptFrom, wordsOf } from './concepts.ts';
import { factCodeOf } from './fact-codes.ts';
import {
  deviceConcept,
  deviceInUse,
  type Follow,
  medicationOf,
  withContained,
} from './fact-references.ts';
import { factChecks } from './fact-shapes.ts';
import { type Observed, observed } from './observed.ts';

export interface Entry {
  /** The rule by which it is not on file. */
  readonly leftOut?: string | undefined;
  readonly what: Concept;
  /** Codes that tell what it is beside those of `what`. */
  readonly also?: readonly Coding[] | undefined;
  readonly value?: string | undefined;
  readonly measured?: Measured | undefined;
  readonly site?: string | undefined;
  readonly notes: readonly (string | undefined)[];
  readonly date?: string | undefined;
  readonly dated?: FactDate | undefined;
}

/** What one resource says; at least one entry. */
export function entriesOf(
  type: FactSource,
  resource: fhir4.FhirResource,
  follow: Follow,
): readonly Entry[] {
  let faults = 0;
  const sound = factChecks[type](resource, () => {
    faults += 1;
  });
  // the check has made it a resource of this type, whatever was sent
  const entries = readers[type]((sound ?? {}) as never, withContained(resource, follow));
  const odd = [
    faults > 0 ? 'some elements are badly typed' : undefined,
    // R4 extensibility.html#modifierExtension: it may turn the meaning round
    'modifierExtension' in resource ? 'has a modifier that is not understood here' : undefined,
  ];
  return entries.map((entry) => ({ ...entry, notes: [...entry.notes, ...odd] }));
}

/** The reference without which a resource cannot be understood; none where it is left out anyway. */
export function referredBy(type: FactSource, resource: fhir4.FhirResource): string | undefined {
  let reference: string | undefined;
  const [entry] = entriesOf(type, resource, (asked) => {
    reference = asked;
    return undefined;
  });
  return entry?.leftOut === undefined ? reference : undefined;
}

type Dated = Pick<Entry, 'date' | 'dated'>;

/** The first of several dates that is there, with what it is the date of. */
function dated(...dates: readonly (readonly [string | undefined, FactDate])[]): Dated {
  const [date, what] = dates.find(([one]) => one !== undefined) ?? [];
  return date === undefined ? {} : { date, dated: what };
}

const readers: { readonly [Type in FactSource]: (resource: never, follow: Follow) => Entry[] } = {
  Condition: (condition: fhir4.Condition) => {
    const { clinicalStatus, verificationStatus, code, bodySite, recordedDate } = condition;
    return [
      {
        leftOut:
          statusIn(verificationStatus, conditionVerification, ['refuted', 'entered-in-error']) ??
          statusIn(clinicalStatus, conditionClinical, ['inactive', 'remission', 'resolved']),
        what: conceptOf(code),
        site: sitesOf(bodySite),
        notes: [
          unless(codeOf(clinicalStatus), ['active'], 'clinical status not said'),
          unless(codeOf(verificationStatus), ['confirmed'], undefined),
          condition.abatementDateTime && `abated ${condition.abatementDateTime}`,
        ],
        ...dated(
          [condition.onsetDateTime ?? condition.onsetPeriod?.start, 'onset'],
          [recordedDate, 'recorded'],
        ),
      },
    ];
  },
  AllergyIntolerance: (allergy: fhir4.AllergyIntolerance) => {
    const { clinicalStatus, verificationStatus, criticality, code, reaction } = allergy;
    const substances = (reaction ?? []).flatMap(({ substance }) => substance ?? []);
    return [
      {
        leftOut:
          statusIn(verificationStatus, allergyVerification, ['refuted', 'entered-in-error']) ??
          statusIn(clinicalStatus, allergyClinical, ['inactive', 'resolved']),
        what: conceptOf(code ?? substances[0]),
        also: substances.flatMap(({ coding }) => coding ?? []),
        notes: [
          unless(codeOf(clinicalStatus), ['active'], 'clinical status not said'),
          unless(codeOf(verificationStatus), ['confirmed'], undefined),
          criticality && `criticality ${criticality}`,
        ],
        ...dated([allergy.recordedDate, 'recorded'], [allergy.onsetDateTime, 'onset']),
      },
    ];
  },
  Flag: (flag: fhir4.Flag) => [
    {
      leftOut: oneOf(flag.status, ['inactive', 'entered-in-error']),
      what: conceptOf(flag.code),
      also: (flag.category ?? []).flatMap(({ coding }) => coding ?? []),
      notes: [
        unless(flag.status, ['active'], 'status not said'),
        flag.period?.end && `until ${flag.period.end}`,
      ],
      ...dated([flag.period?.start, 'in force']),
    },
  ],
  Observation: (observation: fhir4.Observation) => {
    const { status, effectivePeriod, issued, bodySite } = observation;
    const date =
      observation.effectiveDateTime ??
      observation.effectiveInstant ??
      effectivePeriod?.end ??
      effectivePeriod?.start ??
      issued;
    const frame = {
      leftOut: ours(observation.identifier) ?? oneOf(status, ['cancelled', 'entered-in-error']),
      site: sitesOf(bodySite === undefined ? undefined : [bodySite]),
      notes: [unless(status, ['final', 'amended', 'corrected'], 'status not said')],
      ...dated([date, 'measured']),
    };
    return partsOf(observation).map((part): Entry => ({ ...frame, ...part }));
  },
  MedicationRequest: (request: fhir4.MedicationRequest, follow) => {
    const { status, intent, medicationReference: referred, doNotPerform, authoredOn } = request;
    const { concept, also, note } = medicationOf(
      request.medicationCodeableConcept,
      referred,
      follow,
    );
    return [
      {
        leftOut:
          doNotPerform === true
            ? 'order not to give it'
            : oneOf(status, medicationEnded) && `not active (${status})`,
        what: concept,
        also,
        notes: [
          unless(status, ['active'], 'status not said'),
          typeof (doNotPerform ?? false) === 'boolean' ? undefined : 'doNotPerform is badly typed',
          unless(intent, ['order', 'original-order', 'instance-order'], undefined),
          note,
        ],
        ...dated([authoredOn, 'ordered']),
      },
    ];
  },
  DeviceUseStatement: (use: fhir4.DeviceUseStatement, follow) => {
    const { status, device, bodySite, timingPeriod, recordedOn } = use;
    const { concept, note } = deviceInUse(device, follow);
    return [
      {
        leftOut: oneOf(status, ['completed', 'stopped', 'entered-in-error']),
        what: concept,
        site: sitesOf(bodySite === undefined ? undefined : [bodySite]),
        notes: [
          unless(status, ['active'], 'status not said'),
          note,
          timingPeriod?.end && `until ${timingPeriod.end}`,
        ],
        ...dated([use.timingDateTime ?? timingPeriod?.start, 'in use'], [recordedOn, 'recorded']),
      },
    ];
  },
  Device: (device: fhir4.Device) => [
    {
      leftOut: oneOf(device.status, ['inactive', 'entered-in-error']),
      what: deviceConcept(device) ?? {},
      notes: [unless(device.status, ['active'], 'status not said')],
    },
  ],
  Procedure: (procedure: fhir4.Procedure) => {
    const { status, category, code, bodySite, performedPeriod } = procedure;
    return [
      {
        leftOut: ours(procedure.identifier) ?? oneOf(status, ['not-done', 'entered-in-error']),
        what: conceptOf(code),
        also: category?.coding,
        site: sitesOf(bodySite),
        notes: [unless(status, ['completed'], 'status not said')],
        ...dated([
          procedure.performedDateTime ?? performedPeriod?.end ?? performedPeriod?.start,
          'performed',
        ]),
      },
    ];
  },
};

const medicationEnded = [
  'on-hold',
  'cancelled',
  'completed',
  'entered-in-error',
  'stopped',
  'draft',
] as const;

const terminology = 'http://terminology.hl7.org/CodeSystem';
const conditionClinical = `${terminology}/condition-clinical`;
const conditionVerification = `${terminology}/condition-ver-status`;
const allergyClinical = `${terminology}/allergyintolerance-clinical`;
const allergyVerification = `${terminology}/allergyintolerance-verification`;

/** Only the standard code says that an entry has ended: a word of the hospital’s own is shown, never acted on. */
function statusIn(
  status: fhir4.CodeableConcept | undefined,
  system: string,
  ended: readonly string[],
): string | undefined {
  return (status?.coding ?? []).find(
    (one) => one.system === system && ended.includes(one.code ?? ''),
  )?.code;
}

function oneOf(status: string | undefined, ended: readonly string[]): string | undefined {
  return status !== undefined && ended.includes(status) ? status : undefined;
}

/** A status worth a note: another than the usual ones, or none where one is required. */
function unless(
  status: string | undefined,
  usual: readonly string[],
  missing: string | undefined,
): string | undefined {
  if (status === undefined) return missing;
  return usual.includes(status) ? undefined : status;
}

function codeOf(status: fhir4.CodeableConcept | undefined): string | undefined {
  return status?.coding?.find(({ code }) => code !== undefined)?.code ?? status?.text;
}

/** What we wrote ourselves comes back with the patient’s record and tells nobody anything new. */
function ours(identifiers: readonly fhir4.Identifier[] | undefined): string | undefined {
  return (identifiers ?? []).some(({ system }) => system === ourIdentifierSystem)
    ? 'written by us'
    : undefined;
}

function conceptOf(concept: fhir4.CodeableConcept | undefined): Concept {
  return concept === undefined ? {} : conceptFrom(concept);
}

function sitesOf(sites: readonly fhir4.CodeableConcept[] | undefined): string | undefined {
  const words = (sites ?? []).flatMap((site) => wordsOf(bodySiteFrom(site)) ?? []);
  return words.length === 0 ? undefined : words.join(', ');
}

/** The Observation itself where it has a value or a code that is known, and each component whose code is known. */
function partsOf(observation: fhir4.Observation): Omit<Entry, 'notes'>[] {
  const components = (observation.component ?? []).filter(({ code }) =>
    (code?.coding ?? []).some((coding) => factCodeOf(coding) !== undefined),
  );
  const own = observed(observation);
  const isPanel = own.value === undefined && components.length > 0;
  return [
    ...(isPanel ? [] : [entryOf(observation.code, own)]),
    ...components.map((component) => entryOf(component.code, observed(component))),
  ];
}

function entryOf(code: fhir4.CodeableConcept | undefined, { value, measured, codes }: Observed) {
  return { what: conceptOf(code), also: codes, value, measured };
}
