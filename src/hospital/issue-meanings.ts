/**
 * What the issue codes of a server product mean (Epic: `4135`), as far as its vendor record knows them. They come before
 * the HTTP status and before FHIR's own issue types, since a product says with them what its status leaves open (Q14).
 */
import type { ErrorCode } from '../core/errors.ts';
import type { Issue } from './outcome.ts';
import type { IssueMeaning } from './vendors/vendor.ts';

export type MeaningOf = (code: string) => IssueMeaning | undefined;

interface Sense {
  readonly code: ErrorCode;
  readonly says: string;
  readonly fix?: string;
}

/** An answer that is refused with such a code, as our error. */
const senses: Readonly<Record<IssueMeaning, Sense>> = {
  'day-spent': {
    code: 'hospital-busy',
    says: 'the hospital answers no more before its next day begins',
    fix: 'Nothing to do: it is asked again when its day begins. Ask the hospital for a larger limit if this happens often.',
  },
  'search-expired': { code: 'paging-broken', says: 'the hospital has forgotten this search' },
  capped: {
    code: 'hospital-refused',
    says: 'there is more than the hospital shows at once',
    fix: 'A smaller window or a smaller pageSize shows less at once.',
  },
  suppressed: { code: 'not-allowed', says: 'the hospital holds results back' },
  'parameter-ignored': {
    code: 'search-not-honoured',
    says: 'the hospital does not know a search parameter',
  },
  'needs-parameter': {
    code: 'hospital-refused',
    says: 'the hospital wants a search parameter that was not given',
    fix: 'This server cannot be searched in this way; choose another way of finding orders.',
  },
  'nothing-found': { code: 'not-found', says: 'the hospital has nothing of this kind' },
  deleted: { code: 'gone', says: 'the hospital deleted it' },
  merged: { code: 'gone', says: 'the hospital merged it into another record' },
  policy: {
    code: 'not-allowed',
    says: 'a policy of the hospital protects this record',
    fix: 'Ask the hospital whether our client may see such records; asking again changes nothing.',
  },
};

/** An answer may carry several codes: what ends the asking counts before what only explains it. */
const order: readonly IssueMeaning[] = [
  'day-spent',
  'search-expired',
  'policy',
  'merged',
  'deleted',
  'needs-parameter',
  'capped',
  'parameter-ignored',
  'suppressed',
  'nothing-found',
];

/** All that the codes of these issues mean, the most telling first. */
export function meaningsOf(
  issues: readonly Issue[],
  meaningOf: MeaningOf | undefined,
): readonly IssueMeaning[] {
  if (meaningOf === undefined) return [];
  const found = new Set(issues.flatMap(({ details }) => details.map(meaningOf)));
  return order.filter((meaning) => found.has(meaning));
}

/** What a refused answer means by its codes. */
export function senseOf(meaning: IssueMeaning): Sense {
  return senses[meaning];
}

/** The cause of an error that was judged by such a code. */
export class VendorSaid extends Error {
  readonly meaning: IssueMeaning;

  constructor(meaning: IssueMeaning) {
    super(senses[meaning].says);
    this.meaning = meaning;
  }
}

/** By which meaning this error was judged; undefined when by status or issue type. */
export function meaningIn(error: Error): IssueMeaning | undefined {
  return error.cause instanceof VendorSaid ? error.cause.meaning : undefined;
}
