/**
 * Everything the running product has to say about itself, typed once. The loops emit signals and carry no logging;
 * logs, metrics, progress on a terminal and alarms are listeners. Payloads carry ids of ours, counts, codes and
 * durations: never a name, an identifier of a person, a token or a body (invariant I7).
 */
import type { ErrorCode } from './errors.ts';

export interface Signals {
  'run:started': { hospital: string; run: string; mode: string };
  'run:page': { hospital: string; run: string; rung: string; read: number; fresh: number };
  'run:ended': {
    hospital: string;
    run: string;
    state: string;
    seconds: number;
    read: number;
    selected: number;
    sent: number;
    waiting: number;
    failed: number;
  };
  'run:failed': { hospital: string; run: string; code: ErrorCode; says: string; fix: string };
  'run:skipped': { hospital: string; why: string };
  /** A hospital’s server was asked what it can do. `rungs`: those that are used, `A5 A6 B5 C6`. */
  'survey:taken': {
    hospital: string;
    vendor: string;
    rungs: string;
    changes: number;
    lost: number;
  };
  /** After some faults in a row nothing more is asked of the hospital, but for one request at a time that tries. */
  'hospital:failing': { hospital: string; since: string; faults: number; last: string };
  'hospital:back': { hospital: string; since: string; faults: number; last: string };
  exchange: {
    hospital: string;
    requestId: string;
    method: string;
    path: string;
    status?: number | undefined;
    ms: number;
    errorCode?: string | undefined;
  };
  'inbox:settled': {
    hospital: string;
    inbox: string;
    resource: string;
    state: string;
    rule: string;
  };
  'referral:changed': {
    hospital: string;
    referral: string;
    state: string;
    events: readonly string[];
    by: string;
  };
  /** `notReadable`: types of resources that were not shown, counted over the patients. */
  'facts:read': { hospital: string; patients: number; changed: number; notReadable: number };
  'outbox:sent': {
    hospital: string;
    intention: string;
    kind: string;
    attempts: number;
    resource?: string | undefined;
  };
  'outbox:retry': {
    hospital: string;
    intention: string;
    kind: string;
    code: string;
    nextAt: string;
  };
  'outbox:stuck': {
    hospital: string;
    intention: string;
    kind: string;
    state: string;
    code: string;
  };
  'work:opened': { hospital: string; work: string; kind: string; referral?: string | undefined };
  'api:answered': {
    method: string;
    route: string;
    status: number;
    ms: number;
    requestId: string;
    key?: string | undefined;
  };
  'api:fault': { requestId: string; code: ErrorCode; says: string };
  'access:refused': { requestId: string; why: string };
  'server:listening': { address: string };
  'server:stopping': { why: string };
  fault: { where: string; code: ErrorCode; says: string; fix: string };
}

export type SignalName = keyof Signals;
export type Emit = <Name extends SignalName>(name: Name, data: Signals[Name]) => void;
export type Listener = <Name extends SignalName>(name: Name, data: Signals[Name]) => void;

/** Fans one emit out to all listeners. A listener that throws must not break the loop that emitted. */
export function signalBus(
  listeners: readonly Listener[],
  onBroken: (thrown: unknown) => void,
): Emit {
  return (name, data) => {
    for (const listen of listeners) {
      try {
        listen(name, data);
      } catch (thrown) {
        onBroken(thrown);
      }
    }
  };
}
