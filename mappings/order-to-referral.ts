/**
 * ServiceRequest → what the hospital asked for, in the words of the massage service (clinical §3). Technique wishes
 * and the physician's free words both stand in orderDetail: what has a technique code goes to the techniques, the
 * rest is the direction.
 */
import type { Concept, Named } from '../src/core/concept.ts';
import {
  type Frequency,
  type Insurance,
  type OrderedCare,
  type Priority,
  priorities,
} from '../src/core/referral.ts';
import type { SiteCodes } from '../src/core/site-codes.ts';
import type { Stay } from '../src/core/stay.ts';
import { defined, some } from '../src/mapping/defined.ts';
import { fieldTable, map, soundSource } from '../src/mapping/field-table.ts';
import type { Mapped } from '../src/mapping/finding.ts';
import { compileShape, isObject } from '../src/mapping/shape.ts';
import {
  atMostOne,
  count,
  justOne,
  oneOf,
  type Part,
  several,
  text,
} from '../src/mapping/site-reading.ts';
import { bodySiteFrom } from './body-site.ts';
import { codesFor } from './code-tables.ts';
import { conceptFrom, identifiersFrom, namedFrom, typeOf, wordsOf } from './concepts.ts';
import { siteCodeIn, siteServicesOf } from './our-codes.ts';
import { goneOf } from './patient.ts';
import { displayOf, nameOf } from './people.ts';
import { condition, coverage, location, patient, serviceRequest } from './shapes.ts';
import { aConcept, conceptBy, referenceTo, somebody } from './site-readings.ts';
import { frequencyOf, visitsOf } from './timing.ts';

export interface OrderGiven {
  /** The record that stands, also where the order names one that was merged into it. */
  readonly patient?: fhir4.Patient | undefined;
  /** Where that record stands: `Patient/…`. */
  readonly record?: string | undefined;
  /** The resource behind ServiceRequest.requester, for a name where the reference has no display. */
  readonly requester?: object | undefined;
  readonly location?: fhir4.Location | undefined;
  /** Bed or room up to the ward in words: of the order's Location, else of the stay. */
  readonly place?: string | undefined;
  /** `Location/…` of that place. */
  readonly at?: string | undefined;
  /** The order's own Location is one that the patient has left since: the place of the stay counts. */
  readonly left?: boolean | undefined;
  /** The order's Encounter, as it was read. */
  readonly stay?: Stay | undefined;
  /** What else the order and its requester refer to, by the reference as it is written there. */
  readonly referred?: Readonly<Record<string, object>> | undefined;
  /** Why one of them could not be read. */
  readonly unread?: Readonly<Record<string, string>> | undefined;
  /** What this hospital means by its own codes. */
  readonly codes?: SiteCodes | undefined;
}

/** How often, in words. */
const words: Part<unknown, Frequency> = {
  ...text,
  read(result, given) {
    const said = text.read(result, given);
    return said === undefined ? undefined : { text: said };
  },
};

export const orderToReferral = fieldTable<fhir4.ServiceRequest, OrderGiven, OrderedCare>(
  'order-to-referral',
  {
    order: {
      group: {
        reference: {
          from: 'ServiceRequest.id',
          read: ({ id }) => id && `ServiceRequest/${id}`,
          otherwise: '',
          kept: true,
        },
        identifier: {
          from: 'ServiceRequest.identifier',
          read: ({ identifier }) => identifiersFrom(identifier),
        },
        status: { from: 'ServiceRequest.status', read: ({ status }) => status, otherwise: '' },
        intent: {
          from: 'ServiceRequest.intent',
          read: ({ intent }) => intent,
          otherwise: '',
          site: justOne(text),
        },
        authoredOn: {
          from: 'ServiceRequest.authoredOn',
          read: ({ authoredOn }) => authoredOn,
          site: atMostOne(text),
        },
        requester: {
          from: 'ServiceRequest.requester | %requester.name | %requester.practitioner.display',
          read: requesterOf,
          kept: true,
          site: atMostOne(somebody),
        },
        basedOn: {
          from: 'ServiceRequest.basedOn.reference',
          read: ({ basedOn }) => orders(basedOn),
        },
        replaces: {
          from: 'ServiceRequest.replaces.reference',
          read: ({ replaces }) => orders(replaces),
        },
      },
    },
    patient: {
      group: {
        reference: {
          from: '%record | ServiceRequest.subject.reference',
          read: ({ subject }, { record }) => record ?? subject?.reference,
          otherwise: '',
          kept: true,
        },
        ordered: {
          from: 'ServiceRequest.subject.reference',
          read: ({ subject }, { record }) =>
            record === subject?.reference ? undefined : record && subject?.reference,
          why: () => 'the record stands where the order says',
        },
        gone: {
          from: '%patient.deceased | %patient.link.type | %patient.active',
          read: (_, given) => given.patient && goneOf(given.patient),
          why: () => 'nothing is known against the record',
        },
        name: {
          from: '%patient.name | ServiceRequest.subject.display',
          read: ({ subject }, given) => nameOf(given.patient?.name) ?? subject?.display,
        },
        birthDate: { from: '%patient.birthDate', read: (_, given) => given.patient?.birthDate },
        identifier: {
          from: '%patient.identifier',
          read: (_, given) => identifiersFrom(given.patient?.identifier),
        },
      },
    },
    service: {
      from: 'ServiceRequest.code',
      read: ({ code }, { codes }) => code && serviceFrom(code, codes),
      otherwise: {},
      site: justOne(conceptBy<OrderGiven, Concept>((code, { codes }) => serviceFrom(code, codes))),
    },
    reasons: {
      from: 'ServiceRequest.reasonCode | ServiceRequest.reasonReference',
      read: ({ reasonCode, reasonReference }, given) => [
        ...(reasonCode ?? []).map(conceptFrom),
        ...(reasonReference ?? []).flatMap((one) => reasonFrom(one, given)),
      ],
      site: several(aConcept),
    },
    direction: {
      from: 'ServiceRequest.orderDetail | ServiceRequest.note.text',
      read: directionOf,
      why: () => 'the order has no note, and each orderDetail is a technique',
      site: atMostOne(text),
    },
    techniques: {
      from: 'ServiceRequest.orderDetail',
      via: 'technique-in',
      read: ({ orderDetail }, { codes }) =>
        (orderDetail ?? []).flatMap((detail) => techniqueFrom(detail, codes) ?? []),
      site: several(
        conceptBy<OrderGiven, Concept>(
          (detail, { codes }) => techniqueFrom(detail, codes) ?? conceptFrom(detail),
        ),
      ),
    },
    bodySites: {
      from: 'ServiceRequest.bodySite',
      read: ({ bodySite }, { codes }) => (bodySite ?? []).map((site) => bodySiteFrom(site, codes)),
      site: several(conceptBy<OrderGiven, Concept>((site, { codes }) => bodySiteFrom(site, codes))),
    },
    priority: {
      from: 'ServiceRequest.priority',
      read: ({ priority }, _, flag) => {
        if (priority === undefined || isPriority(priority)) return priority ?? 'routine';
        flag('is not a priority of R4; taken as routine');
        return 'routine';
      },
      kept: true,
      site: justOne(oneOf(priorities)),
    },
    frequency: {
      from: 'ServiceRequest.occurrence | ServiceRequest.asNeeded',
      read: frequencyOf,
      site: atMostOne(words),
    },
    visits: {
      from: 'ServiceRequest.occurrence.repeat.count | ServiceRequest.occurrence.repeat.bounds | ServiceRequest.quantity',
      read: (order, _, flag) => visitsOf(order, flag),
      kept: true,
      why: () => 'the order gives no exact number of visits',
      site: atMostOne(count),
    },
    place: {
      from: 'ServiceRequest.locationReference.display | %place | %location.name | ServiceRequest.locationCode',
      read: ({ locationReference, locationCode }, given) =>
        (given.left
          ? undefined
          : locationReference?.find(({ display }) => display !== undefined)?.display) ??
        given.place ??
        given.location?.name ??
        wordsOf(locationCode?.find((code) => wordsOf(code) !== undefined)),
      site: atMostOne(text),
    },
    location: {
      from: '%at | ServiceRequest.locationReference.reference',
      read: ({ locationReference }, { at, left }) =>
        at ?? (left ? undefined : locationReference?.[0]?.reference),
      why: () => 'neither the order nor its stay names a Location',
    },
    encounter: {
      from: 'ServiceRequest.encounter.reference',
      read: ({ encounter }) => encounter?.reference,
      kept: true,
      site: atMostOne(referenceTo('Encounter')),
    },
    stay: {
      from: '%stay',
      read: (_, { stay }) => stay,
      why: () => 'the order names no Encounter, or it could not be read',
    },
    insurance: {
      from: 'ServiceRequest.insurance',
      read: ({ insurance }, given) => some(insurance?.map((one) => insuranceFrom(one, given))),
    },
    supportingInfo: {
      from: 'ServiceRequest.supportingInfo.reference',
      read: ({ supportingInfo }) => references(supportingInfo),
      site: several(text),
    },
  },
  {
    resourceType: 'ServiceRequest',
    shape: serviceRequest,
    given: { patient, location, requester: 'any' },
  },
);

/** The order with the elements of a wrong type left out, for those who read it beside the table. */
export function soundOrder(order: fhir4.ServiceRequest): fhir4.ServiceRequest {
  return soundSource(orderToReferral, order, () => {
    // what is wrong with it is reported where it is mapped
  });
}

/** What an order asks for. Total: what is wrong with the order stands in the flags. */
export function readOrder(
  order: fhir4.ServiceRequest,
  given: OrderGiven,
  table: typeof orderToReferral = orderToReferral,
): Mapped<OrderedCare> {
  return map(table, order, given);
}

function requesterOf(order: fhir4.ServiceRequest, given: OrderGiven): Named | undefined {
  const display =
    order.requester?.display ??
    displayOf(given.requester, (reference) => given.referred?.[reference]);
  const named = namedFrom(order.requester);
  return named === undefined && display === undefined ? undefined : defined({ ...named, display });
}

function references(list: readonly fhir4.Reference[] | undefined): string[] {
  return (list ?? []).flatMap(({ reference }) => (reference === undefined ? [] : [reference]));
}

function orders(list: readonly fhir4.Reference[] | undefined): string[] {
  return references(list).filter((reference) => typeOf(reference) === 'ServiceRequest');
}

/** A Condition in the words of the order, else by its code where it was read, else as the order names it. */
function reasonFrom({ display, reference }: fhir4.Reference, given: OrderGiven): Concept[] {
  if (display !== undefined) return [{ text: display }];
  const { code } = conditionIn(behind(reference, given), () => {}) as Partial<fhir4.Condition>;
  if (code !== undefined) return [conceptFrom(code)];
  return reference === undefined ? [] : [{ text: reference }];
}

function insuranceFrom({ display, reference }: fhir4.Reference, given: OrderGiven): Insurance {
  const { status, type } = coverageIn(
    behind(reference, given),
    () => {},
  ) as Partial<fhir4.Coverage>;
  const unread = reference === undefined ? undefined : given.unread?.[reference];
  return defined({ reference, text: display ?? wordsOf(type), status, unread });
}

const conditionIn = compileShape<fhir4.Condition>(condition, 'Condition');
const coverageIn = compileShape<fhir4.Coverage>(coverage, 'Coverage');

/** What a reference leads to; nothing in it where it was not read. */
function behind(reference: string | undefined, { referred }: OrderGiven): object {
  const found = reference === undefined ? undefined : referred?.[reference];
  return isObject(found) ? found : {};
}

/** What was ordered, with the service beside a local code that the site has said what it stands for. */
function serviceFrom(code: fhir4.CodeableConcept, codes: SiteCodes | undefined): Concept {
  const concept = conceptFrom(code);
  const ours = siteServicesOf(concept.coding ?? [], codes);
  return ours.length === 0 ? concept : { ...concept, coding: [...(concept.coding ?? []), ...ours] };
}

/** A detail that is one of our techniques, with our code beside the hospital's; undefined for any other detail. */
function techniqueFrom(
  detail: fhir4.CodeableConcept,
  codes: SiteCodes | undefined,
): Concept | undefined {
  const ours = (detail.coding ?? []).flatMap(
    (coding) => siteCodeIn('massage-technique', coding, codes) ?? codesFor('technique-in', coding),
  )[0];
  if (ours === undefined) return undefined;
  const concept = conceptFrom(detail);
  const coding = concept.coding ?? [];
  const known = coding.some(({ system, code }) => system === ours.system && code === ours.code);
  return { ...concept, coding: known ? coding : [...coding, ours] };
}

function directionOf(
  { orderDetail, note }: fhir4.ServiceRequest,
  { codes }: OrderGiven,
): string | undefined {
  const lines = [
    ...(orderDetail ?? [])
      .filter((detail) => techniqueFrom(detail, codes) === undefined)
      .map(wordsOf),
    ...(note ?? []).map(({ text }) => text),
  ].filter((line) => line !== undefined);
  // hospitals repeat an order's details in its notes
  return lines.length === 0 ? undefined : [...new Set(lines)].join('\n');
}

function isPriority(priority: string): priority is Priority {
  return (priorities as readonly string[]).includes(priority);
}
