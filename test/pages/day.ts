/** A ward with a day behind it, served with its pages: for what a person sees. */
import { setTimeout as soon } from 'node:timers/promises';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { wardResources } from '../../src/sandbox/ward.ts';
import { type Served, serveApi } from '../api/served.ts';

export interface WardDay {
  readonly served: Served;
  readonly hospital: Sandbox;
  /** Our id of the referral that all happened to. */
  readonly story: string;
  stop(): Promise<void>;
}

/** Orders are found; some are answered, one has a finished visit and another ahead; the hospital changes its mind on that one. */
export async function wardDay(): Promise<WardDay> {
  const hospital = await startSandbox({ resources: wardResources(new Date()) });
  const served = await serveApi({ base: hospital.base });
  const { adapter } = served;
  await adapter.poll();
  const open = (await adapter.referrals()).filter(({ referral }) => referral.state === 'requested');
  const [first, second, third, fourth] = open.map(({ referral }) => referral.id);
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error('the ward has too few orders');
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
  const command = async (path: string, body: unknown = {}) => {
    const { status, text, json } = await served.post(path, body);
    if (status >= 300) throw new Error(`${path}: ${text}`);
    return json;
  };
  const plan = (id: string, from: number, therapist = 'ana') =>
    command(`/api/referrals/${id}/sessions`, {
      start: hours(from),
      end: hours(from + 0.75),
      therapist,
    });

  for (const id of [first, second, third]) await command(`/api/referrals/${id}/accept`);
  const { id: visit } = await plan(first, 1);
  await command(`/api/sessions/${visit}/start`, { at: hours(-1) });
  await command(`/api/sessions/${visit}/pause`, { by: 'care-team', at: hours(-0.75) });
  await command(`/api/sessions/${visit}/resume`, { at: hours(-0.65) });
  await command(`/api/sessions/${visit}/finish`, {
    at: hours(-0.2),
    scores: [
      { measure: 'pain', when: 'before', value: 7 },
      { measure: 'pain', when: 'after', value: 3 },
      { measure: 'anxiety', when: 'before', value: 5 },
      { measure: 'anxiety', when: 'after', missing: 'asleep' },
    ],
    techniques: [{ technique: 'gentle-touch', site: 'Lumbar region', pressure: 2 }],
    response: 'Slept at the end; breathing easier.',
  });
  await plan(first, 49);
  await plan(second, 26);
  await command(`/api/referrals/${fourth}/decline`, { reason: 'No therapist for this technique' });
  await soon(0);
  await adapter.poll();
  const order = (await adapter.referrals()).find(({ referral }) => referral.id === first);
  const orderId = order?.referral.care.order.reference.split('/')[1] ?? '';
  const there = hospital.get('ServiceRequest', orderId);
  if (there === undefined) throw new Error('the order is gone');
  hospital.put({ ...there, status: 'on-hold' });
  return {
    served,
    hospital,
    story: first,
    async stop() {
      await served.stop();
      await hospital.stop();
    },
  };
}
