/**
 * A constraint of a StructureDefinition as a predicate on plain JSON. The table of predicates written by hand is keyed
 * by the exact text of the expression, so that the same rule in anybody's profile runs fast and a changed one does not
 * pass for it; everything else goes through the FHIRPath engine.
 */
import { byFhirpath } from './by-fhirpath.ts';
import { rules, rulesOfValues } from './by-hand/rules.ts';
import type { Holds, Node, Rule } from './predicate.ts';

export type { Holds, Node, Surroundings } from './predicate.ts';

export interface Invariant {
  /** Never throws, whatever the node is. */
  readonly holds: Holds;
  /** The same for nodes that are known to be objects, where there is a shorter way. */
  readonly ofObject: Rule;
  /** Written by hand: nanoseconds, and no engine to load. */
  readonly byHand: boolean;
}

/**
 * The predicate of a constraint.
 * @param expression FHIRPath text of ElementDefinition.constraint.expression
 * @param typeOrPath where it is evaluated: a type (`Period`), or the path of a part (`Timing.repeat`, `Patient.contact`).
 *   For a choice element give the type that is present (`dateTime`, not `Observation.effective[x]`).
 */
export function invariantOf(expression: string, typeOrPath: string): Invariant {
  const ofValues = rulesOfValues.get(expression);
  if (ofValues) return { holds: ofValues, ofObject: ofValues, byHand: true };
  const rule = rules.get(expression);
  if (rule) return { holds: onObjects(rule), ofObject: rule, byHand: true };
  const holds = byFhirpath(expression, typeOrPath);
  return { holds, ofObject: holds, byHand: false };
}

/** A rule about parts has no answer where there is a bare value or null: that something else stands there is its own error. */
function onObjects(rule: Rule): Holds {
  return (node, around) =>
    typeof node === 'object' && node !== null ? rule(node as Node, around) : undefined;
}
