/** A hospital with one order for massage and the adapter beside it, for tests of what either side does with it next. */

import type { Connected } from '../../src/main.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { listWork } from '../../src/store/work.ts';
import { drain } from '../../src/sync/outbound/worker.ts';
import { receivePush } from '../../src/sync/push.ts';
import { emptyTally } from '../../src/sync/report.ts';
import type { SiteSettings } from '../../src/sync/site.ts';
import { mustNotLeak } from '../support/leak-watch.ts';
import { adapterOn, type TestAdapter } from './adapter.ts';

const never = new AbortController().signal;

export interface OneOrder {
  readonly hospital: Sandbox;
  readonly adapter: TestAdapter;
  /** Moves the adapter's clock forward. */
  pass(ms: number): void;
  push(resource: unknown): Promise<unknown>;
  /** Sends what is due, without reading anything first. */
  send(): Promise<void>;
  set(settings: Partial<SiteSettings>): void;
  state(id?: string): Promise<string>;
  /** States of all referrals, in alphabetical order. */
  states(): Promise<string[]>;
  /** Kinds of open work, in alphabetical order. */
  work(): Promise<string[]>;
  /** Accepts the order and books a visit of it in an hour, here and there. */
  booked(): Promise<{ readonly id: string; readonly session: string }>;
  /** `booked`, and the visit carried out. */
  visited(): Promise<{ readonly id: string; readonly session: string }>;
  stop(): Promise<void>;
}

export async function openOneOrder(): Promise<OneOrder> {
  for (const name of ['Fernquill', 'Mossgrave']) mustNotLeak(name, 'a patient’s name');
  let ahead = 0;
  const hospital = await startSandbox({ resources: [...people, order('one')] });
  const adapter = await adapterOn({
    base: hospital.base,
    clock: () => new Date(Date.now() + ahead),
    hospital: `    select: { categories: ['${watched.system}|${watched.code}'] }\n`,
  });
  await adapter.poll();
  const { site, log } = connected(adapter);

  async function booked() {
    const { id } = (await adapter.of('ServiceRequest/one')).referral;
    await adapter.referral(id, { type: 'accept' });
    const plan = { type: 'plan', ...visit(60), therapist: 'ana' } as const;
    const { session } = await adapter.referral(id, plan);
    if (session === undefined) throw new Error('no session');
    await adapter.poll();
    return { id, session: session.id };
  }

  return {
    hospital,
    adapter,
    pass: (ms) => {
      ahead += ms;
    },
    push: (resource) => receivePush(site, log, resource, never),
    send: () => drain(site, log, emptyTally(), never),
    set: (settings) => void Object.assign(site.settings, settings),
    state: async (id = 'one') => (await adapter.of(`ServiceRequest/${id}`)).referral.state,
    states: async () => (await adapter.referrals()).map(({ referral }) => referral.state).sort(),
    work: async () => (await listWork(adapter.store.read)).map(({ kind }) => kind).sort(),
    booked,
    async visited() {
      const ids = await booked();
      await adapter.session(ids.session, { type: 'start' });
      await adapter.session(ids.session, { type: 'finish', scores: [], techniques: [] });
      await adapter.poll();
      return ids;
    },
    async stop() {
      await adapter.close();
      await hospital.stop();
    },
  };
}

export function connected(adapter: TestAdapter): Connected {
  const found = adapter.sites.get('general');
  if (found === undefined) throw new Error('The test adapter has its hospital.');
  return found;
}

/** A category under which an unknown code waits for a person. */
export const watched = { system: 'urn:oid:1.2.3.9', code: 'massage' };
export const unknownCode = {
  code: { coding: [{ system: 'urn:oid:1.2.3', code: '4711' }] },
  category: [{ coding: [watched] }],
};

const people: readonly fhir4.FhirResource[] = [
  {
    resourceType: 'Patient',
    id: 'fern',
    name: [{ family: 'Fernquill', given: ['Odo'] }],
    birthDate: '1950-02-03',
  },
  { resourceType: 'Patient', id: 'moss', name: [{ family: 'Mossgrave', given: ['Ida'] }] },
  { resourceType: 'Organization', id: 'massage', name: 'Massage service' },
  { resourceType: 'Practitioner', id: 'ana', name: [{ text: 'Ana Example' }] },
];

export function order(id: string, more: Partial<fhir4.ServiceRequest> = {}): fhir4.ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    id,
    status: 'active',
    intent: 'order',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] },
    subject: { reference: 'Patient/fern' },
    ...more,
  };
}

/** A Task that asks us for an order, or, with code `abort`, to stop another Task. */
export function task(id: string, focus: string, code: 'fulfill' | 'abort' = 'fulfill'): fhir4.Task {
  return {
    resourceType: 'Task',
    id,
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code }] },
    focus: { reference: focus },
    owner: { reference: 'Organization/massage' },
  };
}

export function visit(inMinutes: number) {
  return {
    start: new Date(Date.now() + inMinutes * 60_000).toISOString(),
    end: new Date(Date.now() + (inMinutes + 30) * 60_000).toISOString(),
  };
}

/** What a hospital shows, as a server without versions would show it. */
export function withoutVersion<R extends fhir4.FhirResource>(resource: R): R {
  const { meta: _version, ...rest } = resource;
  // Only meta is taken away, which every resource may lack.
  return rest as R;
}

/** The only resource of its type at the hospital. */
export function only<T extends fhir4.FhirResource['resourceType']>(hospital: Sandbox, type: T) {
  const [one, ...others] = hospital.all(type);
  if (one === undefined || others.length > 0) throw new Error(`not one ${type}`);
  return one;
}
