/**
 * ServiceRequest → the outline that selection looks at. It runs on every order that a hospital shows, also on those
 * that are none of our business, so it reads little and trusts nothing.
 */
import type { OrderOutline } from '../src/core/selection.ts';
import { fieldTable, map } from '../src/mapping/field-table.ts';
import type { Mapped } from '../src/mapping/finding.ts';
import { justOne, several, text } from '../src/mapping/site-reading.ts';
import { codingFrom, conceptFrom } from './concepts.ts';
import { serviceRequest } from './shapes.ts';
import { aCoding, aConcept } from './site-readings.ts';

export interface OutlineGiven {
  /** A Task that is addressed to us asks for this order. */
  readonly taskedToUs: boolean;
}

export const orderOutline = fieldTable<fhir4.ServiceRequest, OutlineGiven, OrderOutline>(
  'order-outline',
  {
    status: { from: 'ServiceRequest.status', read: ({ status }) => status, otherwise: '' },
    intent: {
      from: 'ServiceRequest.intent',
      read: ({ intent }) => intent,
      otherwise: '',
      site: justOne(text),
    },
    doNotPerform: {
      from: 'ServiceRequest.doNotPerform',
      read: ({ doNotPerform }, _, flag) => {
        if (doNotPerform === undefined || typeof doNotPerform === 'boolean')
          return doNotPerform === true;
        flag('is neither true nor false; taken as a prohibition');
        return true;
      },
    },
    code: {
      from: 'ServiceRequest.code',
      read: ({ code, modifierExtension }, _, flag) => {
        if (modifierExtension !== undefined)
          flag('the order has a modifierExtension, which is not understood here');
        return code && conceptFrom(code);
      },
      otherwise: {},
      site: justOne(aConcept),
    },
    categories: {
      from: 'ServiceRequest.category.coding',
      read: ({ category }) =>
        (category ?? []).flatMap(({ coding }) => (coding ?? []).map(codingFrom)),
      site: several(aCoding),
    },
    performers: {
      from: 'ServiceRequest.performer.reference | ServiceRequest.performer.identifier.value',
      read: ({ performer }) => (performer ?? []).flatMap(namesOf),
      site: several(text),
    },
    taskedToUs: { from: '%taskedToUs', read: (_, { taskedToUs }) => taskedToUs },
  },
  { resourceType: 'ServiceRequest', shape: serviceRequest },
);

/** A performer by reference, and by `system|value` where the hospital names it by identifier. */
function namesOf({ reference, identifier }: fhir4.Reference): string[] {
  const { system, value } = identifier ?? {};
  return [
    ...(reference === undefined ? [] : [reference]),
    ...(value === undefined ? [] : [`${system ?? ''}|${value}`]),
  ];
}

export function outlineOrder(
  order: fhir4.ServiceRequest,
  given: OutlineGiven,
  table: typeof orderOutline = orderOutline,
): Mapped<OrderOutline> {
  return map(table, order, given);
}
