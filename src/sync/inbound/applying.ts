/** What those share that take inbox rows to their end: the counts of the run, what was read, and how to read more. */
import type { InboxRow } from '../../store/inbox.ts';
import type { Tally } from '../report.ts';
import type { Site } from '../site.ts';
import type { Surroundings } from '../surroundings.ts';

/** What the appliers share during one run. */
export interface Inbound {
  readonly tally: Tally;
  readonly around: Surroundings;
  /** Orders that a Task addressed to us asks for. */
  readonly tasked: Set<string>;
  /** Makes sure that a resource of the hospital that we may not have seen is read, stored and applied; false where it cannot be read. */
  fetch(reference: string, again?: 'readmit'): Promise<boolean>;
}

/** Takes one row with its resource to its end. */
export type Applier = (
  site: Site,
  inbound: Inbound,
  row: InboxRow,
  resource: never,
) => Promise<void>;
