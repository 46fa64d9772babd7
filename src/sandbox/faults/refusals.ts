/** Faults that answer in place of the server. */
import type { Answer } from '../exchange.ts';
import type { JsonObject } from '../json.ts';
import { type IssueCode, outcome } from '../outcome.ts';
import { epicIssue, epicRefusal } from '../vendors/epic-codes.ts';
import type { Behaviours } from './behaviour.ts';
import type { FaultOf } from './kinds.ts';

export const refusalFaults = {
  status: {
    instead: ({ status, retryAfter, headers: others, body, issue }) => {
      const headers = {
        ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
        ...texts(others),
      };
      if (typeof body === 'string') {
        return { status, headers: { ...headers, 'Content-Type': 'text/plain' }, text: body };
      }
      return { status, headers, body: (body as JsonObject | undefined) ?? said(status, issue) };
    },
  },
  html: {
    instead: () =>
      page(200, '<!doctype html><title>Sign in</title><h1>Please sign in to the network</h1>'),
  },
  gateway: {
    instead: ({ status }) => page(status, `<html><h1>${status} from the proxy</h1></html>`),
  },
  'outcome-200': {
    instead: () => ({ status: 200, headers: {}, body: said(500) }),
  },
  'epic-code': {
    instead: ({ code, status }) => epicRefusal([code], status).answer(),
  },
  throttle: {
    instead: (fault, { at }) => {
      const { status = 429 } = fault;
      return { status, headers: waiting(fault, at), body: said(429) };
    },
  },
  'token-expired': {
    instead: () => ({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      body: said(401, 'login'),
    }),
  },
  'no-discovery': {
    instead: ({ status }) => ({ status, headers: {}, body: said(status, 'not-supported') }),
  },
  gone: {
    instead: () => ({ status: 410, headers: {} }),
  },
  merged: {
    instead: ({ to }, { base }) => ({
      status: 301,
      headers: { Location: `${base}/${to}` },
      body: outcome([epicIssue('4107')]),
    }),
  },
  'search-expired': {
    instead: ({ answer }) => {
      if (answer === '4113') return epicRefusal(['4113']).answer();
      const status = Number(answer);
      return { status, headers: {}, body: said(status, 'not-found') };
    },
  },
} satisfies Behaviours;

function page(status: number, text: string): Answer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, text };
}

function texts(headers: object | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
}

/** What servers say beside these statuses; a client may go by the word and not by the number. */
const usualCodes: Readonly<Record<number, IssueCode>> = {
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  410: 'deleted',
  412: 'conflict',
  429: 'throttled',
};

function said(status: number, issue?: string): JsonObject {
  const code = (issue ??
    usualCodes[status] ??
    (status < 500 ? 'processing' : 'transient')) as IssueCode;
  return outcome([{ severity: 'error', code, diagnostics: 'A fault that was asked for.' }]);
}

/** How long to wait, in each of the headers that servers use (Q15). */
function waiting({ header, seconds }: FaultOf<'throttle'>, at: Date): Record<string, string> {
  switch (header) {
    case 'retry-after':
      return { 'Retry-After': String(seconds) };
    case 'retry-after-date':
      return { 'Retry-After': new Date(at.getTime() + seconds * 1000).toUTCString() };
    case 'x-ms-retry-after-ms':
      return { 'x-ms-retry-after-ms': String(seconds * 1000) };
    case 'rate-limit':
      return { RateLimit: `"requests";r=0;t=${seconds}` };
    case 'none':
      return {};
  }
}
