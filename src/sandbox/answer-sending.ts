/** How an answer leaves: its headers, and what a fault does to it on the way. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './exchange.ts';
import type { Fault } from './faults.ts';
import type { JsonObject } from './json.ts';
import { outcome } from './outcome.ts';

export type Sending = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Server time, for the Date header: a client may take it as its watermark. */
  readonly at: Date;
  readonly requestId: string;
  /** The absolute address that was asked. */
  readonly url: string;
  readonly pretty: boolean;
};

/** Faults that answer in place of the server; undefined for all others. */
export function answerInstead(sending: Sending, fault: Fault): (() => void) | undefined {
  switch (fault.do) {
    case 'status': {
      const headers: Record<string, string> =
        fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
      const { body, status } = fault;
      if (typeof body === 'string') {
        return () => sendText(sending, status, { ...headers, 'Content-Type': 'text/plain' }, body);
      }
      const json = (body as JsonObject | undefined) ?? faultOutcome(status);
      return () => send(sending, { status, headers, body: json });
    }
    case 'html': {
      const page = '<!doctype html><title>Sign in</title><h1>Please sign in to the network</h1>';
      return () => sendText(sending, 200, { 'Content-Type': 'text/html; charset=utf-8' }, page);
    }
    case 'outcome-200':
      return () => send(sending, { status: 200, headers: {}, body: faultOutcome(500) });
    default:
      return undefined;
  }
}

/** Sends what the server answered, through the fault if one struck. */
export function send(sending: Sending, answer: Answer, fault?: Fault): void {
  switch (fault?.do) {
    case 'lose-answer':
      sending.request.socket.destroy();
      break;
    case 'slow':
      setTimeout(() => sendWhole(sending, answer), fault.ms).unref();
      break;
    case 'foreign-next': {
      const { pathname, search } = new URL(linkOf(answer, 'next') ?? sending.url);
      sendWhole(sending, withNext(answer, new URL(pathname + search, fault.origin).href));
      break;
    }
    case 'loop-next':
      sendWhole(sending, withNext(answer, sending.url));
      break;
    case 'truncate':
      sendHalf(sending, answer, fault.chunked ?? false);
      break;
    default:
      sendWhole(sending, answer);
  }
}

const fhirJson = { 'Content-Type': 'application/fhir+json; charset=utf-8' };

function textOf(sending: Sending, answer: Answer): string | undefined {
  if (answer.body === undefined) return undefined;
  return JSON.stringify(answer.body, undefined, sending.pretty ? 2 : undefined);
}

function sendWhole(sending: Sending, answer: Answer): void {
  const { response } = sending;
  const text = textOf(sending, answer);
  if (text !== undefined) {
    sendText(sending, answer.status, { ...fhirJson, ...answer.headers }, text);
  } else if (!response.destroyed) {
    response.writeHead(answer.status, { ...commonHeaders(sending), ...answer.headers });
    response.end();
  }
}

/** Promises the whole body, by its length or by an open chunked stream, and ends the connection half way. */
function sendHalf(sending: Sending, answer: Answer, chunked: boolean): void {
  const { request, response } = sending;
  const whole = Buffer.from(textOf(sending, answer) ?? ' ');
  response.writeHead(answer.status, {
    ...commonHeaders(sending),
    ...fhirJson,
    ...answer.headers,
    ...(chunked ? {} : { 'Content-Length': String(whole.length) }),
  });
  response.write(whole.subarray(0, whole.length / 2), () => request.socket.destroySoon());
}

function sendText(
  sending: Sending,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): void {
  if (sending.response.destroyed) return;
  const length = { 'Content-Length': String(Buffer.byteLength(text)) };
  sending.response.writeHead(status, { ...commonHeaders(sending), ...headers, ...length });
  sending.response.end(text);
}

function commonHeaders({ request, at, requestId }: Sending): Record<string, string> {
  const correlation = request.headers['x-correlation-id'];
  return {
    Date: at.toUTCString(),
    'X-Request-Id': requestId,
    ...(typeof correlation === 'string' ? { 'X-Correlation-Id': correlation } : {}),
  };
}

function faultOutcome(status: number): JsonObject {
  const code = status === 429 ? 'throttled' : status === 409 ? 'conflict' : 'transient';
  return outcome([{ severity: 'error', code, diagnostics: 'A fault that was asked for.' }]);
}

type Link = { relation: string; url: string };

function linksOf({ body }: Answer): Link[] {
  return body?.resourceType === 'Bundle' && Array.isArray(body.link) ? (body.link as Link[]) : [];
}

function linkOf(answer: Answer, relation: string): string | undefined {
  return linksOf(answer).find((link) => link.relation === relation)?.url;
}

function withNext(answer: Answer, url: string): Answer {
  if (answer.body?.resourceType !== 'Bundle') return answer;
  const others = linksOf(answer).filter((link) => link.relation !== 'next');
  return { ...answer, body: { ...answer.body, link: [...others, { relation: 'next', url }] } };
}
