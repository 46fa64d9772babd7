/** A hospital whose orders carry codes of its own, the adapter beside it, and a folder for what the site has of its own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connected } from '../../../src/main.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { versionsOf } from '../../../src/store/inbox.ts';
import { listWork, type WorkRow } from '../../../src/store/work.ts';
import { adapterOn, type TestAdapter } from '../adapter.ts';
import { connected, order, watched } from '../one-order.ts';

export const local = 'http://hospital.example/orders';
export const massage = 'http://snomed.info/sct|387854002';
export const never = new AbortController().signal;

export interface CodedSite {
  readonly folder: string;
  readonly hospital: Sandbox;
  readonly adapter: TestAdapter;
  readonly site: Connected['site'];
  readonly log: Connected['log'];
  /** Another process of the same store and the same files. */
  another(): Promise<TestAdapter>;
  /** Shows an order with these codes (of the hospital's own system) under a category that is watched. */
  show(id: string, codes: readonly string[], more?: Partial<fhir4.ServiceRequest>): void;
  table(): Promise<string>;
  write(name: string, text: string): Promise<void>;
  notes(): Promise<WorkRow[]>;
  /** How the versions of an order stand. */
  states(id: string, type?: string): Promise<string[]>;
  stop(): Promise<void>;
}

export interface CodedSiteOptions {
  /** Further settings at the top level. */
  readonly settings?: string;
  /** Files that are there before the adapter starts. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function openCodedSite({
  settings = '',
  files = {},
}: CodedSiteOptions = {}): Promise<CodedSite> {
  const folder = await mkdtemp(join(tmpdir(), 'codes-'));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const hospital = await startSandbox({
    resources: [
      { resourceType: 'Patient', id: 'fern', name: [{ text: 'Odo Fernquill' }] } as fhir4.Patient,
      { resourceType: 'Organization', id: 'massage' },
    ],
  });
  const open = () =>
    adapterOn({
      base: hospital.base,
      folder,
      store: join(folder, 'store.sqlite'),
      hospital: `    select: { categories: ['${watched.system}|${watched.code}'] }\n${settings}`,
    });
  const adapter = await open();
  const others: TestAdapter[] = [];
  const { read } = adapter.store;
  return {
    folder,
    hospital,
    adapter,
    ...connected(adapter),
    async another() {
      const other = await open();
      others.push(other);
      return other;
    },
    show(id, codes, more = {}) {
      const coding = codes.map((code) => ({ system: local, code, display: `Order ${code}` }));
      hospital.put(order(id, { code: { coding }, category: [{ coding: [watched] }], ...more }));
    },
    table: () => readFile(join(folder, 'massage-fhir.codes.csv'), 'utf8'),
    write,
    notes: () => listWork(read),
    states: async (id, type = 'ServiceRequest') =>
      (await versionsOf(read, 'general', type, id)).map(({ state }) => state),
    async stop() {
      for (const one of [adapter, ...others]) await one.close();
      await hospital.stop();
      await rm(folder, { recursive: true });
    },
  };
}
