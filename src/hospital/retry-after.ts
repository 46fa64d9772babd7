/**
 * How long the hospital asks us to wait: `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), Microsoft's
 * `x-ms-retry-after-ms`, Medplum's `RateLimit: …;r=0;t=30`, whose
 * time counts only when nothing remains. At most one hour, so that a typing error does not end the sync.
 */
const longestMs = 60 * 60 * 1000;

/** Milliseconds to wait from `nowMs` on, or undefined when the answer does not say. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const asked = askedMs(headers, nowMs);
  return asked === undefined ? undefined : Math.min(Math.max(asked, 0), longestMs);
}

function askedMs(headers: Headers, nowMs: number): number | undefined {
  const milliseconds = headers.get('x-ms-retry-after-ms')?.trim();
  if (milliseconds && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  const retryAfter = headers.get('retry-after')?.trim();
  if (retryAfter && /^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = retryAfter ? Date.parse(retryAfter) : Number.NaN;
  if (!Number.isNaN(date)) return date - nowMs;
  const rate = headers.get('ratelimit') ?? '';
  const remaining = Number(/\br=(\d+)/.exec(rate)?.[1] ?? 0);
  const seconds = remaining > 0 ? undefined : /\bt=(\d+)/.exec(rate)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
