/** The order of issues: by severity, then as the elements follow each other, so that two runs can be compared. */
import type { Issue, Severity } from './outcome.ts';

const rank: Readonly<Record<Severity, number>> = { fatal: 0, error: 1, warning: 2, information: 3 };

export function inStableOrder(issues: readonly Issue[]): readonly Issue[] {
  return issues.length < 2
    ? issues
    : issues.toSorted(
        (a, b) =>
          rank[a.severity] - rank[b.severity] ||
          compared(a.expression, b.expression) ||
          compared(a.message, b.message),
      );
}

/** By code point, with numbers by value: the same on every machine, unlike a collation. */
function compared(one: string, other: string): number {
  const [a, b] = [padded(one), padded(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function padded(text: string): string {
  return text.replace(/\d+/g, (digits) => digits.padStart(8, '0'));
}
