/**
 * The constraints of an element as checks: error severity is an error, warning a warning, and what cannot be evaluated
 * here is said to be not checked. Structure has its own checks for what R4 also writes as constraints (ele-1, ext-1).
 */
import { invariantOf } from '../invariants/invariants.ts';
import type { FhirObject } from './scope.ts';
import type { Walk } from './walk.ts';

/** Evaluates one constraint on an object where the walk stands. */
export type ConstraintCheck = (node: FhirObject, walk: Walk) => void;

/** Checked by the shape of the object (ele-1) and by reading the narrative (txt-1, txt-2). */
const elsewhere = new Set([
  'hasValue() or (children().count() > id.count())',
  'hasValue() or (children().count() > id.count()) or $this is Parameters',
  'htmlChecks()',
]);

interface Erratum {
  /** Resources that fail by the mistake alone: reported, not held against them. */
  readonly excuses?: (node: FhirObject) => boolean;
  /** What the rule says in words, where the published expression says less. */
  readonly means?: (node: FhirObject) => boolean;
  readonly note: string;
}

/** Rules that R4 published with a mistake, by their expression, so that a corrected rule is judged as it stands. */
const errata: Readonly<Record<string, Erratum>> = {
  "Appointment.cancelationReason.exists() implies (Appointment.status='no-show' or Appointment.status='cancelled')":
    {
      excuses: ({ status }) => status === 'noshow',
      note: 'R4 misspells the status noshow in this rule, so that validators refuse a reason for a no-show',
    },
  'substanceExposureRisk.exists() and code.empty()': {
    excuses: () => true,
    note: 'R4 wrote this rule for the resource and put it on the extension, where it can never hold',
  },
  'enableWhen.count() > 2 implies enableBehavior.exists()': {
    means: ({ enableWhen, enableBehavior }) =>
      !Array.isArray(enableWhen) || enableWhen.length < 2 || enableBehavior !== undefined,
    note: 'R4 counts more than two in the expression of this rule and more than one in its words, which hold',
  },
};

export function constraintChecks(
  element: Pick<fhir4.ElementDefinition, 'constraint'>,
  type: string,
): readonly ConstraintCheck[] {
  return (element.constraint ?? []).flatMap((constraint) => {
    const { expression, key } = constraint;
    return expression === undefined || elsewhere.has(expression) || key === 'dom-6'
      ? []
      : [constraintCheck(constraint, expression, type)];
  });
}

function constraintCheck(
  constraint: fhir4.ElementDefinitionConstraint,
  expression: string,
  type: string,
): ConstraintCheck {
  const { key, human } = constraint;
  const severity = constraint.severity === 'warning' ? 'warning' : 'error';
  const { holds, ofObject } = invariantOf(expression, type);
  // Four rules of every resource are about what is contained, which is seldom there
  const isOfContained = expression.startsWith('contained.');
  const erratum = Object.hasOwn(errata, expression) ? errata[expression] : undefined;
  const judge = erratum?.means ?? ofObject;
  const report = (node: FhirObject, held: boolean | undefined, walk: Walk): void => {
    const says = `${key}: ${human}`;
    if (held === undefined) walk.skip('invariant', `${says} (cannot be evaluated here)`);
    else if (erratum?.excuses?.(node))
      walk.say('warning', 'invariant', `${says} (${erratum.note})`, { constraint: key });
    else walk.say(severity, 'invariant', says, { constraint: key });
  };
  return (node, walk) => {
    if (isOfContained && node.contained === undefined) return;
    // In a profile the node can be a primitive
    const held = typeof node === 'object' ? judge(node, walk.scope) : holds(node, walk.scope);
    if (held !== true) report(node, held, walk);
  };
}
