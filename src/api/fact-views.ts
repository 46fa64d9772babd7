/** The facts on file as the API shows them; see fact-shapes.ts. */
import type { Instant } from '../core/concept.ts';
import { factChanges } from '../core/fact-changes.ts';
import { factLines, factsInShort } from '../core/fact-lines.ts';
import { advisories, type SignedRules } from '../core/fact-rules.ts';
import { asOf, type FactFile, type FactReading } from '../core/facts.ts';

export interface FactsShown {
  readonly file: FactFile;
  /** Of the hospital. */
  readonly rules: SignedRules | undefined;
}

/** `facts` and `factsRead` of `ReferralView`. */
export function viewFacts({ file, rules }: FactsShown, now: Instant) {
  const { sheet } = file;
  return {
    facts: factLines(sheet),
    factsRead: {
      says: factsInShort(sheet),
      asOf: sheet && asOf(sheet),
      readings: (sheet?.readings ?? []).map(viewReading),
      advisories: advisories(rules, sheet, now),
      changed: changesOf(file),
    },
  };
}

/** In the form of `FactsInShort`. */
export function viewFactsInShort(file: FactFile) {
  const { sheet } = file;
  return {
    says: factsInShort(sheet),
    asOf: sheet && asOf(sheet),
    changed: changesOf(file)?.changes.length ?? 0,
  };
}

function changesOf({ sheet, seen }: FactFile) {
  if (sheet === undefined || seen === undefined) return undefined;
  return { since: seen.at, changes: factChanges(seen.sheet, sheet) };
}

function viewReading(reading: FactReading) {
  const { type, askedAt, asOf: since, notReadable, gaps, onFile, notUnderstood } = reading;
  const isEmpty = onFile.length === 0 && notUnderstood.length === 0;
  return {
    type,
    outcome: notReadable ? 'not-readable' : isEmpty ? 'none-on-file' : 'read',
    askedAt,
    asOf: since,
    says: notReadable?.says,
    gaps,
    onFile: onFile.length,
    notUnderstood: notUnderstood.reduce((sum, { count }) => sum + count, 0),
    offTopic: reading.offTopic,
    leftOut: reading.leftOut,
  };
}
