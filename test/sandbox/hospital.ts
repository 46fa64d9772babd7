/** A sandbox for one test and the few verbs with which the tests talk to it, over HTTP as any stranger would. */
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';

export type Reply<B = fhir4.FhirResource> = {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when the answer was empty. */
  readonly body: B;
  readonly text: string;
};

export type Hospital = Sandbox & {
  /** A request to a path under the base (`/Task/1`) or to a whole address. */
  ask<B = fhir4.FhirResource>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<B>>;
  /** The resources that a search finds on its first page. */
  find<R extends fhir4.FhirResource>(path: string): Promise<R[]>;
  /** Their ids, sorted. */
  ids(path: string): Promise<string[]>;
};

const running: Hospital[] = [];

export async function hospital(options: SandboxOptions = {}): Promise<Hospital> {
  const sandbox = await startSandbox(options);
  const ask: Hospital['ask'] = async (method, path, body, headers = {}) => {
    const url = path.startsWith('http') ? path : sandbox.base + path;
    const isText = typeof body === 'string';
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/fhir+json', ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  };
  const find = async <R extends fhir4.FhirResource>(path: string): Promise<R[]> => {
    const reply = await ask<fhir4.Bundle<R>>('GET', path);
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    return (reply.body.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : []));
  };
  const made = {
    ...sandbox,
    ask,
    find,
    ids: async (path: string) => (await find(path)).map(({ id }) => id ?? '').sort(),
  };
  running.push(made);
  return made;
}

/** Stops every sandbox that a test started. */
export async function closeHospitals(): Promise<void> {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.stop()));
}

/** A clock that stands still until it is moved. */
export function stoppedClock(start = '2026-03-01T08:00:00.000Z') {
  let now = Date.parse(start);
  return {
    clock: () => new Date(now),
    forward: (ms: number) => {
      now += ms;
    },
  };
}

export function order(more: Partial<fhir4.ServiceRequest> = {}): fhir4.ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] },
    subject: { reference: 'Patient/p1' },
    ...more,
  };
}

export function patient(more: Partial<fhir4.Patient> = {}): fhir4.Patient {
  return { resourceType: 'Patient', name: [{ family: 'Testerly', given: ['Tilda'] }], ...more };
}
