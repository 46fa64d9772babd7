/** "Did you mean …": the nearest of what is possible, if it is near enough to be a slip of the keyboard. */
import { distance } from 'fastest-levenshtein';

/** The candidate that `written` was probably meant to be; upper and lower case do not count. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  const wanted = written.toLowerCase();
  // Two: a pair of letters that changed places counts as two.
  const most = wanted.length < 3 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  let best: { candidate: string; away: number } | undefined;
  for (const candidate of candidates) {
    const away = distance(wanted, candidate.toLowerCase());
    if (away <= most && (best === undefined || away < best.away)) best = { candidate, away };
  }
  return best?.candidate;
}
