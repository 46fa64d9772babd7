/** The engines that every suite of the store runs on, and invented rows to run with. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Episode, openEpisode } from '../../src/core/episode.ts';
import type { ReferralEvent } from '../../src/core/events.ts';
import type { OrderedCare } from '../../src/core/referral.ts';
import { saveEpisode } from '../../src/store/episodes.ts';
import { type FoundRow, receive } from '../../src/store/inbox.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { instant, someCare } from '../core/episodes.ts';

export interface TestEngine {
  readonly name: string;
  /** A store of its own, gone when it is closed. */
  readonly open: () => Promise<Store>;
}

export const engines: readonly TestEngine[] = [
  { name: 'sqlite', open: () => openStore(':memory:') },
];

/** Runs `work` on a fresh store. */
export async function onFresh<T>(
  engine: TestEngine,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await engine.open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Runs `work` with the path of a store that has a folder of its own. */
export async function inFolder<T>(work: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  try {
    return await work(join(folder, 'deeper', 'store.sqlite'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The episode that a first event makes, with that event. */
export function newEpisode(
  id: string,
  more: {
    hospital?: string;
    care?: Partial<OrderedCare>;
    order?: string;
    minutes?: number;
    episode?: number;
  } = {},
): { episode: Episode; event: Extract<ReferralEvent, { type: 'requested' }> } {
  const event = {
    type: 'requested',
    at: instant(more.minutes ?? 0),
    by: 'hospital',
    care: { ...someCare({ reference: more.order ?? `ServiceRequest/${id}` }), ...more.care },
    episode: more.episode ?? 1,
  } as const;
  return { episode: openEpisode(id, more.hospital ?? 'general', event), event };
}

/** Stores a new referral. */
export async function addReferral(
  store: Store,
  id: string,
  more: Parameters<typeof newEpisode>[1] = {},
): Promise<Episode> {
  const { episode, event } = newEpisode(id, more);
  await store.transaction((tx) => saveEpisode(tx, episode, [event]));
  return episode;
}

let numbered = 0;

/** Something that arrived. */
export function found(more: Partial<FoundRow> = {}): FoundRow {
  numbered += 1;
  return {
    hospital: 'general',
    via: 'A1',
    type: 'ServiceRequest',
    id: 'order-1',
    hash: 'hash-1',
    body: '{"resourceType":"ServiceRequest"}',
    at: instant(0),
    newId: `inbox-${numbered}`,
    ...more,
  };
}

/** Receives pages one after the other; true for each thing that was new. */
export async function arrive(store: Store, ...pages: (readonly FoundRow[])[]): Promise<boolean[]> {
  const news: boolean[] = [];
  for (const page of pages) {
    const { fresh, known } = await store.transaction((tx) => receive(tx, page));
    expect(fresh.length + known).to.equal(page.length);
    news.push(...page.map((one) => fresh.includes(one.newId)));
  }
  return news;
}

/** How something ends that is none of ours. */
export const refused = {
  state: 'refused',
  rule: 'service',
  says: 'not massage',
  at: instant(1),
} as const;
