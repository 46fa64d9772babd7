/**
 * The code tables, R4 ConceptMaps in `tables/`, by name. They hold only codes that were seen in a published source
 * (clinical §2); where there is none, our own code goes out as it is (unmapped mode `provided`).
 */
import type { Coding } from '../src/core/concept.ts';
import {
  holds,
  type TranslateRequest,
  type Translation,
  translate,
} from '../src/fhir/translate.ts';
import { defined } from '../src/mapping/defined.ts';
import bodySite from './tables/body-site.json' with { type: 'json' };
import cancelationReason from './tables/cancelation-reason.json' with { type: 'json' };
import dataAbsentReason from './tables/data-absent-reason.json' with { type: 'json' };
import interrupter from './tables/interrupter.json' with { type: 'json' };
import measure from './tables/measure.json' with { type: 'json' };
import statusReason from './tables/status-reason.json' with { type: 'json' };
import techniqueIn from './tables/technique-in.json' with { type: 'json' };
import techniqueOut from './tables/technique-out.json' with { type: 'json' };

// TypeScript widens the codes of imported JSON to string; the test of the tables checks them against R4
export const codeTables = {
  'body-site': bodySite as fhir4.ConceptMap,
  'cancelation-reason': cancelationReason as fhir4.ConceptMap,
  'data-absent-reason': dataAbsentReason as fhir4.ConceptMap,
  interrupter: interrupter as fhir4.ConceptMap,
  measure: measure as fhir4.ConceptMap,
  'status-reason': statusReason as fhir4.ConceptMap,
  'technique-in': techniqueIn as fhir4.ConceptMap,
  'technique-out': techniqueOut as fhir4.ConceptMap,
} as const;
export type CodeTable = keyof typeof codeTables;

/** `$translate` by one of our tables. */
export function translateBy(table: CodeTable, request: TranslateRequest): Translation {
  return translate(codeTables[table], request, (url) =>
    Object.values(codeTables).find((map) => map.url === url),
  );
}

/** The codes that a table gives for a coding; none where it knows no match. */
export function codesFor(table: CodeTable, coding: Coding): fhir4.Coding[] {
  return matches(translateBy(table, { codings: [coding] }));
}

/** The one code of ours whose equivalent a coding is; undefined when there is none or more than one (I9). */
export function codeBehind(table: CodeTable, coding: Coding): fhir4.Coding | undefined {
  const { match } = translateBy(table, { codings: [coding], reverse: true });
  const exact = match.filter(({ equivalence }) => ['equal', 'equivalent'].includes(equivalence));
  return exact.length === 1 ? exact[0]?.concept : undefined;
}

/** Our code with what a table makes of it: theirs first, ours behind it, each once. */
export function withOurs(table: CodeTable, ours: Coding): fhir4.Coding[] {
  const theirs = codesFor(table, ours).filter((coding) => coding.system !== ours.system);
  return [...theirs, defined(ours)];
}

function matches({ match }: Translation): fhir4.Coding[] {
  return match.flatMap((one) => (holds(one) && one.concept ? [one.concept] : []));
}
