/** Invented referrals with people in them, for the API and the pages. */

import type { Command } from '../../src/core/commands.ts';
import { decide } from '../../src/core/decide.ts';
import type { OrderedCare } from '../../src/core/referral.ts';
import { saveDecided } from '../../src/store/decided.ts';
import { episodeOf } from '../../src/store/episodes.ts';
import type { Store } from '../../src/store/store.ts';
import { givenAt } from '../core/episodes.ts';
import { addReferral } from '../store/engines.ts';
import { mustNotLeak } from '../support/leak-watch.ts';

export const tilda: OrderedCare['patient'] = {
  reference: 'Patient/tilda',
  name: 'Tilda Quistgaard',
  birthDate: '1961-04-12',
  identifier: [{ type: 'MRN', system: 'urn:example:mrn', value: 'MRN-77123' }],
};

export const orla: OrderedCare['patient'] = {
  reference: 'Patient/orla',
  name: 'Orla Vandermeer-Oyelaran',
  birthDate: '1984',
  identifier: [{ system: 'urn:example:ward-number', value: 'WN-4402' }],
};

for (const { name = '', identifier } of [tilda, orla]) {
  for (const part of [name, ...name.split(' ')]) mustNotLeak(part, 'a patient’s name');
  for (const { value = '' } of identifier) mustNotLeak(value, 'a patient’s identifier');
}

export const wholeCare: Partial<OrderedCare> = {
  patient: tilda,
  service: {
    text: 'Massage therapy',
    coding: [{ system: 'http://snomed.info/sct', code: '387854002' }],
  },
  reasons: [{ text: 'Chronic low back pain' }],
  direction: 'Gentle work only; keep away from the port on the right chest.',
  techniques: [{ text: 'Swedish massage' }],
  bodySites: [{ text: 'Lumbar region' }],
  priority: 'urgent',
  frequency: {
    text: '2 times a week for 4 weeks',
    times: 2,
    period: 1,
    unit: 'wk',
    bounds: '4 wk',
  },
  visits: 8,
  place: 'Ward 4 West, bed 12',
};

/** A referral that is stored, taken through `commands` a minute apart. */
export async function referralAfter(
  store: Store,
  id: string,
  commands: readonly (Command | ((session: string) => Command))[],
  care: Partial<OrderedCare> = wholeCare,
): Promise<void> {
  await addReferral(store, id, { care });
  for (const [index, wanted] of commands.entries()) {
    const episode = await episodeOf(store.read, id);
    const command =
      typeof wanted === 'function' ? wanted(episode.sessions.at(-1)?.id ?? 'none') : wanted;
    let next = 0;
    const newId = () => `${id}-${index}-${next++}`;
    const given = givenAt(index + 1, { newId });
    const decision = decide(episode, command, given);
    if ('refused' in decision) throw new Error(decision.refused.says);
    await store.transaction((tx) =>
      saveDecided(tx, episode, decision.decided, { now: given.now, newId }),
    );
  }
}
