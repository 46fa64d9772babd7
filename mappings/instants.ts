/** Times as R4 wants them: an instant has seconds and a zone, and a time without a zone is no time at all for us. */
import type { Instant } from '../src/core/concept.ts';
import type { Flag } from '../src/mapping/field-table.ts';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const zoned = /T.*(Z|[+-]\d\d:\d\d)$/;

/** The time as an R4 instant, as it was written where that is one; undefined (and flagged) where no moment is meant. */
export function toInstant(text: string | undefined, flag?: Flag): Instant | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) flag?.('is not a time');
  else if (!zoned.test(text)) flag?.('has no time zone, so the moment is not known');
  else return instant.test(text) ? text : new Date(time).toISOString();
  return undefined;
}

/** Whether two times are the same moment, however they are written. */
export function sameMoment(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && Date.parse(one) === Date.parse(other);
}
