/**
 * What every request goes through, whatever its route: an id, headers that keep browsers strict, who asks, how often,
 * and a line for the log when it is answered. The line names the pattern of the route, never the address that was used.
 */
import type { RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Asker } from '../access/door.ts';
import { AdapterError } from '../core/errors.ts';
import type { ApiDeps, Limits } from './deps.ts';

export const standardLimits: Limits = {
  requestsPerMinute: 600,
  apiBodyBytes: 1_000_000,
  fhirBodyBytes: 10_000_000,
};

interface Known {
  requestId: string;
  asker: Asker;
  /** Pattern of the route that answers. */
  route?: string;
}

/** What the frame has found out about a request. */
export function known(res: Response): Known {
  // set by `identified` and `asked` below before anything else runs
  return res.locals as Known;
}

/** Gives the request its id (the caller’s, if it has a decent one) and announces how it was answered. */
export function identified({ clock, newId, emit }: ApiDeps): RequestHandler {
  return (req, res, next) => {
    const theirs = req.get('x-request-id');
    const requestId = theirs !== undefined && /^[\w.-]{1,64}$/.test(theirs) ? theirs : newId();
    const started = clock().getTime();
    known(res).requestId = requestId;
    res.set('X-Request-Id', requestId);
    res.set('Cache-Control', 'no-store');
    // An ETag is the version of the record, for If-Match; minutes and facts on file change without it, so that "not
    // modified" would hide them.
    delete req.headers['if-none-match'];
    res.once('close', () => {
      const { asker, route = 'none' } = known(res);
      emit('api:answered', {
        method: req.method,
        route,
        status: res.statusCode,
        ms: clock().getTime() - started,
        requestId,
        key: asker !== undefined && 'principal' in asker ? asker.principal.id : undefined,
      });
    });
    next();
  };
}

/** Referrer: `same-origin`, since without it browsers send `Origin: null` with our own forms. */
export const strict: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'same-origin' },
});

/** Finds out who asks; whether that is enough is decided by the route. */
export function asked({ door }: ApiDeps): RequestHandler {
  return async (req, res, next) => {
    known(res).asker = await door.whoAsks({ method: req.method, headers: req.headers });
    next();
  };
}

/** Probes are not counted: a flood from the same address must not have the process taken for dead. */
export function counted(limits: Limits): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: limits.requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    skip: (req) => req.path === '/livez' || req.path === '/readyz',
    keyGenerator: (req, res) => {
      const { asker } = known(res as Response);
      return 'principal' in asker ? `key ${asker.principal.id}` : ipKeyGenerator(req.ip ?? '');
    },
    handler: (_req, _res, next) =>
      next(new AdapterError('too-many-requests', 'Too many requests.')),
  });
}
