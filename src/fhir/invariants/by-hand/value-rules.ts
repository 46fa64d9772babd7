/**
 * Rules about an element itself, which can be a bare value: written for whatever stands there, unlike the rules about
 * the parts of an object.
 */

import type { Holds, Node } from '../predicate.ts';
import { fields, has, integerIn } from '../presence.ts';

const ucum = 'http://unitsofmeasure.org';

/** Any element but `id` makes an object something. A primitive that has only extensions is asked by its `_x` object. */
function hasContent(node: unknown): boolean {
  if (typeof node !== 'object') return node !== undefined;
  for (const key in node)
    if (key !== 'id' && key !== '_id' && key !== 'resourceType' && has((node as Node)[key]))
      return true;
  return false;
}

function isPercentage(limit: unknown): boolean {
  if (!has(limit)) return true;
  const { code, system } = fields(limit);
  return (!has(code) || code === '%') && (!has(system) || system === ucum);
}

export const valueRules: Readonly<Record<string, Holds>> = {
  // ele-1
  'hasValue() or (children().count() > id.count())': hasContent,
  // txt-1, txt-2: reading XHTML is not a matter of FHIRPath; ../../narrative.ts does it
  'htmlChecks()': () => true,
  // vs-1: a dateTime to the day; what is no dateTime is a Period and has no length
  '($this as dateTime).toString().length() >= 8': (node) =>
    typeof node !== 'string' || node.length >= 8,
  // eld-3
  "empty() or ($this = '*') or (toInteger() >= 0)": (node) => !((integerIn(node) ?? 0) < 0),
  // ras-1
  "(low.empty() or ((low.code = '%') and (low.system = %ucum))) and (high.empty() or ((high.code = '%') and (high.system = %ucum)))":
    (node) => {
      const { low, high } = fields(node);
      return isPercentage(low) && isPercentage(high);
    },
};
