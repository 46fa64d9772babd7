/**
 * The door of the sandbox: FHIR under /fhir, or under the paths of a vendor and of the staff, the switchboard for
 * faults under /sandbox. Every request is logged, may be struck by faults, is carried out at once and answered; every
 * failure becomes an OperationOutcome.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Sending, send } from './answer-sending.ts';
import { type Entrance, entranceAt, isLater, readPage, writtenPages } from './entrances.ts';
import type { Answer, Call } from './exchange.ts';
import type { Stage } from './faults/behaviour.ts';
import { faultFrom } from './faults/checks.ts';
import { faultTable } from './faults/table.ts';
import { answeredInstead, answeredThrough, askedThrough, type Faults } from './faults.ts';
import {
  addressIn,
  parseBody,
  readBody,
  refuseUnlessJson,
  refuseUnlessSignedIn,
  type SandboxAuth,
} from './http-messages.ts';
import type { JsonObject } from './json.ts';
import { outcome, Refusal, refuse } from './outcome.ts';
import type { OpenEntry, RequestLog } from './request-log.ts';

export type Door = {
  /** The first is that of the address which the sandbox names as its base. */
  readonly entrances: readonly [Entrance, ...Entrance[]];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly auth?: SandboxAuth | undefined;
  /** Bytes. */
  readonly maxBody: number;
  readonly startedAt: Date;
  /** `host:port`, for clients that send no usable Host header. */
  readonly address: () => string;
};

export async function handle(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const entry = door.log.open(new Date(door.now()), method, url, headers);
  const entrance = entranceAt(door.entrances, url);
  if (entrance !== undefined) return fhir(door, entrance, request, response, entry);
  const sending = sendingFor(door, request, response);
  const answer = await answerOrOutcome(() => switchboard(door, request));
  entry.status = answer.status;
  send(sending, answer);
}

async function fhir(
  door: Door,
  entrance: Entrance,
  request: IncomingMessage,
  response: ServerResponse,
  entry: OpenEntry,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const [type = ''] = url.slice(entrance.path.length + 1).split(/[/?]/);
  const later = isLater(entrance, url);
  const struck = entrance.faulty ? door.faults.strike({ method, type, path: url, later }) : [];
  const names = struck.map(({ fault }) => fault.do);
  if (names.length > 0) entry.fault = names.join('+');
  if (names.includes('hang')) return;
  if (names.includes('drop-request')) {
    request.socket.destroy();
    return;
  }
  const sending = sendingFor(door, request, response);
  const base = `http://${hostFor(door, request)}${entrance.path}`;
  const instead = answeredInstead(struck, { at: sending.at, base });
  if (instead !== undefined) {
    await readBody(request, door.maxBody);
    entry.status = instead.status;
    send(sending, instead, struck);
    return;
  }
  let stage: Stage | undefined;
  const done = await answerOrOutcome(async () => {
    const call = await callIn(door, entrance, base, request);
    stage = { server: entrance.server, call, url: sending.url };
    return carriedOut(door, entrance, askedThrough(struck, stage));
  });
  const answer = stage === undefined ? done : answeredThrough(struck, done, stage);
  entry.status = answer.status;
  send(sending, writtenPages(entrance, answer), struck);
}

/** What the request asks, once it may ask at all: /metadata and .well-known are for everybody. */
async function callIn(
  door: Door,
  entrance: Entrance,
  base: string,
  request: IncomingMessage,
): Promise<Call> {
  const { method = 'GET', url = '/', headers } = request;
  const bytes = await readBody(request, door.maxBody);
  const { path, query } = addressIn(url, entrance.path);
  const call: Call = {
    method,
    base,
    path,
    query: readPage(entrance, query),
    header: (name) => {
      const value = headers[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
  if (asksFor(call, '.well-known/smart-configuration') && entrance.smart !== undefined) return call;
  refuseUnlessJson(request, query);
  if (asksFor(call, 'metadata')) return call;
  refuseUnlessSignedIn(request, door.auth);
  const { json, form } = parseBody(request, bytes);
  return {
    ...call,
    query: [...call.query, ...form],
    form,
    ...(json === undefined ? {} : { body: json }),
  };
}

function carriedOut(door: Door, entrance: Entrance, { server, call }: Stage): Answer {
  if (asksFor(call, 'metadata')) {
    const body = entrance.statement(call.base, door.startedAt, isSecured(door.auth));
    return { status: 200, headers: {}, body };
  }
  if (asksFor(call, '.well-known/smart-configuration') && entrance.smart !== undefined) {
    return entrance.smart(call.base);
  }
  return entrance.perform(server, call);
}

function asksFor({ method, path }: Call, what: string): boolean {
  return path.join('/') === what && (method === 'GET' || method === 'HEAD');
}

/**
 * /sandbox/faults: GET lists, POST plans one, DELETE clears. /sandbox/fault-table: GET what can be planned.
 * /sandbox/requests: GET the log.
 */
async function switchboard(door: Door, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', url = '/' } = request;
  refuseUnlessSignedIn(request, door.auth);
  const bytes = await readBody(request, door.maxBody);
  const answer = (status: number, body: object): Answer => ({
    status,
    headers: { 'Content-Type': 'application/json' },
    body: body as JsonObject,
  });
  switch (`${method} ${url}`) {
    case 'GET /sandbox/requests':
      return answer(200, door.log.entries);
    case 'GET /sandbox/fault-table':
      return answer(200, faultTable);
    case 'GET /sandbox/faults':
      return answer(200, door.faults.list());
    case 'POST /sandbox/faults': {
      const id = door.faults.add(faultFrom(parseBody(request, bytes).json));
      return answer(201, { id });
    }
    case 'DELETE /sandbox/faults':
      door.faults.clear();
      return { status: 204, headers: {} };
    default:
      throw refuse(404, 'not-found', 'FHIR is under /fhir, faults under /sandbox/faults.');
  }
}

/** The edge at which a refusal becomes its OperationOutcome, and a defect of ours a 500 that says so. */
async function answerOrOutcome(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.answer();
    const diagnostics = `The sandbox failed: ${error instanceof Error ? error.message : 'unknown'}`;
    const issue = { severity: 'fatal', code: 'exception', diagnostics } as const;
    return { status: 500, headers: {}, body: outcome([issue]) };
  }
}

function sendingFor(door: Door, request: IncomingMessage, response: ServerResponse): Sending {
  const { url = '/', headers } = request;
  const sent = headers['x-request-id'];
  const usable = typeof sent === 'string' && /^[\w.:\-/+=]{1,128}$/.test(sent);
  const search = new URLSearchParams(url.split('?')[1] ?? '');
  return {
    request,
    response,
    at: new Date(door.now()),
    requestId: usable ? sent : randomUUID(),
    url: `http://${hostFor(door, request)}${url}`,
    pretty: search.get('_pretty') === 'true',
  };
}

/** The host as this client knows us, so that links lead back the way it came: by name, by number, through a proxy. */
function hostFor(door: Door, request: IncomingMessage): string {
  const { host } = request.headers;
  return host !== undefined && /^[\w.\-:[\]]{1,255}$/.test(host) ? host : door.address();
}

function isSecured(auth: SandboxAuth | undefined): boolean {
  return auth?.token !== undefined || auth?.basic !== undefined;
}
