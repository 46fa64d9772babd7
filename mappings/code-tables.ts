/**
 * The code tables, by name: the ConceptMaps that are published with our profiles, so that what a hospital loads and what
 * we translate with cannot differ. They hold only codes that were seen in a published source (clinical §2); where there
 * is none, our own code goes out as it is (unmapped mode `provided`).
 */
import bodySite from '../profiles/fsh-generated/resources/ConceptMap-body-site.json' with {
  type: 'json',
};
import businessStatus from '../profiles/fsh-generated/resources/ConceptMap-business-status.json' with {
  type: 'json',
};
import cancelationReason from '../profiles/fsh-generated/resources/ConceptMap-cancelation-reason.json' with {
  type: 'json',
};
import dataAbsentReason from '../profiles/fsh-generated/resources/ConceptMap-data-absent-reason.json' with {
  type: 'json',
};
import interrupter from '../profiles/fsh-generated/resources/ConceptMap-interrupter.json' with {
  type: 'json',
};
import measure from '../profiles/fsh-generated/resources/ConceptMap-measure.json' with {
  type: 'json',
};
import statusReason from '../profiles/fsh-generated/resources/ConceptMap-status-reason.json' with {
  type: 'json',
};
import techniqueIn from '../profiles/fsh-generated/resources/ConceptMap-technique-in.json' with {
  type: 'json',
};
import techniqueOut from '../profiles/fsh-generated/resources/ConceptMap-technique-out.json' with {
  type: 'json',
};
import type { Coding } from '../src/core/concept.ts';
import {
  holds,
  type TranslateRequest,
  type Translation,
  translate,
} from '../src/fhir/translate.ts';
import { defined } from '../src/mapping/defined.ts';

// TypeScript widens the codes of imported JSON to string; the test of the tables checks them against R4
export const codeTables = {
  'body-site': bodySite as fhir4.ConceptMap,
  'business-status': businessStatus as fhir4.ConceptMap,
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

/** The codes that a table gives for a coding, in one code system if it is named; none where it knows no match. */
export function codesFor(table: CodeTable, coding: Coding, system?: string): fhir4.Coding[] {
  return matches(
    translateBy(table, { codings: [coding], ...(system && { targetSystem: system }) }),
  );
}

/** The one code of ours whose equivalent a coding is; undefined when there is none or more than one (I9). */
export function codeBehind(table: CodeTable, coding: Coding): fhir4.Coding | undefined {
  const { match } = translateBy(table, { codings: [coding], reverse: true });
  const exact = match.filter(({ equivalence }) => ['equal', 'equivalent'].includes(equivalence));
  return exact.length === 1 ? exact[0]?.concept : undefined;
}

/** Our code with what a table makes of it: theirs first, ours behind it, each once. */
export function withOurs(table: CodeTable, ours: Coding, system?: string): fhir4.Coding[] {
  const theirs = codesFor(table, ours, system).filter((coding) => coding.system !== ours.system);
  return [...theirs, defined(ours)];
}

function matches({ match }: Translation): fhir4.Coding[] {
  return match.flatMap((one) => (holds(one) && one.concept ? [one.concept] : []));
}
