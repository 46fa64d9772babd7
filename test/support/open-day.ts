/** A scripted day before it is lived: the hospital’s people, and an adapter on a fresh store that looks for orders one way. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapterOn } from '../sync/adapter.ts';
import { dayClock } from './day-clock.ts';
import { type Day, refusedOrders, storyOrders } from './day-events.ts';
import { dayHospital } from './day-hospital.ts';
import { type DayWay, dropFolder, listFile } from './day-ways.ts';

export interface DayServer {
  readonly base: string;
  /** The door of the staff, where it is another one. */
  readonly staff?: string;
  stop(): Promise<void>;
}

export interface OpenDay extends Day {
  close(): Promise<void>;
}

export async function openDay(
  server: DayServer,
  way: DayWay,
  books: Day['books'],
): Promise<OpenDay> {
  const clock = dayClock();
  const hospital = dayHospital(server.staff ?? server.base, `day${Date.now().toString(36)}`);
  const folder = await mkdtemp(join(tmpdir(), 'massage-fhir-day-'));
  await mkdir(join(folder, dropFolder));
  const orders = [...storyOrders, ...Object.keys(refusedOrders)];
  const patients = orders.map((name) => `Patient/${hospital.id(`patient-${name}`)}\n`);
  await writeFile(join(folder, listFile), patients.join(''));
  const adapter = await adapterOn({
    base: server.base,
    clock: clock.now,
    folder,
    // Small pages, so that the day goes through the server's own way of paging.
    hospital: `    pageSize: 5\n${way.settings}`,
  });
  return {
    hospital,
    adapter,
    clock,
    way,
    books,
    drop: (order) => writeFile(join(folder, dropFolder, `${order.id}.json`), JSON.stringify(order)),
    async close() {
      await adapter.close();
      await rm(folder, { recursive: true });
    },
  };
}
