/**
 * Rung A3: the worklist addressed to us. Tasks that we own, and requested ones that nobody owns yet and that we may claim;
 * each leads to its order by `focus` or `basedOn`. What is addressed to us is shown whatever it asks, so that a request to
 * cancel (code `abort`) is heard and anything else gets its reason; of what is nobody's only these two kinds can concern us.
 */
import { localReference } from '../../fhir/reference.ts';
import type { HospitalClient, SearchParams } from '../client.ts';
import { type PagingOptions, pagesOf } from '../paging.ts';
import type { SearchHabits } from '../vendors/vendor.ts';
import { type Window, windowParams } from '../windows.ts';
import { expectHonoured, type Found, floodGuard, foundOf, mayBeIn, narrowed } from './found.ts';

export type FoundTasks = AsyncGenerator<Found<fhir4.Task>, void, undefined>;

/** Tasks whose owner is `organization` (`Organization/massage`), changed in the window. */
export function ownedTasks(
  client: HospitalClient,
  organization: string,
  window: Window,
  options: PagingOptions = {},
  habits: SearchHabits = {},
): FoundTasks {
  const us = localReference(organization, client.base.href);
  const isOurs = (task: fhir4.Task) =>
    us !== undefined && localReference(task.owner, client.base.href) === us;
  return changedTasks(
    client,
    [['owner', organization]],
    ['owner'],
    isOurs,
    window,
    options,
    habits,
  );
}

/** Tasks with status requested that have no owner, changed in the window. */
export function claimableTasks(
  client: HospitalClient,
  window: Window,
  options: PagingOptions = {},
  habits: SearchHabits = {},
): FoundTasks {
  const params: SearchParams = [
    ['owner:missing', 'true'],
    ['status', 'requested'],
  ];
  const isClaimable = (task: fhir4.Task) =>
    task.owner === undefined && task.status === 'requested' && mayConcernUs(task);
  return changedTasks(
    client,
    params,
    ['owner:missing', 'status'],
    isClaimable,
    window,
    options,
    habits,
  );
}

async function* changedTasks(
  client: HospitalClient,
  params: SearchParams,
  asked: readonly string[],
  isOurs: (task: fhir4.Task) => boolean,
  window: Window,
  options: PagingOptions,
  habits: SearchHabits,
): FoundTasks {
  const guardAgainstFlood = floodGuard();
  yield* narrowed<fhir4.Task>(
    window,
    (part) =>
      pagesOf(
        client,
        'Task',
        [
          ...params,
          ...(habits.always ?? []),
          ...windowParams(part, habits.window),
          ['_sort', '_lastUpdated'],
        ],
        {
          handling: 'strict',
          ...options,
          narrows: true,
        },
      ),
    (page, part) => {
      expectHonoured(page, ['_lastUpdated', ...asked]);
      guardAgainstFlood(page, part);
      return foundOf('A3', page, (task) => mayBeIn(part, task), isOurs);
    },
  );
}

/** Task.code `fulfill`, `abort`, or none: many servers leave it out (R4 task.html, task-code). */
function mayConcernUs({ code }: fhir4.Task): boolean {
  const codes = (code?.coding ?? []).map((coding) => coding.code);
  return codes.length === 0 || codes.includes('fulfill') || codes.includes('abort');
}
