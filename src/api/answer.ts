/** One row of the table at work, and errors on their way out: as problem, OperationOutcome, or page. */
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { refusedAtDoor } from '../access/door.ts';
import { may } from '../access/roles.ts';
import { AdapterError, asAdapterError } from '../core/errors.ts';
import type { ApiDeps, Limits } from './deps.ts';
import { known } from './frame.ts';
import { outcomeOf, problemOf } from './problems.ts';
import type { Route } from './route.ts';
import { bodyCheck, queryCheck } from './validation.ts';

const fhirJson = 'application/fhir+json; charset=utf-8';
const bodyTypes = ['application/json', 'application/fhir+json'];

/** The handlers of one route: may they, is the body JSON, is it right, then do it. */
export function handlersOf(deps: ApiDeps, row: Route, limits: Limits): RequestHandler[] {
  const checkBody = row.body && bodyCheck(row.body);
  const checkQuery = row.query && queryCheck(row.query);
  const limit = row.fhir ? limits.fhirBodyBytes : limits.apiBodyBytes;
  const gate: RequestHandler = (_req, res, next) => {
    known(res).route = row.path;
    if (row.may === 'public') return next();
    const { asker } = known(res);
    if ('refused' in asker) throw refusedAtDoor(asker.refused);
    if (!may(asker.principal, row.may))
      throw new AdapterError('not-permitted', `The role ${asker.principal.role} lacks ${row.may}.`);
    next();
  };
  const act: RequestHandler<{ id?: string }> = async (req, res) => {
    const query = { ...req.query };
    checkQuery?.(query);
    const body: unknown = req.body ?? {};
    checkBody?.(body);
    const { asker } = known(res);
    const reply = await row.does(deps, {
      method: req.method,
      path: req.path,
      id: req.params.id ?? '',
      query,
      body,
      principal: 'principal' in asker ? asker.principal : undefined,
      header: (name) => req.get(name),
    });
    res.status(reply.status).set(reply.headers ?? {});
    res.type(reply.type ?? (row.fhir ? fhirJson : 'application/json'));
    res.send(reply.text ?? JSON.stringify(reply.json));
  };
  if (row.body === undefined) return [gate, act as RequestHandler];
  return [gate, isJson, express.json({ limit, type: bodyTypes }), act as RequestHandler];
}

/** A body of another type would be passed over in silence and taken for none. */
const isJson: RequestHandler = (req, _res, next) => {
  const none = req.get('content-length') === '0';
  if (!none && req.is(bodyTypes) === false)
    throw new AdapterError('wrong-media-type', 'The body is not sent as JSON.');
  next();
};

/** The methods of a path that has others than the one that was used. */
export function otherMethods(methods: readonly string[]): RequestHandler {
  const allow = methods.map((one) => one.toUpperCase());
  if (allow.includes('GET')) allow.push('HEAD');
  return (req, res) => {
    res.set('Allow', allow.join(', '));
    throw new AdapterError('wrong-method', `This takes ${allow.join(' and ')}, not ${req.method}.`);
  };
}

export const nothingHere: RequestHandler = () => {
  throw new AdapterError('not-ours', 'There is nothing at this address.', {
    fix: 'See /openapi.json for what there is.',
  });
};

/** The one place where an error of a request is said, to the caller and to the log. */
export function errorsOut(deps: ApiDeps): ErrorRequestHandler {
  return (thrown, req, res, next) => {
    if (res.headersSent) return next(thrown);
    const { requestId, asker } = known(res);
    const error = asOurs(thrown);
    const problem = problemOf(error, requestId);
    if (error.code === 'internal')
      deps.emit('api:fault', { requestId, code: error.code, says: whereOf(thrown) });
    if (problem.status === 401 || problem.status === 403)
      deps.emit('access:refused', { requestId, why: whyOf(asker, error) });
    if (problem.status === 401)
      res.set(
        'WWW-Authenticate',
        `Bearer realm="massage-fhir"${error.code === 'key-refused' ? ', error="invalid_token"' : ''}`,
      );
    const { retryAfterMs } = error.details;
    if (retryAfterMs !== undefined) res.set('Retry-After', String(Math.ceil(retryAfterMs / 1_000)));
    res.status(problem.status);
    if (/^\/fhir(\/|$)/.test(req.path)) res.type(fhirJson).send(JSON.stringify(outcomeOf(problem)));
    else if (deps.pages && req.accepts(['application/json', 'text/html']) === 'text/html')
      res.type('html').send(deps.pages.problem(problem));
    else res.type('application/problem+json').send(JSON.stringify(problem));
  };
}

function whyOf(
  asker: ReturnType<typeof known>['asker'] | undefined,
  { code }: AdapterError,
): string {
  return asker !== undefined && 'refused' in asker ? asker.refused : code;
}

/** Errors of Express and its body parser (http-errors) as ours; what they say may quote the body, so it is dropped. */
function asOurs(thrown: unknown): AdapterError {
  if (thrown instanceof AdapterError || !(thrown instanceof Error)) return asAdapterError(thrown);
  const status = 'status' in thrown ? thrown.status : undefined;
  const cause = thrown;
  if (status === 413)
    return new AdapterError('body-too-large', 'The body is too large.', { cause });
  if (status === 415)
    return new AdapterError('wrong-media-type', 'The body has an encoding that is not read here.', {
      cause,
    });
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const says = thrown instanceof SyntaxError ? 'The body is not JSON.' : 'The request is broken.';
    return new AdapterError('bad-request', says, { cause });
  }
  return asAdapterError(thrown);
}

/** Kind and place of an unknown fault; not its message, which may quote data. */
function whereOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'something that is no Error was thrown';
  const origin = thrown.cause instanceof Error ? thrown.cause : thrown;
  const place = /\b((?:src|mappings)\/[\w./-]+:\d+)/.exec(origin.stack ?? '')?.[1];
  return `${origin.name} at ${place ?? 'an unknown place'}`;
}
