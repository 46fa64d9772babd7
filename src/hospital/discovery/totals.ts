/**
 * What the totals of one search are worth. A total that is larger than what is shown says that the answer was cut short, and
 * smaller parts are asked for; but some servers’ totals count something else (Q11), and then no part is ever small enough.
 * That is believed only where it is proven: parts that have nothing in common cannot lack more than the whole does. From
 * then on the pages alone tell, as on a server that gives no totals.
 */
import { defaultPageSize, type Page, type PagingOptions, selfParams } from '../paging.ts';

type AnyPage = Page<fhir4.FhirResource>;

export interface Totals {
  /** Hears of each part, the whole first: its last page and how much all of its pages showed, if it was read to its end. */
  read(last: AnyPage | undefined, shown: number): void;
  /** Whether only the total speaks against this part, so that it would be whole if totals were wrong here. */
  isAllThatSpeaks(last: AnyPage, shown: number): boolean;
  /** Hears of such a part that cannot be made smaller; true when totals are wrong here. */
  areWrongAt(last: AnyPage, shown: number): boolean;
  /** Whether they were proven to be. */
  areWrong(): boolean;
}

/** Fewer than this at once no server is known to show where it has more (Q31). */
const leastCap = 5;

export function totalsOf({ pageSize = defaultPageSize }: PagingOptions): Totals {
  /** What the whole lacks by its own total; undefined before it was read, and nothing is proven where that cannot be told. */
  let lacking: number | undefined;
  let lackingInParts = 0;
  let most = 0;
  let isProven = false;
  const isFull = ({ self, resources }: AnyPage) => {
    const granted = Number(selfParams(self)?.get('_count')) || pageSize;
    return resources.length >= Math.min(pageSize, granted);
  };
  return {
    read(last, shown) {
      const total = last?.total;
      lacking ??= total === undefined || total < shown ? Number.POSITIVE_INFINITY : total - shown;
      if (last !== undefined) most = Math.max(most, shown);
    },
    isAllThatSpeaks(last, shown) {
      if (last.total === undefined || last.total <= shown || isFull(last)) return false;
      // As many as were shown at most of any part may be as many as are shown at all: also where a server compares by days,
      // so that seconds have something in common after all.
      return last.outcomes.length === 0 && (shown < most || shown < leastCap);
    },
    areWrongAt(last, shown) {
      lackingInParts += (last.total ?? 0) - shown;
      isProven ||= lackingInParts > (lacking ?? Number.POSITIVE_INFINITY);
      return isProven;
    },
    areWrong: () => isProven,
  };
}

export const totalsAreWrong =
  'the totals of this hospital’s searches are larger than what it has: its pages are believed instead';
