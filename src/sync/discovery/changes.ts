/**
 * Rungs A1 and A3: what changed on the whole server in a closed window of its time. The cursor moves only after the last
 * page of the window is stored, and not over an answer that may lack something (invariant I6).
 */
import type { Found } from '../../hospital/discovery/found.ts';
import { type Window, windowAfter } from '../../hospital/windows.ts';
import { moveCursor, readCursor } from '../../store/cursors.ts';
import { nowOf, type Site } from '../site.ts';
import { noteIncomplete, type Pass, takePage, type Way } from './pass.ts';

type Read = (
  window: Window,
  pass: Pass,
) => AsyncGenerator<Found<fhir4.FhirResource>, void, undefined>;

export const changedOrders: Way = {
  rung: 'A1',
  type: 'ServiceRequest',
  look: (pass) =>
    readWindow(pass, 'A1', (window, { site, survey }) =>
      site.hospital.changedOrders(window, survey.searches.ServiceRequest),
    ),
};

export const addressedTasks: readonly Way[] = [
  {
    rung: 'A3',
    type: 'Task',
    look: (pass) =>
      readWindow(pass, 'A3', (window, { site, survey }) =>
        site.hospital.ownedTasks(window, survey.searches.Task),
      ),
  },
  {
    rung: 'A3-claimable',
    type: 'Task',
    look: (pass) =>
      readWindow(pass, 'A3-claimable', (window, { site, survey }) =>
        site.hospital.claimableTasks(window, survey.searches.Task),
      ),
  },
];

async function readWindow(pass: Pass, rung: string, read: Read): Promise<boolean> {
  const { site, mode, signal, tally } = pass;
  const { settings, store } = site;
  const cursor =
    mode === 'full' ? undefined : (await readCursor(store.read, settings.id, rung))?.value;
  const window = nextWindow(site, cursor);
  let partial = false;
  let serverTime: string | undefined;
  for await (const page of read(window, pass)) {
    partial = (await takePage(pass, rung, page)) || partial;
    // Of the first page: what changes while we read the others may not be among them.
    serverTime ??= page.serverTime;
    if (signal.aborted) return false;
  }
  if (partial) {
    noteIncomplete(tally, rung);
    return false;
  }
  await store.transaction((tx) =>
    moveCursor(tx, {
      hospital: settings.id,
      rung,
      value: upTo(window, serverTime),
      from: window.from,
      to: window.to,
      at: nowOf(site),
    }),
  );
  return true;
}

/** The window after a cursor, as far back and as close to now as the settings want. */
export function nextWindow(site: Site, cursor: string | undefined): Window {
  const { overlapMs, lagMs } = site.settings;
  return windowAfter(cursor, nowOf(site), { overlapMs, lagMs });
}

/** A hospital whose clock is behind ours stamps its next change earlier than our window’s end. */
export function upTo({ to }: Window, serverTime: string | undefined): string {
  return serverTime !== undefined && serverTime < to ? serverTime : to;
}
