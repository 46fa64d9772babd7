/**
 * A read that failed for a passing reason is asked again once or twice, on the scale of seconds and with full jitter, so
 * that several adapters do not come back in step. Days are the outbox's business, and a write is never repeated here.
 */
import { type AdapterError, asAdapterError, type ErrorCode } from '../core/errors.ts';

export interface Patience {
  sleep(ms: number): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
  /** Once aborted, nothing is asked again. */
  readonly stop?: AbortSignal | undefined;
}

const attempts = 3;
const firstPauseMs = 500;
const longestPauseMs = 30_000;
const passing: readonly ErrorCode[] = [
  'hospital-unreachable',
  'hospital-busy',
  'hospital-fault',
  'answer-broken',
];

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
  const asked = error.details.retryAfterMs;
  if (asked === undefined) return random() * firstPauseMs * 2 ** attempt;
  return asked <= longestPauseMs ? asked : undefined;
}
