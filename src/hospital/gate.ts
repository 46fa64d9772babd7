/**
 * What stands between us and one hospital before each exchange: how much may be asked of it, whether it asked us to stay
 * away, and whether it is worth asking at all. Short waits are waited for here; a longer one refuses every exchange at
 * once until it is over, so that the rest of a run does not go on asking a server that has had enough.
 */
import type { Instant } from '../core/concept.ts';
import { AdapterError } from '../core/errors.ts';
import { type DayBudget, dayBudget, minuteBudget } from './budget.ts';
import {
  type Circuit,
  type CircuitRules,
  circuitRules,
  closedCircuit,
  ended,
  entry,
  probing,
  type Verdict,
} from './circuit.ts';
import { type Asked, isWrite } from './faults.ts';
import { Lasting, longestWaitMs, type Patience } from './retry.ts';

export interface Gate {
  /** Waits until this exchange may begin; throws, with the time from which on it is worth trying again, when it may not now. */
  enter(asked: Asked): Promise<Passage>;
}

/** One exchange that was let through. One of the two must be called. */
export interface Passage {
  /** Hears how the exchange went. */
  left(error: AdapterError | undefined): void;
  /** Hears that nothing was sent after all. */
  unused(): void;
}

/** A change that people should hear of: the hospital is asked nothing any more, or again. */
export interface CircuitChange {
  readonly hospital: string;
  readonly open: boolean;
  readonly since: Instant;
  readonly faults: number;
  /** `hospital-fault 502`: the last fault before it opened. */
  readonly last: string;
}

export interface GateLimits {
  /** IANA zone of the hospital, whose day `perDay` counts. */
  readonly timezone?: string | undefined;
  readonly perMinute?: number | undefined;
  readonly perDay?: number | undefined;
}

export interface GateDeps extends Pick<Patience, 'sleep' | 'stop'> {
  readonly clock: () => Instant;
  /** Requests to this hospital since then, by any process; without it a day begins anew with each start. */
  readonly spentSince?: ((hospital: string, since: Instant) => Promise<number>) | undefined;
  readonly onCircuit?: ((change: CircuitChange) => void) | undefined;
  readonly circuit?: CircuitRules | undefined;
}

/** Nothing was sent, and the error says when to ask again. */
class NotLetIn extends Lasting {}

/** Opens the gate of one hospital. */
export function openGate(hospital: string, limits: GateLimits, deps: GateDeps): Gate {
  const { clock, sleep, stop, spentSince, onCircuit, circuit: rules = circuitRules } = deps;
  const nowMs = () => Date.parse(clock());
  const minutes = limits.perMinute === undefined ? undefined : minuteBudget(limits.perMinute);
  const day =
    limits.perDay === undefined ? undefined : dayBudget(limits.perDay, limits.timezone ?? 'UTC');
  let circuit: Circuit = closedCircuit;
  /** A pause that the hospital asked for. */
  let pause: { readonly untilMs: number; readonly says: string } | undefined;

  /** Throws when there is nothing to wait for here. */
  function refuseNow(): void {
    if (stop?.aborted) throw notLetIn('hospital-unreachable', 'We were asked to stop.', {});
    const now = nowMs();
    const left = (pause?.untilMs ?? now) - now;
    if (pause !== undefined && left > longestWaitMs) {
      throw notLetIn(
        'hospital-busy',
        `The hospital asked us to stay away until ${instant(pause.untilMs)}: ${pause.says}`,
        { retryAfterMs: left },
      );
    }
    if (circuit.state === 'closed' || entry(circuit, now) !== undefined) return;
    const { faults, sinceMs, last } = circuit.trouble;
    const againMs = circuit.state === 'open' ? circuit.untilMs : now;
    throw notLetIn(
      'hospital-unreachable',
      `The hospital has been failing since ${instant(sinceMs)} (${faults} times in a row, at last ${last}).`,
      {
        retryAfterMs: Math.max(againMs - now, 1000),
        fix: `Check the hospital’s server and the path to it; from ${instant(againMs)} on one request at a time tries whether it is back.`,
      },
    );
  }

  async function wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms);
  }

  async function spend(budget: DayBudget, kind: 'read' | 'write'): Promise<void> {
    const since = budget.uncounted(nowMs());
    if (since !== undefined) budget.counted((await spentSince?.(hospital, since)) ?? 0, nowMs());
    const none = budget.take(nowMs(), kind);
    if (none === undefined) return;
    const { perDay } = budget;
    const says =
      none.spent >= perDay
        ? `The budget of ${perDay} requests a day is spent (${none.spent} today).`
        : `The budget of ${perDay} requests a day is spent for reading (${none.spent} today); what is left (${perDay - none.spent}) is kept for writing.`;
    throw notLetIn('hospital-busy', says, {
      retryAfterMs: none.endsMs - nowMs(),
      fix: `It begins anew at ${instant(none.endsMs)}; if it is too small, raise limits.perDay of this hospital.`,
    });
  }

  function judged(error: AdapterError | undefined, isProbe: boolean): void {
    // What ends because we end says nothing about the hospital.
    const verdict = stop?.aborted ? 'nothing' : verdictOf(error);
    const before = circuit;
    const fault = [error?.code, error?.details.status].filter(Boolean).join(' ');
    const question = error && questionOf(error);
    circuit = ended(before, { verdict, nowMs: nowMs(), isProbe, fault, question }, rules);
    if (before.state === 'closed' && circuit.state === 'open') tell(circuit, true);
    if (before.state !== 'closed' && circuit.state === 'closed') tell(before, false);
  }

  function tell({ trouble }: Exclude<Circuit, { state: 'closed' }>, open: boolean): void {
    const { sinceMs, faults, last } = trouble;
    onCircuit?.({ hospital, open, since: instant(sinceMs), faults, last });
  }

  return {
    async enter(asked) {
      refuseNow();
      if (day !== undefined) await spend(day, isWrite(asked) || asked.forWrite ? 'write' : 'read');
      if (minutes !== undefined) await wait(minutes.reserve(nowMs()) - nowMs());
      if (pause !== undefined && pause.untilMs - nowMs() <= longestWaitMs)
        await wait(pause.untilMs - nowMs());
      // While we waited the hospital may have fallen silent, or another exchange may have begun to try it.
      try {
        refuseNow();
      } catch (thrown) {
        day?.giveBack();
        throw thrown;
      }
      const isProbe = entry(circuit, nowMs()) === 'probe';
      if (isProbe) circuit = probing(circuit);
      return {
        left(error) {
          const waitMs = error?.code === 'hospital-busy' ? error.details.retryAfterMs : undefined;
          if (error && waitMs !== undefined && nowMs() + waitMs > (pause?.untilMs ?? 0))
            pause = { untilMs: nowMs() + waitMs, says: error.message };
          judged(error, isProbe);
        },
        unused() {
          day?.giveBack();
          if (isProbe) judged(new AdapterError('internal', 'Nothing was sent.'), true);
        },
      };
    },
  };
}

/** Codes that say that the server did not do its work; with an HTTP status only where that is its own fault (5xx). */
const against: readonly string[] = [
  'hospital-unreachable',
  'hospital-fault',
  'hospital-busy',
  'answer-broken',
  'write-unclear',
];

function verdictOf(error: AdapterError | undefined): Verdict {
  if (error === undefined) return 'well';
  const { status, retryAfterMs } = error.details;
  if (!against.includes(error.code)) return status === undefined ? 'nothing' : 'well';
  if (status === undefined) return error.code === 'hospital-busy' ? 'nothing' : 'ill';
  // One that says when to come again is at work.
  return status >= 500 && retryAfterMs === undefined ? 'ill' : 'well';
}

/** Reads are repeated, and one record may be broken for good; writes and lost connections each stand for themselves. */
function questionOf({ code, details }: AdapterError): string | undefined {
  return code === 'hospital-fault' && details.status !== undefined ? details.about : undefined;
}

function notLetIn(
  code: 'hospital-busy' | 'hospital-unreachable',
  says: string,
  details: { readonly retryAfterMs?: number; readonly fix?: string },
): AdapterError {
  return new AdapterError(code, `Nothing was sent. ${says}`, {
    ...details,
    cause: new NotLetIn(says),
  });
}

function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}
