/**
 * ServiceRequest → what the hospital asked for, in the words of the massage service (clinical §3). Technique wishes
 * and the physician's free words both stand in orderDetail: what has a technique code goes to the techniques, the
 * rest is the direction.
 */
import type { Concept, Named } from '../src/core/concept.ts';
import {
  type Frequency,
  type OrderedCare,
  type Priority,
  priorities,
} from '../src/core/referral.ts';
import type { SiteCodes } from '../src/core/site-codes.ts';
import { defined } from '../src/mapping/defined.ts';
import { fieldTable, map, soundSource } from '../src/mapping/field-table.ts';
import type { Mapped } from '../src/mapping/finding.ts';
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
import { displayOf, nameOf } from './people.ts';
import { location, patient, serviceRequest } from './shapes.ts';
import { aConcept, conceptBy, referenceTo, somebody } from './site-readings.ts';
import { frequencyOf, visitsOf } from './timing.ts';

export interface OrderGiven {
  readonly patient?: fhir4.Patient | undefined;
  /** The resource behind ServiceRequest.requester, for a name where the reference has no display. */
  readonly requester?: object | undefined;
  readonly location?: fhir4.Location | undefined;
  /** Bed or room from elsewhere, e.g. of the Encounter. */
  readonly place?: string | undefined;
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
          from: 'ServiceRequest.subject.reference',
          read: ({ subject }) => subject?.reference,
          otherwise: '',
          kept: true,
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
      read: ({ reasonCode, reasonReference }) => [
        ...(reasonCode ?? []).map(conceptFrom),
        ...(reasonReference ?? []).flatMap(asText),
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
      from: 'ServiceRequest.locationReference.display | %location.name | %place | ServiceRequest.locationCode',
      read: ({ locationReference, locationCode }, given) =>
        locationReference?.find(({ display }) => display !== undefined)?.display ??
        given.location?.name ??
        given.place ??
        wordsOf(locationCode?.find((code) => wordsOf(code) !== undefined)),
      site: atMostOne(text),
    },
    encounter: {
      from: 'ServiceRequest.encounter.reference',
      read: ({ encounter }) => encounter?.reference,
      kept: true,
      site: atMostOne(referenceTo('Encounter')),
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
  const display = order.requester?.display ?? displayOf(given.requester);
  const named = namedFrom(order.requester);
  return named === undefined && display === undefined ? undefined : defined({ ...named, display });
}

function references(list: readonly fhir4.Reference[] | undefined): string[] {
  return (list ?? []).flatMap(({ reference }) => (reference === undefined ? [] : [reference]));
}

function orders(list: readonly fhir4.Reference[] | undefined): string[] {
  return references(list).filter((reference) => typeOf(reference) === 'ServiceRequest');
}

/** A Condition and the like as far as the order itself names it. */
function asText({ display, reference }: fhir4.Reference): Concept[] {
  const text = display ?? reference;
  return text === undefined ? [] : [{ text }];
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
