/**
 * Whether one hospital is worth asking. After some faults in a row that speak against its server, nothing is asked for a
 * while; one question that fails each time is no such row, since a single broken record must not stop a whole run. Then one exchange tries, and either everything goes on or the next pause is twice as long. A pure state machine:
 * time comes in, and nothing here knows of HTTP.
 */

export interface CircuitRules {
  /** Faults in a row after which nothing is asked. */
  readonly faults: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const circuitRules: CircuitRules = {
  faults: 5,
  firstPauseMs: 30_000,
  longestPauseMs: 15 * 60_000,
};

/** What speaks against the server, for as long as it lasts. */
export interface Trouble {
  /** Faults in a row, those of one question counted once. */
  readonly faults: number;
  /** When the first of them happened. */
  readonly sinceMs: number;
  /** The last of them: a code of ours, with the HTTP status where there was one. */
  readonly last: string;
  /** The questions that were counted. */
  readonly questions: readonly string[];
}

export type Circuit =
  | { readonly state: 'closed'; readonly trouble?: Trouble }
  | {
      readonly state: 'open';
      readonly trouble: Trouble;
      readonly pauseMs: number;
      readonly untilMs: number;
    }
  /** One exchange is under way that decides. */
  | { readonly state: 'half-open'; readonly trouble: Trouble; readonly pauseMs: number };

/** What the end of an exchange says about the server: it works, it does not, or nothing either way. */
export type Verdict = 'well' | 'ill' | 'nothing';

export interface Ending {
  readonly verdict: Verdict;
  readonly nowMs: number;
  /** Whether this is the exchange that decides. */
  readonly isProbe: boolean;
  /** For `Trouble.last`. */
  readonly fault: string;
  /** What was asked, where the server did answer and only this question may be what it cannot do. */
  readonly question?: string | undefined;
}

export const closedCircuit: Circuit = { state: 'closed' };

/** Whether an exchange may begin now: freely, as the one that decides, or not at all. */
export function entry(circuit: Circuit, nowMs: number): 'free' | 'probe' | undefined {
  if (circuit.state === 'closed') return 'free';
  return circuit.state === 'open' && nowMs >= circuit.untilMs ? 'probe' : undefined;
}

/** The deciding exchange begins. */
export function probing(circuit: Circuit): Circuit {
  if (circuit.state !== 'open') return circuit;
  return { state: 'half-open', trouble: circuit.trouble, pauseMs: circuit.pauseMs };
}

export function ended(circuit: Circuit, ending: Ending, rules: CircuitRules): Circuit {
  const { verdict, nowMs, isProbe } = ending;
  // Any exchange that went well proves that the server is back, also one that began before.
  if (verdict === 'well') return closedCircuit;
  if (circuit.state === 'closed') {
    if (verdict === 'nothing') return circuit;
    const trouble = worse(circuit.trouble, ending);
    if (trouble.faults < rules.faults) return { state: 'closed', trouble };
    const pauseMs = rules.firstPauseMs;
    return { state: 'open', trouble, pauseMs, untilMs: nowMs + pauseMs };
  }
  // What began before the trouble was known adds nothing to it.
  if (circuit.state === 'open' || !isProbe) return circuit;
  const { trouble, pauseMs } = circuit;
  if (verdict === 'nothing') return { state: 'open', trouble, pauseMs, untilMs: nowMs };
  const longer = Math.min(pauseMs * 2, rules.longestPauseMs);
  return {
    state: 'open',
    trouble: worse(trouble, ending),
    pauseMs: longer,
    untilMs: nowMs + longer,
  };
}

function worse(trouble: Trouble | undefined, { nowMs, fault, question }: Ending): Trouble {
  const { faults = 0, sinceMs = nowMs, questions = [] } = trouble ?? {};
  const isKnown = question !== undefined && questions.includes(question);
  return {
    faults: isKnown ? faults : faults + 1,
    sinceMs,
    last: fault,
    questions: isKnown || question === undefined ? questions : [...questions, question],
  };
}
