/**
 * A process that works on a store until it is killed: each transaction takes an arrival to its end, that is, it stores a
 * referral with its events, an intention and a link, and settles the inbox row. What was committed is told on stdout,
 * each line as one write after the commit. Arguments: path, name, transaction and step at which it kills itself.
 */
import { writeSync } from 'node:fs';
import { applyAll } from '../../src/core/episode.ts';
import type { EpisodeEvent } from '../../src/core/events.ts';
import { saveEpisode } from '../../src/store/episodes.ts';
import { receive, settle } from '../../src/store/inbox.ts';
import { putLink } from '../../src/store/links.ts';
import { intend } from '../../src/store/outbox.ts';
import { openStore, type Tx } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { found, newEpisode } from './engines.ts';

/** Every transaction writes this many things; a half-done one has written fewer. */
export const stepsOfOne = 6;

function stepsFor(id: string): ((tx: Tx) => Promise<unknown>)[] {
  const { episode, event } = newEpisode(id);
  const accepted: EpisodeEvent = { type: 'accepted', at: instant(1), by: 'ana' };
  const at = instant(0);
  return [
    (tx) => receive(tx, [found({ id, newId: `inbox-${id}` })]),
    (tx) => saveEpisode(tx, episode, [event]),
    (tx) => saveEpisode(tx, applyAll(episode, [accepted]), [accepted], 1),
    (tx) =>
      intend(tx, [
        { id: `intention-${id}`, hospital: 'general', referral: id, kind: 'report-progress', at },
      ]),
    (tx) =>
      putLink(tx, {
        hospital: 'general',
        reference: `ServiceRequest/${id}`,
        role: 'order',
        referral: id,
        at,
      }),
    (tx) =>
      settle(tx, `inbox-${id}`, {
        state: 'applied',
        rule: 'selected',
        says: 'new',
        referral: id,
        keepBody: true,
        at,
      }),
  ];
}

if (import.meta.main) {
  const [path = '', name = '', lastTransaction = 'none', lastStep = 'none'] = process.argv.slice(2);
  const store = await openStore(path);
  for (let number = 0; ; number++) {
    const id = `${name}-${number}`;
    await store.transaction(async (tx) => {
      for (const [index, step] of stepsFor(id).entries()) {
        if (number === Number(lastTransaction) && index === Number(lastStep))
          process.kill(process.pid, 'SIGKILL');
        await step(tx);
      }
    });
    writeSync(1, `${id}\n`);
  }
}
