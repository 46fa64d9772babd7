/**
 * What a constraint is once it can run: a predicate on plain JSON. Named here so that the predicates written by hand and
 * those of the FHIRPath engine answer to the same shape.
 */

/** A FHIR JSON object as parsed; primitives' extensions are in `_x` siblings. */
export type Node = Readonly<Record<string, unknown>>;

/** What an expression can see beside the node in which it is evaluated. */
export interface Surroundings {
  /** `%resource`: the resource that directly contains the node; a contained resource is its own. */
  readonly resource: Node;
  /** `%rootResource`: the outermost container of contained resources. */
  readonly root: Node;
  /** `resolve()`: the target inside the same Bundle or contained, undefined when it is not here. */
  readonly resolve?: (reference: string) => Node | undefined;
}

/** True or false, or undefined when the expression cannot be evaluated here: report it as not checked. */
export type Holds = (node: unknown, around: Surroundings) => boolean | undefined;

/** A predicate written by hand for nodes that are objects. */
export type Rule = (node: Node, around: Surroundings) => boolean | undefined;

/** Predicates by the exact text of their expression. */
export type Rules = Readonly<Record<string, Rule>>;
