/** Statements that lie or are odd (hospital-servers Q35). */
import { isObject, type JsonObject } from '../json.ts';
import type { Behaviours } from './behaviour.ts';
import type { FaultOf } from './kinds.ts';

type Change = (statement: JsonObject) => JsonObject;

export const statementFaults = {
  statement: {
    answer: ({ is }, answer) =>
      answer.body === undefined ? answer : { ...answer, body: changes[is](answer.body) },
  },
  'statement-version': {
    answer: ({ fhirVersion }, answer) =>
      answer.body === undefined ? answer : { ...answer, body: { ...answer.body, fhirVersion } },
  },
  'statement-size': {
    answer: ({ bytes }, answer) =>
      answer.body === undefined ? answer : { ...answer, body: grown(answer.body, bytes) },
  },
} satisfies Behaviours;

const changes: Readonly<Record<FaultOf<'statement'>['is'], Change>> = {
  doubled: (statement) =>
    eachResource(statement, (one) => ({
      ...one,
      interaction: twice(one.interaction),
      searchParam: twice(one.searchParam),
    })),
  nameless: ({ name: _name, software: _software, publisher: _publisher, ...rest }) => rest,
  'null-names': (statement) => ({ ...statement, name: null, software: null }),
  'copied-name': (statement) => ({
    ...statement,
    software: { name: 'HAPI FHIR Server', version: '5.7.0' },
  }),
  'without-rest': ({ rest: _rest, ...others }) => others,
  'odd-operations': (statement) =>
    eachRest(statement, (rest) => ({
      ...rest,
      operation: [
        {
          name: 'group-export',
          definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export',
        },
        {
          name: '$docref',
          definition: 'http://hl7.org/fhir/us/core/OperationDefinition/docref',
        },
        { name: 'export' },
      ],
    })),
  // says that an update creates, and what is conditional, of types that take neither update nor create
  promising: (statement) =>
    eachResource(statement, (one) => ({
      ...one,
      interaction: list(one.interaction).filter(
        ({ code }) => code !== 'update' && code !== 'create',
      ),
      updateCreate: true,
      conditionalCreate: true,
    })),
};

function list(value: JsonObject[string]): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function twice(value: JsonObject[string]): JsonObject[string] {
  return value === undefined ? undefined : [...list(value), ...list(value)];
}

function eachRest(statement: JsonObject, change: Change): JsonObject {
  return { ...statement, rest: list(statement.rest).map(change) };
}

function eachResource(statement: JsonObject, change: Change): JsonObject {
  return eachRest(statement, (rest) => ({ ...rest, resource: list(rest.resource).map(change) }));
}

/** Real content, not blanks: the addresses of guides, as many as it takes. */
function grown(statement: JsonObject, bytes: number): JsonObject {
  const guide = (n: number) => `http://hospital.example/ImplementationGuide/${n}`;
  const count = Math.ceil(bytes / guide(1000).length);
  return { ...statement, implementationGuide: Array.from({ length: count }, (_, n) => guide(n)) };
}
