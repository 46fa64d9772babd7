/**
 * A server that behaves like Oracle Health Millennium (hospital-servers §8): the tenant in the path, searches that
 * require parameters, no Task, bookings from slots, patches under If-Match, writes that answer nothing.
 */
import { isObject, type JsonObject } from '../json.ts';
import { refuse } from '../outcome.ts';
import { isLive } from '../repository.ts';
import { withResources } from '../resource-rewriting.ts';
import { fromZero, odd, readVersions, writtenVersions } from '../version-names.ts';
import { createAppointment, patchAppointment, settleSlot } from './oracle-booking.ts';
import {
  appointmentSearch,
  fewIncludes,
  idAlone,
  needParameters,
  plainPrefixes,
  slotSearch,
  updatedElsewhere,
  updatedOrders,
} from './oracle-searches.ts';
import { oracleParameters, oracleTypes } from './oracle-table.ts';
import {
  type Asked,
  dropUnknown,
  type Finish,
  on,
  type Rule,
  type Vendor,
  without,
} from './vendor.ts';

/** Invented; an id means nothing without it. */
const tenant = '5b0e6f2a-7c1d-4e83-9a40-d2c9f1b7e6aa';

/** Slots and appointments have names of versions that are no numbers (Q18). */
const namesFor = (type: string) => (type === 'Slot' || type === 'Appointment' ? odd : fromZero);

const versions: Rule = (asked) => ({
  ...asked,
  call: readVersions(asked.call, namesFor(asked.type)),
});

/** Updates and patches need If-Match: 412 without it, 409 for another version than the newest. */
const underMatch: Rule = (asked) => {
  const { call, server, type, interaction } = asked;
  if (interaction !== 'update' && interaction !== 'patch') return asked;
  const match = call.header('if-match');
  if (match === undefined) throw refuse(412, 'required', 'If-Match is required.');
  const current = server.repository.newest(type, call.path[1] ?? '');
  if (isLive(current) && match !== `W/"${current.number}"`) {
    throw refuse(409, 'conflict', 'This is not the current version.');
  }
  return asked;
};

/** Not declared, and not looked at. */
const unconditional: Rule = (asked) => ({ ...asked, call: without(asked.call, 'if-none-exist') });

const procedureElements = new Set([
  'resourceType',
  'status',
  'code',
  'subject',
  'encounter',
  'performedDateTime',
  'performedPeriod',
  'performer',
  'location',
  'note',
]);

/** Eight elements are kept; the others are left out without a word (Q20). */
const createProcedure: Rule = on('Procedure', 'create', (asked) => {
  const { body } = asked.call;
  if (!isObject(body)) return asked;
  if (body.modifierExtension !== undefined || body.implicitRules !== undefined) {
    throw refuse(422, 'business-rule', 'Modifier elements are not supported.');
  }
  if (body.status !== 'completed') {
    throw refuse(422, 'business-rule', 'The status must be completed.');
  }
  if (body.code === undefined) throw refuse(422, 'required', 'code must be set.');
  const kept: JsonObject = Object.fromEntries(
    Object.entries(body).filter(([name]) => procedureElements.has(name)),
  );
  // with both, the period counts
  if (kept.performedPeriod !== undefined) delete kept.performedDateTime;
  return { ...asked, call: { ...asked.call, body: kept } };
});

const documentNeeds = ['docStatus', 'type', 'author', 'content', 'context'];

const createDocument: Rule = on('DocumentReference', 'create', (asked) => {
  const { body } = asked.call;
  if (!isObject(body)) return asked;
  const missing = documentNeeds.filter((name) => body[name] === undefined);
  // a permanent fault of the request that looks like a passing one of the server (§5)
  if (missing.length > 0) throw refuse(500, 'required', `${missing.join(', ')} must be set.`);
  return asked;
});

const isWrite = ({ interaction }: Asked) => ['create', 'update', 'patch'].includes(interaction);

/** A write answers nothing: its id and version are in Location and ETag (Q19). */
const emptyWrites: Finish = (answer, asked) => {
  if (!isWrite(asked) || answer.version === undefined) return answer;
  settleSlot(asked, answer.version.id);
  const { ETag = '', 'Last-Modified': at = '' } = answer.headers;
  const location = `${asked.call.base}/${asked.type}/${answer.version.id}`;
  return {
    status: answer.status,
    headers: {
      ETag,
      'Last-Modified': at,
      ...(asked.interaction === 'create' ? { Location: location } : {}),
      'Content-Type': 'text/html',
    },
    text: '',
  };
};

/** Searches say no total (Q11). */
const withoutTotal: Finish = (answer) => {
  if (answer.body?.type !== 'searchset') return answer;
  const { total: _total, ...body } = answer.body;
  return { ...answer, body };
};

const oddVersions: Finish = (answer, { type }) => {
  if (answer.body?.resourceType !== 'Bundle') return writtenVersions(answer, namesFor(type));
  return withResources(answer, (resource) => {
    const one = { status: 200, headers: {}, body: resource };
    return writtenVersions(one, namesFor(resource.resourceType)).body ?? resource;
  });
};

export const oracleHealth: Vendor = {
  name: 'oracle-health',
  says: 'like Oracle Health: required search parameters, slots, patches, no Task',
  path: `/r4/${tenant}`,
  types: oracleTypes,
  parameters: oracleParameters,
  system: ['batch'],
  resultParameters: ['_count', '_revinclude', '_include'],
  lacking: { write: [405, 'not-supported'], other: [405, 'not-supported'] },
  updateCreate: false,
  rules: [
    versions,
    underMatch,
    unconditional,
    needParameters,
    idAlone,
    appointmentSearch,
    updatedOrders,
    updatedElsewhere,
    plainPrefixes,
    fewIncludes,
    dropUnknown,
    slotSearch,
    createAppointment,
    patchAppointment,
    createProcedure,
    createDocument,
  ],
  finishes: [emptyWrites, withoutTotal, oddVersions],
  statement: () => ({
    publisher: 'Oracle-Health-like sandbox',
    software: { name: 'Millennium-like sandbox', version: '2026-08' },
    format: ['json', 'application/fhir+json'],
    patchFormat: ['application/json-patch+json'],
  }),
  resourceStatement: { versioning: 'versioned', readHistory: false },
  smart: (_base, tokenEndpoint) => ({
    token_endpoint: tokenEndpoint,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
    scopes_supported: [
      'system/ServiceRequest.read',
      'system/Appointment.read',
      'system/Appointment.write',
      'system/Procedure.write',
    ],
    capabilities: ['client-confidential-asymmetric', 'permission-v1'],
  }),
};
