/**
 * All resources of one type that a hospital showed of a patient → the reading of that type. Of a measurement the newest
 * value is the fact; what nobody understands is gathered by its code or words, so that two hundred glucose values are one
 * line with a number and not two hundred.
 */
import type { Instant } from '../src/core/concept.ts';
import type { FactReading, FactSource, FiledFact, NotUnderstood } from '../src/core/facts.ts';
import type { Follow } from './fact-references.ts';
import { fileOf } from './facts.ts';

export interface Shown {
  readonly type: FactSource;
  readonly at: Instant;
  readonly resources: readonly fhir4.FhirResource[];
  /** What the answer lacks, a sentence each. */
  readonly gaps: readonly string[];
  readonly isUnsorted?: boolean | undefined;
  readonly follow: Follow;
}

/** References that are kept of things with the same code that are not understood. */
const mostSources = 20;

const olderValue = 'an older value';

export function readingOf({ type, at, resources, gaps, isUnsorted, follow }: Shown): FactReading {
  const onFile: FiledFact[] = [];
  const strange: FiledFact[] = [];
  const leftOut: Record<string, number> = {};
  const offTopic: FiledFact[] = [];
  for (const filed of resources.flatMap((one) => fileOf(type, one, follow))) {
    if (filed.is === 'on-file') onFile.push(filed.fact);
    else if (filed.is === 'not-understood') strange.push(filed.fact);
    else if (filed.is === 'off-topic') offTopic.push(filed.fact);
    else leftOut[filed.rule] = (leftOut[filed.rule] ?? 0) + 1;
  }
  const current = type === 'Observation' ? newestValues(onFile) : onFile;
  if (current.length < onFile.length) leftOut[olderValue] = onFile.length - current.length;
  return {
    type,
    askedAt: at,
    asOf: at,
    gaps,
    ...(isUnsorted && { isUnsorted }),
    onFile: current,
    notUnderstood: gathered(strange),
    offTopic: offTopic.length,
    ...(offTopic.length > 0 && { ofNoTopic: newestValues(offTopic) }),
    leftOut,
  };
}

/** Of each thing that is measured the newest value; where the newest has none yet, also the last that had one. */
function newestValues(facts: readonly FiledFact[]): FiledFact[] {
  return [...Map.groupBy(facts, kindOf).values()].flatMap((values) => {
    const sorted = values.toSorted(newestFirst);
    const valued = sorted.findIndex(({ value }) => value !== undefined);
    return sorted.slice(0, Math.max(1, valued + 1));
  });
}

function gathered(facts: readonly FiledFact[]): NotUnderstood[] {
  return [...Map.groupBy(facts, kindOf).values()].flatMap((alike) => {
    const sorted = alike.toSorted(newestFirst);
    const [newest] = sorted;
    if (newest === undefined) return [];
    const sources = sorted.map(({ source }) => source).slice(0, mostSources);
    return [{ ...newest, count: alike.length, sources }];
  });
}

/** By codes where there are any, else by words. */
function kindOf({ topic, what }: FiledFact): string {
  const codes = what.coding?.map(({ system, code }) => [system, code]);
  return JSON.stringify([topic, codes ?? what.text]);
}

/** What has no date that can be read comes last. */
function newestFirst(a: FiledFact, b: FiledFact): number {
  return timeOf(b) - timeOf(a) || (b.date ?? '').localeCompare(a.date ?? '');
}

function timeOf({ date = '' }: FiledFact): number {
  const time = Date.parse(date);
  return Number.isNaN(time) ? Number.MIN_SAFE_INTEGER : time;
}
