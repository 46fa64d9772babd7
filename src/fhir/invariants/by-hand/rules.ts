/**
 * All predicates written by hand, by the text of their expression: those of R4's types. Two tables, since a few rules
 * are about a value itself and not about the parts of an object. FHIRPath has three answers and a constraint fails only
 * by false, so that a comparison with something missing never fails; nor does one with an element that has an extension
 * in place of its value, where the engine says false.
 */
import type { Holds, Rule } from '../predicate.ts';
import { bundleRules } from './bundle-rules.ts';
import { careRules } from './care-rules.ts';
import { codeRules } from './code-rules.ts';
import { conformanceRules } from './conformance-rules.ts';
import { dataTypeRules } from './data-type-rules.ts';
import { elementDefinitionRules } from './element-definition-rules.ts';
import { everyResourceRules } from './every-resource-rules.ts';
import { questionnaireRules } from './questionnaire-rules.ts';
import { recordRules } from './record-rules.ts';
import { structureDefinitionRules } from './structure-definition-rules.ts';
import { testingRules } from './testing-rules.ts';
import { valueRules } from './value-rules.ts';

/** Rules about the parts of an object. A Map, so that no expression can name a property of every object. */
export const rules: ReadonlyMap<string, Rule> = new Map(
  [
    everyResourceRules,
    dataTypeRules,
    bundleRules,
    careRules,
    recordRules,
    questionnaireRules,
    codeRules,
    conformanceRules,
    elementDefinitionRules,
    structureDefinitionRules,
    testingRules,
  ].flatMap(Object.entries<Rule>),
);

/** Rules that a bare value can be asked too. */
export const rulesOfValues: ReadonlyMap<string, Holds> = new Map(Object.entries(valueRules));
