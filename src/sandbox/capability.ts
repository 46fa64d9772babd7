/** The CapabilityStatement: what this server really does, drawn from the same tables that do it. */
import type { JsonObject } from './json.ts';
import { resourceTypes } from './resource-types.ts';
import { parametersOf } from './search-parameters.ts';

const interactions = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
];

/** `date` is when the server came up; `secured` whether it asks for credentials. */
export function capabilityStatement(base: string, date: Date, secured: boolean): JsonObject {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: date.toISOString(),
    kind: 'instance',
    software: { name: 'Sandbox hospital' },
    implementation: { description: 'A hospital in memory, for trials and tests', url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        ...(secured
          ? {
              security: {
                description: 'HTTP Basic or a bearer token, as this sandbox was set up.',
              },
            }
          : {}),
        resource: [...resourceTypes].filter(isServed).map(resourceEntry),
        interaction: ['transaction', 'batch', 'history-system'].map((code) => ({ code })),
      },
    ],
  };
}

/** Subscriptions are refused on writing, and Parameters is no resource to keep. */
function isServed(type: string): boolean {
  return type !== 'Subscription' && type !== 'Parameters';
}

function resourceEntry(type: string): JsonObject {
  const parameters = [...parametersOf(type).values()];
  const references = parameters.filter((parameter) => parameter.type === 'reference');
  return {
    type,
    interaction: interactions.map((code) => ({ code })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    referencePolicy: ['literal', 'logical'],
    ...(references.length === 0
      ? {}
      : { searchInclude: references.map((parameter) => `${type}:${parameter.name}`) }),
    searchParam: parameters.map((parameter) => ({ name: parameter.name, type: parameter.type })),
    operation: [
      { name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
    ],
  };
}
