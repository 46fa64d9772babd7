/**
 * minValue[x] and maxValue[x] (R4 elementdefinition.html): the range that a profile allows for a number or a moment.
 * Moments are compared where both say enough to be sure; a range in years from now is said to be not checked.
 */
import { valueOfChoice } from './matching.ts';
import type { OccurrenceCheck } from './occurrences.ts';
import { inWords } from './wording.ts';

type Bound = 'minValue' | 'maxValue';

export function rangeRules(element: fhir4.ElementDefinition): OccurrenceCheck[] {
  return (['minValue', 'maxValue'] as const).flatMap((bound) => {
    const limit = valueOfChoice(element, bound);
    return limit === undefined ? [] : [rangeRule(bound, limit)];
  });
}

function rangeRule(bound: Bound, limit: unknown): OccurrenceCheck {
  const word = bound === 'minValue' ? 'least' : 'most';
  return ({ value }, walk) => {
    if (value === undefined) return;
    const side = compared(value, limit);
    if (side === undefined)
      walk.skip(
        'invariant',
        `Whether the value is at ${word} ${inWords(limit)} cannot be told here.`,
      );
    else if (bound === 'minValue' ? side < 0 : side > 0)
      walk.error('value', `The value has to be at ${word} ${inWords(limit)}.`);
  };
}

/** Below 0, 0 or above it; undefined where the two cannot be compared. */
function compared(value: unknown, limit: unknown): number | undefined {
  if (typeof value === 'number' && typeof limit === 'number') return value - limit;
  if (typeof value === 'string' && typeof limit === 'string') return momentsCompared(value, limit);
  const [one, other] = [quantityOf(value), quantityOf(limit)];
  return one && other && one.unit === other.unit ? one.value - other.value : undefined;
}

function momentsCompared(value: string, limit: string): number | undefined {
  if (value === limit) return 0;
  if (value.includes('T') && limit.includes('T')) return Date.parse(value) - Date.parse(limit);
  // Of different precision: sure only where the part that both have differs
  const shared = Math.min(value.length, limit.length, 10);
  const [one, other] = [value.slice(0, shared), limit.slice(0, shared)];
  return one === other ? undefined : one < other ? -1 : 1;
}

function quantityOf(value: unknown): { value: number; unit: string } | undefined {
  if (typeof value !== 'object' || value === null || !('value' in value)) return undefined;
  const { system, code, value: number } = value as Record<string, unknown>;
  return typeof number === 'number' ? { value: number, unit: `${system}|${code}` } : undefined;
}
