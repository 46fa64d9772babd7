/** An adapter as benches want it: on a store in a folder of its own, quiet, and sending nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Listener } from '../src/core/signals.ts';
import { type Adapter, type Connected, openAdapter } from '../src/main.ts';
import { loadSettings } from '../src/settings.ts';

export interface BenchAdapter {
  readonly adapter: Adapter;
  readonly connected: Connected;
  close(): Promise<void>;
}

export async function benchAdapter(base: string, listener: Listener): Promise<BenchAdapter> {
  const folder = mkdtempSync(join(tmpdir(), 'massage-fhir-bench-'));
  const yaml = `
store: '${join(folder, 'store.sqlite')}'
hospitals:
  - id: general
    base: ${base}
    timezone: America/Chicago
    signIn: { type: none }
    organization: Organization/massage
    maxPages: 100000
    write: off
    facts: { read: off }
`;
  const { settings } = loadSettings({ file: 'bench.yaml', env: {}, readFile: () => yaml });
  const adapter = await openAdapter({ settings, env: {}, listeners: [listener] });
  const connected = adapter.sites.get('general');
  if (connected === undefined) throw new Error('The adapter has its hospital.');
  return {
    adapter,
    connected,
    async close() {
      await adapter.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Resident memory now and at its highest since `begin`, looked at whenever a page was taken in, but not at each. */
export function memoryWatch(): {
  readonly listener: Listener;
  begin(): void;
  highest(): number;
} {
  let most = 0;
  let pages = 0;
  return {
    listener(name) {
      if (name !== 'run:page') return;
      pages += 1;
      if (pages % 20 === 0) most = Math.max(most, process.memoryUsage.rss());
    },
    begin() {
      most = process.memoryUsage.rss();
    },
    highest: () => Math.max(most, process.memoryUsage.rss()),
  };
}
