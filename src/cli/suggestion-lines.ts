/** Suggestions for an unknown code as lines of text. */
import { token } from '../core/concept.ts';
import { meaning } from '../core/site-codes.ts';
import type { Suggestion } from '../sync/codes/suggestions.ts';

export function suggestionLines(suggestions: readonly Suggestion[]): string[] {
  return suggestions.map(
    ({ code, as, says }) => `perhaps ${token(code)} is ${meaning({ ours: as })}: ${says}`,
  );
}
