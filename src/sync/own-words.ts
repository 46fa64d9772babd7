/**
 * What we sent without learning its fate, so that it is recognised when the hospital shows it: an answer that was lost
 * leaves a version there that we never heard of, and it must not be taken for a change of the hospital.
 */

import type { IntentionKind } from '../core/intentions.ts';
import { canonicalJson } from '../fhir/canonical-hash.ts';
import type { LinkRole } from '../store/links.ts';
import { outboxOf } from '../store/outbox.ts';
import type { Db } from '../store/store.ts';

const kinds: Partial<Record<LinkRole, IntentionKind>> = {
  appointment: 'write-appointment',
  procedure: 'write-procedure',
  observation: 'write-observation',
  task: 'report-progress',
  'cancel-task': 'answer-cancellation',
};

const unsettled: readonly string[] = ['queued', 'sending', 'unknown'];

interface About {
  readonly role: LinkRole;
  readonly referral: string;
  readonly session?: string | null | undefined;
  readonly part?: string | null | undefined;
}

/** Whether the hospital shows what one of our unclear sendings about this resource said. */
export async function isOwnWords(db: Db, about: About, shown: object): Promise<boolean> {
  const open = (await outboxOf(db, about.referral)).filter(
    (one) =>
      // Once it is settled, the link knows the version that stands there; a return to old words is the hospital's then.
      unsettled.includes(one.state) &&
      one.kind === kinds[about.role] &&
      (about.session ?? null) === one.session &&
      (about.part ?? null) === one.part,
  );
  return open.flatMap((one) => bodiesOf(one.request)).some((sent) => saysSame(sent, shown));
}

/** The bodies that an intention was sent with, the latest last. */
export function bodiesOf(request: string | null): object[] {
  if (request === null) return [];
  const { body, before = [] } = JSON.parse(request) as { body: object; before?: object[] };
  return [...before, body];
}

/** Everything that was sent stands there; what a server adds of its own does not count. */
function saysSame(sent: object, shown: object): boolean {
  const theirs = shown as Record<string, unknown>;
  return Object.entries(sent).every(
    ([name, value]) =>
      name === 'id' ||
      name === 'meta' ||
      name === 'text' ||
      canonicalJson(value) === canonicalJson(theirs[name]),
  );
}
