/**
 * Faults on demand: a list of what shall go wrong, for which requests and how often. The first fault of the list that
 * fits a request and is due strikes it; one request suffers at most one.
 */
import { isObject, type Json } from './json.ts';
import { refuse } from './outcome.ts';

/** Which requests; what is not given fits all. `type` is the resource type in the address. */
export type FaultTarget = {
  readonly method?: string;
  readonly type?: string;
  /** A part of path and query, as sent. */
  readonly path?: string;
};

export type FaultKind =
  /** The request is carried out, then the connection is cut without an answer. */
  | { readonly do: 'lose-answer' }
  /** The connection is cut before anything happens. */
  | { readonly do: 'drop-request' }
  /** Answered with this status instead of being carried out. */
  | {
      readonly do: 'status';
      readonly status: number;
      /** Seconds, or an HTTP date. */
      readonly retryAfter?: number | string;
      /** An OperationOutcome if not given. */
      readonly body?: string | object;
    }
  /** Carried out; half of the answer's body is sent, then the connection ends. */
  | { readonly do: 'truncate'; readonly chunked?: boolean }
  /** Nothing happens and nothing is answered until the client leaves or the server stops. */
  | { readonly do: 'hang' }
  /** A login page of some proxy: 200, text/html, and nothing happens. */
  | { readonly do: 'html' }
  /** 200 with an OperationOutcome that says error, and nothing happens. */
  | { readonly do: 'outcome-200' }
  /** A Bundle whose next link leads to this origin. */
  | { readonly do: 'foreign-next'; readonly origin: string }
  /** A Bundle whose next link is the address just asked. */
  | { readonly do: 'loop-next' }
  /** Carried out at once, answered this much later. */
  | { readonly do: 'slow'; readonly ms: number };

export type Fault = FaultKind & {
  readonly on?: FaultTarget;
  /** How many requests it strikes; 1 if not given. */
  readonly times?: number;
  /** How many fitting requests it lets pass first. */
  readonly after?: number;
};

export type ListedFault = Fault & { readonly id: number; readonly left: number };

type Struck = { readonly method: string; readonly type: string; readonly path: string };

export class Faults {
  #next = 1;
  #planned: { fault: Fault; id: number; left: number; skip: number }[] = [];

  /** Plans a fault; returns its number in the list. */
  add(fault: Fault): number {
    const id = this.#next;
    this.#next += 1;
    this.#planned.push({ fault, id, left: fault.times ?? 1, skip: fault.after ?? 0 });
    return id;
  }

  list(): ListedFault[] {
    return this.#planned.map(({ fault, id, left }) => ({ ...fault, id, left }));
  }

  clear(): void {
    this.#planned = [];
  }

  /** The fault that strikes this request, if any; counts it. */
  strike(request: Struck): Fault | undefined {
    for (const planned of this.#planned) {
      if (planned.left <= 0 || !fits(planned.fault.on, request)) continue;
      if (planned.skip > 0) {
        planned.skip -= 1;
        continue;
      }
      planned.left -= 1;
      return planned.fault;
    }
    return undefined;
  }
}

function fits(on: FaultTarget | undefined, request: Struck): boolean {
  if (on?.method !== undefined && on.method.toUpperCase() !== request.method) return false;
  if (on?.type !== undefined && on.type !== request.type) return false;
  return on?.path === undefined || request.path.includes(on.path);
}

/** What each kind of fault needs and may have beside `on`, `times` and `after`. */
const members: Readonly<Record<Fault['do'], Readonly<Record<string, string>>>> = {
  'lose-answer': {},
  'drop-request': {},
  status: { status: 'number', retryAfter: 'number? string?', body: 'string? object?' },
  truncate: { chunked: 'boolean?' },
  hang: {},
  html: {},
  'outcome-200': {},
  'foreign-next': { origin: 'string' },
  'loop-next': {},
  slow: { ms: 'number' },
};

const common = { do: 'string', on: 'object?', times: 'number?', after: 'number?' };

/** A fault as somebody posted it, checked, because a misspelt fault would look like a server without faults. */
export function faultFrom(json: Json | undefined): Fault {
  if (!isObject(json)) throw refuse(400, 'structure', 'A fault is one JSON object.');
  const kind = typeof json.do === 'string' ? json.do : '';
  if (!Object.hasOwn(members, kind)) {
    throw refuse(400, 'value', `"do" is one of: ${Object.keys(members).join(', ')}.`);
  }
  check(json, { ...common, ...members[kind as Fault['do']] }, 'A fault');
  if (isObject(json.on))
    check(json.on, { method: 'string?', type: 'string?', path: 'string?' }, 'on');
  if (typeof json.status === 'number' && !(json.status >= 200 && json.status <= 599)) {
    throw refuse(400, 'value', '"status" is an HTTP status from 200 to 599.');
  }
  return json as Fault;
}

function check(json: Json & object, shape: Readonly<Record<string, string>>, what: string): void {
  const given = json as Readonly<Record<string, Json>>;
  for (const [name, value] of Object.entries(given)) {
    if (
      shape[name]
        ?.replaceAll('?', '')
        .split(' ')
        .includes(typeof value)
    )
      continue;
    throw refuse(400, 'value', `${what}: "${name}" is not known, or of the wrong type.`);
  }
  for (const [name, types] of Object.entries(shape)) {
    if (!types.includes('?') && given[name] === undefined) {
      throw refuse(400, 'required', `${what} of this kind needs "${name}".`);
    }
  }
}
