/** How an answer leaves: its headers, and what a fault does to it on the way. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer } from './exchange.ts';
import type { Fault } from './faults/kinds.ts';
import type { Struck } from './faults.ts';

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

/** Sends what the server answered, through the faults that struck; the first that cuts or slows decides. */
export function send(sending: Sending, answer: Answer, struck: readonly Struck[] = []): void {
  const fault = struck.map((one) => one.fault).find(isOfTheWire);
  switch (fault?.do) {
    case 'lose-answer':
      sending.request.socket.destroy();
      break;
    case 'slow':
      setTimeout(() => sendWhole(sending, answer), fault.ms).unref();
      break;
    case 'truncate':
      sendHalf(sending, answer, fault.chunked ?? false);
      break;
    case 'drip':
      sendInDrops(sending, answer, fault.bytes, fault.ms);
      break;
    case 'oversized':
      sendFilled(sending, answer, fault.bytes, fault.gzip ?? false);
      break;
    case 'content-type':
      sendText(
        sending,
        answer.status,
        { ...answer.headers, 'Content-Type': fault.type },
        textOf(sending, answer) ?? '',
      );
      break;
    default:
      sendWhole(sending, answer);
  }
}

const wire = ['lose-answer', 'slow', 'truncate', 'drip', 'oversized', 'content-type'] as const;
type OfTheWire = Extract<Fault, { readonly do: (typeof wire)[number] }>;

function isOfTheWire(fault: Fault): fault is OfTheWire {
  return wire.some((name) => name === fault.do);
}

const fhirJson = { 'Content-Type': 'application/fhir+json; charset=utf-8' };

function textOf(sending: Sending, answer: Answer): string | undefined {
  if (answer.text !== undefined) return answer.text;
  if (answer.body === undefined) return undefined;
  return JSON.stringify(answer.body, undefined, sending.pretty ? 2 : undefined);
}

function sendWhole(sending: Sending, answer: Answer): void {
  const { response } = sending;
  const text = textOf(sending, answer);
  if (text !== undefined) {
    sendText(sending, answer.status, headersOf(answer), text);
  } else if (!response.destroyed) {
    response.writeHead(answer.status, { ...commonHeaders(sending), ...answer.headers });
    response.end();
  }
}

/** What is text already says itself what it is. */
function headersOf({ headers, text }: Answer): Readonly<Record<string, string>> {
  return text === undefined ? { ...fhirJson, ...headers } : headers;
}

/** Promises the whole body, by its length or by an open chunked stream, and ends the connection half way. */
function sendHalf(sending: Sending, answer: Answer, chunked: boolean): void {
  const { request, response } = sending;
  const whole = Buffer.from(textOf(sending, answer) ?? ' ');
  response.writeHead(answer.status, {
    ...commonHeaders(sending),
    ...headersOf(answer),
    ...(chunked ? {} : { 'Content-Length': String(whole.length) }),
  });
  response.write(whole.subarray(0, whole.length / 2), () => request.socket.destroySoon());
}

/** The whole body of a promised length, so many bytes at a time. */
function sendInDrops(sending: Sending, answer: Answer, bytes: number, ms: number): void {
  const { response } = sending;
  const whole = Buffer.from(textOf(sending, answer) ?? ' ');
  const length = { 'Content-Length': String(whole.length) };
  const size = Math.max(1, Math.floor(bytes));
  response.writeHead(answer.status, {
    ...commonHeaders(sending),
    ...headersOf(answer),
    ...length,
  });
  let sent = 0;
  const drop = () => {
    if (response.destroyed) return;
    response.write(whole.subarray(sent, sent + size));
    sent += size;
    if (sent >= whole.length) response.end();
    else setTimeout(drop, ms).unref();
  };
  drop();
}

/** Still the same JSON: blanks follow it. As gzip they cost next to nothing on the wire. */
function sendFilled(sending: Sending, answer: Answer, bytes: number, gzip: boolean): void {
  const { response } = sending;
  if (response.destroyed) return;
  const text = Buffer.from(textOf(sending, answer) ?? '');
  const filled = Buffer.alloc(Math.max(bytes, text.length), ' ');
  text.copy(filled);
  const body = gzip ? gzipSync(filled) : filled;
  response.writeHead(answer.status, {
    ...commonHeaders(sending),
    ...headersOf(answer),
    ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
    'Content-Length': String(body.length),
  });
  response.end(body);
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
