/**
 * The door of the sandbox: FHIR under /fhir, the switchboard for faults under /sandbox. Every request is logged,
 * may be struck by a fault, is carried out at once and answered; every failure becomes an OperationOutcome.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerInstead, type Sending, send } from './answer-sending.ts';
import { capabilityStatement } from './capability.ts';
import { perform } from './dispatch.ts';
import type { Answer, FhirServer } from './exchange.ts';
import { type Faults, faultFrom } from './faults.ts';
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

export const fhirPath = '/fhir';

export type Door = {
  readonly server: FhirServer;
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
  const entry = door.log.open(new Date(door.server.repository.now()), method, url, headers);
  if (url === fhirPath || /^\/fhir[/?]/.test(url)) return fhir(door, request, response, entry);
  const sending = sendingFor(door, request, response);
  const answer = await answerOrOutcome(() => switchboard(door, request));
  entry.status = answer.status;
  send(sending, answer);
}

async function fhir(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
  entry: OpenEntry,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const [type = ''] = url.slice(fhirPath.length + 1).split(/[/?]/);
  const fault = door.faults.strike({ method, type, path: url });
  if (fault !== undefined) entry.fault = fault.do;
  if (fault?.do === 'hang') return;
  if (fault?.do === 'drop-request') {
    request.socket.destroy();
    return;
  }
  const sending = sendingFor(door, request, response);
  const instead = fault === undefined ? undefined : answerInstead(sending, fault);
  if (instead !== undefined) {
    await readBody(request, door.maxBody);
    instead();
    entry.status = response.statusCode;
    return;
  }
  const answer = await answerOrOutcome(() => carriedOut(door, request));
  entry.status = answer.status;
  send(sending, answer, fault);
}

async function carriedOut(door: Door, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', url = '/', headers } = request;
  const bytes = await readBody(request, door.maxBody);
  const { path, query } = addressIn(url, fhirPath);
  const base = baseFor(door, request);
  refuseUnlessJson(request, query);
  if (path[0] === 'metadata' && path.length === 1 && (method === 'GET' || method === 'HEAD')) {
    const body = capabilityStatement(base, door.startedAt, isSecured(door.auth));
    return { status: 200, headers: {}, body };
  }
  refuseUnlessSignedIn(request, door.auth);
  const { json, form } = parseBody(request, bytes);
  return perform(door.server, {
    method,
    base,
    path,
    query: [...query, ...form],
    header: (name) => {
      const value = headers[name];
      return typeof value === 'string' ? value : undefined;
    },
    ...(json === undefined ? {} : { body: json }),
  });
}

/** /sandbox/faults: GET lists, POST plans one, DELETE clears. /sandbox/requests: GET the log. */
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
    if (error instanceof Refusal) {
      return { status: error.status, headers: error.headers, body: outcome(error.issues) };
    }
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
    at: new Date(door.server.repository.now()),
    requestId: usable ? sent : randomUUID(),
    url: `http://${hostFor(door, request)}${url}`,
    pretty: search.get('_pretty') === 'true',
  };
}

/** The base as this client knows us, so that links lead back the way it came: by name, by number, through a proxy. */
function baseFor(door: Door, request: IncomingMessage): string {
  return `http://${hostFor(door, request)}${fhirPath}`;
}

function hostFor(door: Door, request: IncomingMessage): string {
  const { host } = request.headers;
  return host !== undefined && /^[\w.\-:[\]]{1,255}$/.test(host) ? host : door.address();
}

function isSecured(auth: SandboxAuth | undefined): boolean {
  return auth?.token !== undefined || auth?.basic !== undefined;
}
