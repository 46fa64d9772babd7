/** The lines of a large file that are not taken in: their number and the reason, which the report tells (invariants I1, I5). */
import type { FileOutcome, Tally } from './report.ts';
import type { SourceFile } from './source-parts.ts';

/** What a file had that was not taken in. */
export interface PassedOver {
  readonly file: SourceFile;
  /** Number of lines by their type; those of which the type was not looked at under `unread`. */
  readonly types: Map<string, number>;
  /** Numbers of the lines that were taken in. */
  readonly taken: Set<number>;
  /** Lines that are no JSON object, beyond those that have a row of their own. */
  broken: number;
  /** The file was read to its end. */
  isWhole: boolean;
}

/** Instead of a type that was not looked at. */
export const unread = '';
/** Rows for lines of one file that are no JSON: the next ones are counted only. */
export const brokenRows = 100;

export function countPassed({ types }: PassedOver, type: string, lines: number): void {
  types.set(type, (types.get(type) ?? 0) + lines);
}

export function hasPassed({ types }: PassedOver, type: string): boolean {
  return (types.get(type) ?? 0) > 0;
}

/** How they ended, which is added to the tally as well. */
export function outcomesOf({ file, types, broken }: PassedOver, tally: Tally): FileOutcome[] {
  const orders = (types.get('ServiceRequest') ?? 0) + (types.get(unread) ?? 0);
  const others = [...types.values()].reduce((sum, count) => sum + count, 0) - orders;
  const uncounted = Math.max(0, broken - brokenRows);
  const outcomes: FileOutcome[] = [];
  const tell = (lines: number, state: string, rule: string, says: string): void => {
    if (lines > 0)
      outcomes.push({ file: file.name, lines, state, rule, says: `${counted(lines)} ${says}` });
  };
  tell(
    orders,
    'refused',
    'not-named',
    'name none of the codes, categories or performers of select; not stored',
  );
  tell(others, 'ignored', 'not-referred', 'hold what no order of ours refers to; not stored');
  tell(
    uncounted,
    'unusable',
    'no-json',
    `are no JSON objects, beside the first ${brokenRows}, which are stored`,
  );
  if (orders > 0) tally.refused['not-named'] = (tally.refused['not-named'] ?? 0) + orders;
  tally.ignored += others;
  tally.unusable += uncounted;
  return outcomes;
}

function counted(lines: number): string {
  return `${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}`;
}
