/**
 * One token, kept as long as it is good: asked for once however many wait for it, renewed before it ends, dropped when the
 * hospital refuses it. A refusal by the token endpoint is kept for a while too, since asking again at once changes nothing
 * and may lock our client out.
 */
import { AdapterError, asAdapterError } from '../../core/errors.ts';
import type { Token } from './token-request.ts';

export interface KeptToken {
  /** The Authorization header; asks for a token when there is none that is good. */
  header(): Promise<string>;
  accepted(header: string | undefined): void;
  /** Whether it is worth trying with another token. */
  refused(header: string | undefined): boolean;
  /** Of the last token that was given. */
  missing(): readonly string[];
}

/** Renewed this long before the end, or at half of a life that is shorter than twice that. */
const aheadMs = 60_000;
/** How long a refusal stands. */
const refusalMs = 60_000;
/** A token that is still good is used on when its renewal fails in passing; then it is tried again after this. */
const nextRenewalMs = 15_000;
/** A token that replaced a refused one and was refused at once: a third would fare no better for this long. */
const giveUpMs = 30_000;

interface Kept {
  readonly header: string;
  readonly endsMs: number;
  renewMs: number;
  readonly sinceMs: number;
  /** Asked for because another one was refused, and not yet accepted itself. */
  isDoubtful: boolean;
}

export function keepToken(fetchToken: () => Promise<Token>, nowMs: () => number): KeptToken {
  let kept: Kept | undefined;
  let fetching: Promise<string> | undefined;
  let refusal: { readonly error: AdapterError; readonly untilMs: number } | undefined;
  let missing: readonly string[] = [];
  let wasDropped = false;

  async function renewed(before: Kept | undefined): Promise<string> {
    try {
      const token = await fetchToken();
      const now = nowMs();
      const fresh = {
        header: `Bearer ${token.accessToken}`,
        sinceMs: now,
        endsMs: now + token.lifeMs,
        renewMs: now + Math.max(token.lifeMs - aheadMs, token.lifeMs / 2),
        isDoubtful: wasDropped,
      };
      wasDropped = false;
      kept = fresh;
      ({ missing } = token);
      return fresh.header;
    } catch (thrown) {
      const error = asAdapterError(thrown);
      const now = nowMs();
      if (
        before !== undefined &&
        before === kept &&
        now < before.endsMs &&
        error.kind === 'transient'
      ) {
        const waitMs = Math.max(nextRenewalMs, error.details.retryAfterMs ?? 0);
        before.renewMs = Math.min(now + waitMs, before.endsMs);
        return before.header;
      }
      const waitMs = error.code === 'sign-in-refused' ? refusalMs : error.details.retryAfterMs;
      if (waitMs !== undefined) refusal = { error, untilMs: now + waitMs };
      throw error;
    }
  }

  return {
    async header() {
      const now = nowMs();
      if (kept !== undefined && now < kept.renewMs) return kept.header;
      if (fetching === undefined) {
        if (refusal !== undefined && now < refusal.untilMs) throw stillRefused(refusal, now);
        refusal = undefined;
        fetching = renewed(kept).finally(() => {
          fetching = undefined;
        });
      }
      return fetching;
    },
    accepted(header) {
      if (kept !== undefined && kept.header === header) kept.isDoubtful = false;
    },
    refused(header) {
      // Another exchange was quicker: there is a newer token, or one is on its way.
      if (kept === undefined || kept.header !== header) return true;
      if (kept.isDoubtful && nowMs() - kept.sinceMs < giveUpMs) return false;
      kept = undefined;
      wasDropped = true;
      return true;
    },
    missing: () => missing,
  };
}

/** The same refusal, with what is left of the time to wait. */
function stillRefused(
  { error, untilMs }: { readonly error: AdapterError; readonly untilMs: number },
  now: number,
): AdapterError {
  if (error.details.retryAfterMs === undefined) return error;
  return new AdapterError(error.code, error.message, {
    ...error.details,
    retryAfterMs: untilMs - now,
  });
}
