/**
 * What is different on file since a person accepted the referral or started a visit: they decided on what stood there
 * then, so anything that is new, gone or changed since has to be said. Pure comparison, no judgement.
 */
import { type Fact, factLines } from './fact-lines.ts';
import type { FactSheet } from './facts.ts';

export interface FactChange {
  readonly change: 'new' | 'gone' | 'changed';
  /** The line as it is now; of what is gone, as it was. */
  readonly fact: Fact;
  readonly before?: Fact | undefined;
}

/** In the order of the lines, what is gone last. Without an earlier sheet everything is new. */
export function factChanges(before: FactSheet | undefined, now: FactSheet): FactChange[] {
  const old = byKey(before);
  const fresh = byKey(now);
  const changes: FactChange[] = [];
  for (const [key, fact] of fresh) {
    const was = old.get(key);
    if (was === undefined) changes.push({ change: 'new', fact });
    else if (faceOf(was) !== faceOf(fact)) changes.push({ change: 'changed', fact, before: was });
  }
  for (const [key, fact] of old) if (!fresh.has(key)) changes.push({ change: 'gone', fact });
  return changes;
}

/** That there is none of a type is told by what is new or gone; it is no change of its own. */
function byKey(sheet: FactSheet | undefined): Map<string, Fact> {
  const lines = factLines(sheet).filter(({ kind }) => kind !== 'none-on-file');
  return new Map(lines.map((fact) => [keyOf(fact), fact]));
}

/** A measurement is one thing over time, whichever Observation holds its newest value; anything else is its resource. */
function keyOf({ kind, topic, what, source }: Fact): string {
  const [type] = source.split(/[/?]/);
  if (kind === 'not-readable') return `${kind} ${type}`;
  const codes = what.coding?.map(({ system, code }) => [system, code]);
  const concept = JSON.stringify(codes ?? what.text);
  const owner = kind === 'not-understood' || type === 'Observation' ? type : source;
  return [kind, owner, topic, concept].join(' ');
}

/** What a person would see differently. When it was asked is no difference, nor why it cannot be read. */
function faceOf({ kind, value, site, notes, date, count }: Fact): string {
  return kind === 'not-readable' ? '' : JSON.stringify([value, site, notes, date, count]);
}
