/**
 * A read that failed for a passing reason is asked again once or twice, on the scale of seconds and with full jitter, so
 * that several adapters do not come back in step. What the hospital forbade or cannot do is not repeated, nor what our own
 * gate held back, or what would come out the same, such as an answer that is too large. Days are the outbox's business, and a write is never repeated here.
 */
import { type AdapterError, asAdapterError, type ErrorCode } from '../core/errors.ts';

export interface Patience {
  sleep(ms: number): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
  /** Once aborted, nothing is asked again. */
  readonly stop?: AbortSignal | undefined;
}

/** The longest that anything waits for a hospital while somebody waits for the answer. */
export const longestWaitMs = 30_000;

const attempts = 3;
const firstPauseMs = 500;
const passing: readonly ErrorCode[] = [
  'hospital-unreachable',
  'hospital-busy',
  'hospital-fault',
  'answer-broken',
];

/** The cause of an error of a passing kind that asking again at once does not change. */
export class Lasting extends Error {}

/** Runs `read` up to three times; throws its last error. */
export async function retryRead<T>(read: () => Promise<T>, patience: Patience): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (thrown) {
      const error = asAdapterError(thrown);
      const pauseMs = pauseAfter(error, attempt, patience.random);
      if (pauseMs === undefined || patience.stop?.aborted) throw error;
      await patience.sleep(pauseMs);
      if (patience.stop?.aborted) throw error;
    }
  }
}

/** Undefined when asking again is of no use, or when the hospital wants more time than a read may wait. */
function pauseAfter(
  error: AdapterError,
  attempt: number,
  random: () => number,
): number | undefined {
  if (attempt >= attempts || !passing.includes(error.code)) return undefined;
  if (error.cause instanceof Lasting) return undefined;
  const asked = error.details.retryAfterMs;
  if (asked === undefined) return random() * firstPauseMs * 2 ** attempt;
  return asked <= longestWaitMs ? asked : undefined;
}
