/**
 * What a hospital pushes: the same inbox and the same rules as what we find ourselves, answered after the commit with
 * what became of each resource. Nothing is read back from here: we are no repository.
 */
import Type, { type TSchema } from 'typebox';
import { canonical } from '../core/concept.ts';
import { AdapterError } from '../core/errors.ts';
import { canonicalHash } from '../fhir/canonical-hash.ts';
import { type InboxRow, rowOf, versionsOf } from '../store/inbox.ts';
import type { ApiDeps } from './deps.ts';
import { oneHospital } from './known-hospital.ts';
import { type Reply, type Route, route } from './route.ts';
import { OperationOutcome, Resource } from './shapes.ts';
import { HospitalQuery } from './watch-shapes.ts';

const Bundle = Type.Object(
  {
    resourceType: Type.Literal('Bundle'),
    type: Type.Unsafe<'transaction' | 'batch' | 'collection'>({
      type: 'string',
      enum: ['transaction', 'batch', 'collection'],
    }),
    entry: Type.Array(
      Type.Object(
        {
          resource: Type.Object(
            { resourceType: Type.String({ minLength: 1 }) },
            { additionalProperties: true },
          ),
          request: Type.Optional(
            Type.Object(
              { method: Type.Unsafe<'POST' | 'PUT'>({ type: 'string', enum: ['POST', 'PUT'] }) },
              { additionalProperties: true },
            ),
          ),
        },
        { additionalProperties: true },
      ),
      { minItems: 1 },
    ),
  },
  { title: 'Bundle', additionalProperties: true },
);

const BundleOrOutcome = Type.Object(
  { resourceType: Type.Unsafe<string>({ type: 'string', enum: ['Bundle', 'OperationOutcome'] }) },
  { title: 'Pushed', additionalProperties: true },
);

function single(resourceType: 'ServiceRequest' | 'Task' | 'Appointment'): Route {
  return route<typeof HospitalQuery, TSchema>({
    method: 'post',
    path: `/fhir/${resourceType}`,
    may: 'fhir.push',
    fhir: true,
    query: HospitalQuery,
    body: Resource(resourceType),
    answers: { 200: { says: 'Stored; what became of it.', schema: OperationOutcome } },
    problems: [],
    says: `Push one ${resourceType}.`,
    does: async (deps, { query, body }) => {
      const fates = await take(deps, query.hospital, body, [body as object]);
      return fhirReply({ resourceType: 'OperationOutcome', issue: fates.map(issueOf) });
    },
  });
}

export const fhirRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/fhir',
    may: 'fhir.push',
    fhir: true,
    query: HospitalQuery,
    body: Bundle,
    answers: {
      200: {
        says: 'All stored. A transaction or batch is answered by a Bundle, a collection by an OperationOutcome; both say what became of each resource.',
        schema: BundleOrOutcome,
      },
    },
    problems: [],
    says: 'Push a Bundle.',
    does: async (deps, { query, body }) => {
      const fates = await take(
        deps,
        query.hospital,
        body,
        body.entry.map((one) => one.resource),
      );
      if (body.type === 'collection')
        return fhirReply({ resourceType: 'OperationOutcome', issue: fates.map(issueOf) });
      return fhirReply({
        resourceType: 'Bundle',
        type: `${body.type}-response`,
        entry: fates.map((fate) => ({
          response: {
            status: fate.fresh ? '201 Created' : '200 OK',
            outcome: { resourceType: 'OperationOutcome', issue: [issueOf(fate)] },
          },
        })),
      });
    },
  }),
  single('ServiceRequest'),
  single('Task'),
  single('Appointment'),
];

interface Fate {
  readonly about: string;
  readonly fresh: boolean;
  readonly row: InboxRow | undefined;
}

/** Hands over what was pushed, then looks where each of it ended. */
async function take(
  deps: ApiDeps,
  named: string | undefined,
  body: unknown,
  resources: readonly object[],
): Promise<Fate[]> {
  const hospital = oneHospital(deps, named);
  const { read } = deps.store;
  const { stored } = await deps.push(hospital, body);
  const rows = await Promise.all(stored.map((id) => rowOf(read, id)));
  return Promise.all(
    resources.map(async (resource) => {
      const { resourceType, id } = resource as { resourceType: string; id?: unknown };
      const hash = canonicalHash(resource);
      const about = typeof id === 'string' ? `${resourceType}/${id}` : `${resourceType} without id`;
      const isThis = (row: InboxRow | undefined) => row?.type === resourceType && row.hash === hash;
      const fresh = rows.find(isThis);
      if (fresh !== undefined || typeof id !== 'string')
        return { about, fresh: fresh !== undefined, row: fresh };
      const before = await versionsOf(read, hospital, resourceType, id);
      return { about, fresh: false, row: before.findLast(isThis) };
    }),
  );
}

function issueOf({ about, fresh, row }: Fate): fhir4.OperationOutcomeIssue {
  const end =
    row === undefined
      ? 'was here before'
      : `${row.state}${row.says === null ? '' : `: ${row.says}`}`;
  return {
    // What cannot be used is lost to the sender unless it is told.
    severity: row?.state === 'unusable' ? 'error' : 'information',
    code: row?.state === 'unusable' ? 'invalid' : 'informational',
    details: {
      ...(row !== undefined && {
        coding: [
          { system: `${canonical}/inbox-state`, code: row.state },
          ...(row.rule === null ? [] : [{ system: `${canonical}/inbox-rule`, code: row.rule }]),
        ],
      }),
      text: `${about}${fresh || row === undefined ? '' : ' (known before)'}: ${end}`,
    },
  };
}

function fhirReply(resource: fhir4.Bundle | fhir4.OperationOutcome): Reply {
  if (resource.resourceType === 'OperationOutcome' && resource.issue.length === 0)
    throw new AdapterError('internal', 'an answer without a word');
  return { status: 200, json: resource };
}
