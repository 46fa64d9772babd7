/**
 * A server that behaves like Epic (hospital-servers §1, §3, §5): searches by patient only, no `meta`, no ETag, nothing
 * conditional, absolute references, warnings among the results and a cap of 100 that only a code tells of.
 */
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { outcome, type Refusal } from '../outcome.ts';
import { targetOf } from '../references.ts';
import { withEntries, withReferences, withResources } from '../resource-rewriting.ts';
import { allowedCodes } from '../resource-structure.ts';
import { unversioned } from '../unversioned.ts';
import { epicIssue, epicRefusal } from './epic-codes.ts';
import { epicTypes } from './epic-table.ts';
import {
  type Asked,
  type Finish,
  hasNeeded,
  isKnown,
  isLaterPage,
  keeping,
  onSearch,
  parameterOf,
  type Rule,
  type Vendor,
  valuesOf,
  without,
} from './vendor.ts';

const cap = 100;

/** Of a POST _search only the form counts, and of the address only `_format`. */
const formOnly: Rule = onSearch((asked) => {
  const { call } = asked;
  if (call.method !== 'POST') return asked;
  const format = call.query.filter(([name]) => name === '_format');
  return { ...asked, call: { ...call, query: [...format, ...(call.form ?? [])] } };
});

const warnOfUnknown: Rule = onSearch((asked) => {
  const strangers = asked.call.query.filter((pair) => !isKnown(asked, pair));
  if (strangers.length === 0) return asked;
  return {
    ...asked,
    call: keeping(asked.call, (pair) => isKnown(asked, pair)),
    warnings: [...asked.warnings, epicIssue('4122'), epicIssue('59100')],
  };
});

const warnOfInvalid: Rule = onSearch((asked) => {
  const codes = allowedCodes(`${asked.type}.status`);
  const isWrong = (pair: readonly [string, string]) =>
    pair[0] === 'status' && codes !== undefined && !pair[1].split(',').every(isCode);
  const isCode = (value: string) => codes?.includes(value.split('|').at(-1) ?? '') ?? true;
  if (!asked.call.query.some(isWrong)) return asked;
  return {
    ...asked,
    call: keeping(asked.call, (pair) => !isWrong(pair)),
    warnings: [...asked.warnings, epicIssue('59109')],
  };
});

const needPatient: Rule = onSearch((asked) => {
  const criteria = asked.call.query.filter((pair) => !parameterOf(pair).startsWith('_'));
  if (criteria.length === 0 && valuesOf(asked.call, '_id').length === 0) {
    throw epicRefusal(['4110']);
  }
  if (!hasNeeded(asked)) throw epicRefusal(['4111', '59159']);
  return asked;
});

/** Without the category also surgeries are looked for, which this client may not see. */
const warnOfSuppressed: Rule = onSearch((asked) => {
  if (asked.type !== 'Appointment') return asked;
  const categories = valuesOf(asked.call, 'service-category').map((value) =>
    value.split('|').at(-1),
  );
  // the category says where to look; the appointments themselves need not carry it
  const call = keeping(asked.call, (pair) => parameterOf(pair) !== 'service-category');
  if (categories.includes('appointment')) return { ...asked, call };
  return { ...asked, call, warnings: [...asked.warnings, epicIssue('59204')] };
});

/** Neither conditional creates nor versions are known, and what is not known is not looked at. */
const unconditional: Rule = (asked) => ({
  ...asked,
  call: ['if-none-exist', 'if-match', 'if-none-match', 'if-modified-since'].reduce(
    without,
    asked.call,
  ),
});

const withoutVersions: Finish = (answer) => unversioned(answer);

const absoluteReferences: Finish = (answer, { call }) =>
  withResources(answer, (resource) =>
    withReferences(resource, (reference) => {
      const target = targetOf(String(reference.reference));
      if (target === undefined || target.base !== undefined) return reference;
      return { ...reference, reference: `${call.base}/${target.type}/${target.id}` };
    }),
  );

const withWarnings: Finish = (answer, asked) => {
  if (asked.interaction !== 'search-type' || answer.body?.type !== 'searchset') return answer;
  const issues = [
    ...(answer.found === 0 ? [epicIssue('4101')] : []),
    ...((answer.found ?? 0) > cap ? [epicIssue('4127'), epicIssue('59133')] : []),
    ...asked.warnings,
  ];
  if (issues.length === 0) return answer;
  return withEntries(answer, (entries) => [...entries, outcomeEntry(outcome(issues), asked)]);
};

function outcomeEntry(resource: JsonObject, { server }: Asked): JsonObject {
  const id = server.repository.freeId('OperationOutcome');
  return { fullUrl: `urn:uuid:${id}`, resource, search: { mode: 'outcome' } };
}

/** A read of what is gone or never was carries a code as well, and so does a page that has expired. */
function refused(refusal: Refusal, { interaction, call }: Asked): Refusal {
  if (refusal.status === 410 && isLaterPage(call)) return epicRefusal(['4113']);
  if (interaction !== 'read' || refusal.issues.some(({ details }) => details)) return refusal;
  if (refusal.status === 404) return epicRefusal(['4102']);
  return refusal.status === 410 ? epicRefusal(['4103']) : refusal;
}

/** 48 characters, among them "." and "-", as in recorded answers (Q27). */
function newId(): string {
  return `e${randomBytes(36).toString('base64url').slice(1).replaceAll('_', '.')}`;
}

export const epic: Vendor = {
  name: 'epic',
  says: 'like Epic: searches by patient, no meta, no versions, warnings among the results',
  path: '/interconnect-fhir-oauth/api/FHIR/R4',
  types: epicTypes,
  system: [],
  resultParameters: ['_count', '_include', '_revinclude'],
  lacking: { write: [405, 'not-supported'], other: [405, 'not-supported'] },
  updateCreate: false,
  rules: [formOnly, warnOfUnknown, warnOfInvalid, needPatient, warnOfSuppressed, unconditional],
  finishes: [withoutVersions, absoluteReferences, withWarnings],
  refused,
  limits: { cap, maxCount: 1000 },
  newId,
  // recorded statements have a software without any name of the statement itself (Q35)
  statement: () => ({
    software: { name: 'Epic', version: 'May 2026', releaseDate: '2026-05-01' },
    publisher: 'Epic-like sandbox',
    format: ['application/fhir+json', 'application/json', 'json'],
  }),
  resourceStatement: {
    versioning: 'no-version',
    readHistory: false,
    updateCreate: false,
    conditionalCreate: false,
    conditionalUpdate: false,
    searchInclude: ['*'],
  },
  smart: (base, tokenEndpoint) => ({
    issuer: base,
    token_endpoint: tokenEndpoint,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
    scopes_supported: ['system/ServiceRequest.rs', 'system/Task.rus', 'system/Procedure.crus'],
    capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
  }),
};
