/**
 * A process that spends nights over the orders of a hospital in which nothing changed: says how long a full sweep takes
 * beside reading and parsing the same pages with undici, in turns, and the most memory that the last one took.
 */
import { request } from 'undici';
import { receive } from '../src/store/inbox.ts';
import { inboxRow } from '../src/sync/arrivals.ts';
import { benchAdapter, memoryWatch } from './bench-adapter.ts';
import { orderOf } from './bench-orders.ts';
import { medianOf } from './interleaved.ts';

export interface NightFound {
  /** Medians of milliseconds. */
  readonly undici: number;
  readonly sweep: number;
  readonly ratio: number;
  readonly peak: number;
}

const [base = '', countText = '0', roundsText = '0'] = process.argv.slice(2);
const count = Number(countText);
const memory = memoryWatch();
const { adapter, connected, close } = await benchAdapter(base, memory.listener);
await fillStore();
const never = new AbortController().signal;
const times: { undici: number; sweep: number }[] = [];
// The first round is for warming up
for (let round = 0; round <= Number(roundsText); round += 1) {
  const undici = await timed(readWithUndici);
  memory.begin();
  const sweep = await timed(async () => {
    const { state, read, fresh } = await adapter.sync('general', 'full', never);
    if (state !== 'complete' || read < count || fresh > 0)
      throw new Error(`The night was ${state}: ${read} read, ${fresh} new.`);
  });
  if (round > 0) times.push({ undici, sweep });
}
const found: NightFound = {
  undici: medianOf(times.map(({ undici }) => undici)),
  sweep: medianOf(times.map(({ sweep }) => sweep)),
  ratio: medianOf(times.map(({ undici, sweep }) => undici / sweep)),
  peak: memory.highest(),
};
await close();
console.log(JSON.stringify(found));

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** As after a first night: every order refused and its body taken out. */
async function fillStore(): Promise<void> {
  const { site } = connected;
  for (let from = 0; from < count; from += 2_000)
    await site.store.transaction(async (tx) => {
      const numbers = Array.from({ length: Math.min(2_000, count - from) }, (_, i) => from + i);
      const arrival = { via: 'A1' };
      await receive(
        tx,
        numbers.map((number) => inboxRow(site, arrival, orderOf(number, { every: 0 }))),
      );
      await tx
        .updateTable('inbox')
        .set({ state: 'refused', rule: 'service', says: 'another service' })
        .where('state', '=', 'received')
        .execute();
      await tx.deleteFrom('inbox_body').execute();
    });
}

async function readWithUndici(): Promise<void> {
  let url: string | undefined = `${base}/ServiceRequest?page=1`;
  let read = 0;
  while (url !== undefined) {
    const { body } = await request(url);
    const page = JSON.parse(await body.text()) as fhir4.Bundle;
    read += page.entry?.length ?? 0;
    url = page.link?.find(({ relation }) => relation === 'next')?.url;
  }
  if (read !== count) throw new Error(`${read} orders were read instead of ${count}.`);
}
