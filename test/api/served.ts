/** The API on a loopback port, on a real adapter with a store in memory, with a key for each role. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDoor } from '../../src/access/door.ts';
import { issueKey } from '../../src/access/keys.ts';
import { type Role, roleNames } from '../../src/access/roles.ts';
import { openApi } from '../../src/api/api.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { story } from '../../src/check/story.ts';
import { AdapterError } from '../../src/core/errors.ts';
import { openPages } from '../../src/pages/pages.ts';
import { episodeOf } from '../../src/store/episodes.ts';
import { type WorkRow, workOf } from '../../src/store/work.ts';
import { teachNote, unknownCodeOf } from '../../src/sync/codes/notes.ts';
import { receivePush } from '../../src/sync/push.ts';
import { readOne } from '../../src/sync/read-one.ts';
import { mustNotLeak } from '../support/leak-watch.ts';
import { adapterOn, type TestAdapter, type TestOptions } from '../sync/adapter.ts';
import { expectPromised } from './promised.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // what a test expects of an answer is what it looks for: an answer of another shape fails there
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

export interface Wish {
  readonly as?: Role | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes out as JSON, a text as it is. */
  readonly body?: unknown;
}

export interface Served {
  readonly origin: string;
  readonly adapter: TestAdapter;
  readonly keys: Readonly<Record<Role, string>>;
  ask(method: string, path: string, wish?: Wish): Promise<Reply>;
  get(path: string, wish?: Wish): Promise<Reply>;
  post(path: string, body?: unknown, wish?: Wish): Promise<Reply>;
  stop(): Promise<void>;
}

/** Nothing listens there: for tests that need no hospital. */
const nowhere = 'http://127.0.0.1:9/fhir';

export async function serveApi(
  options: Partial<TestOptions> & { readonly deps?: Partial<ApiDeps> } = {},
): Promise<Served> {
  const adapter = await adapterOn({ base: nowhere, ...options });
  const { store, clock, emit, desk, sites, settings } = adapter;
  const door = openDoor({ store, clock, random: randomBytes });
  const never = new AbortController().signal;
  const connected = (hospital: string) => {
    const found = sites.get(hospital);
    if (found === undefined) throw new Error(`no hospital ${hospital}`);
    return found;
  };
  const told = async (referral: string) => {
    const { hospital } = (await episodeOf(store.read, referral)).referral;
    return story(connected(hospital).site, referral);
  };
  const unknownCode = (note: WorkRow) => unknownCodeOf(connected(note.hospital).site, note);
  const app = openApi({
    store,
    desk,
    door,
    clock,
    emit,
    hospitals: [...sites.keys()],
    newId: randomUUID,
    version: '9.9.9',
    startSync: async ({ hospital = 'general' }) => [{ hospital, started: true }],
    push(hospital, body) {
      const { site, log } = connected(hospital);
      return receivePush(site, log, body, never);
    },
    readOrder(hospital, order) {
      const { site, log } = connected(hospital);
      return readOne(site, log, order, never);
    },
    unknownCode,
    async teach(id, lesson) {
      const note = await workOf(store.read, id);
      if (note === undefined) throw new AdapterError('not-ours', `There is no work ${id}.`);
      const { site, log } = connected(note.hospital);
      return teachNote(site, log, id, lesson, never);
    },
    factRules: (hospital) => sites.get(hospital)?.site.factRules,
    story: told,
    readiness: async () => ({ ready: true, hospitals: [{ hospital: 'general', reachable: true }] }),
    metrics: () => 'massage_fhir_up 1\n',
    publicKeys: async () => ({ keys: [] }),
    pages: openPages({
      store,
      door,
      clock,
      hospitals: new Map(settings.hospitals.map((one) => [one.id, one])),
      unknownCode,
      story: told,
    }),
    ...options.deps,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = {} as Record<Role, string>;
  for (const role of roleNames) {
    const wanted = { name: `${role} key`, role };
    const now = clock().toISOString();
    ({ key: keys[role] } = await issueKey(store, wanted, {
      random: randomBytes,
      newId: randomUUID,
      now,
    }));
    mustNotLeak(keys[role], `the key of a ${role}`);
  }

  async function ask(
    method: string,
    path: string,
    { as, headers, body }: Wish = {},
  ): Promise<Reply> {
    const answer = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(as === undefined ? {} : { Authorization: `Bearer ${keys[as]}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /[/+]json/.test(answer.headers.get('content-type') ?? '');
    const json = isJson ? JSON.parse(text) : undefined;
    if (isJson) expectPromised(method, path, answer.status, json);
    return { status: answer.status, headers: answer.headers, text, json };
  }

  return {
    origin,
    adapter,
    keys,
    ask,
    get: (path, wish) => ask('GET', path, { as: 'viewer', ...wish }),
    post: (path, body, wish) => ask('POST', path, { as: 'therapist', body, ...wish }),
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await adapter.close();
    },
  };
}
