/**
 * Our answer on the hospital's own Task that asks to cancel (code `abort`, closed-loop §5, §8 row 11): completed when the
 * referral has ended, rejected with a reason when it goes on. Nothing else of it is ours to change.
 */
import { taskHasEnded } from './task-progress.ts';

/** undefined when the Task has been answered already. */
export function answerCancellation(
  previous: fhir4.Task,
  agreed: boolean,
  now: string,
): fhir4.Task | undefined {
  if (taskHasEnded(previous.status)) return undefined;
  const { statusReason: _stale, ...rest } = previous;
  return agreed
    ? { ...rest, status: 'completed', lastModified: now }
    : {
        ...rest,
        status: 'rejected',
        statusReason: { text: 'The massage service goes on with this referral.' },
        lastModified: now,
      };
}
