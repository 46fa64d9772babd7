/**
 * The adapter behind its HTTP address: API, pages and metrics over one door. Listens before anything is synced, so that a
 * port that is taken is said at once and not after a night.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import packageJson from '../../package.json' with { type: 'json' };
import { openDoor } from '../access/door.ts';
import { openOurKeys } from '../access/our-keys.ts';
import { openApi } from '../api/api.ts';
import type { Readiness } from '../api/deps.ts';
import { type Story, story } from '../check/story.ts';
import { AdapterError } from '../core/errors.ts';
import type { Adapter } from '../main.ts';
import { openPages } from '../pages/pages.ts';
import type { Settings } from '../settings.ts';
import { loadEpisode } from '../store/episodes.ts';
import { lastRun, type RunRow } from '../store/runs.ts';
import { type WorkRow, workOf } from '../store/work.ts';
import { teachNote, unknownCodeOf } from '../sync/codes/notes.ts';
import { receivePush } from '../sync/push.ts';
import { readOne } from '../sync/read-one.ts';

export interface Serving {
  /** `http://host:port` */
  readonly address: string;
  stop(): Promise<void>;
}

export async function serve(
  adapter: Adapter,
  settings: Settings,
  metrics: () => string,
): Promise<Serving> {
  const { store, clock, sites, emit } = adapter;
  const stopping = new AbortController();
  const door = openDoor({ store, clock, random: randomBytes });
  const siteOf = (hospital: string) => {
    const found = sites.get(hospital);
    if (found === undefined)
      throw new AdapterError('not-ours', `There is no hospital ${hospital}.`);
    return found;
  };
  async function told(referral: string): Promise<Story> {
    const episode = await loadEpisode(store.read, referral);
    if (episode === undefined)
      throw new AdapterError('not-ours', `Nothing here has the id ${referral}.`);
    const { site, log } = siteOf(episode.referral.hospital);
    const found = await log.within({ referral }, () => story(site, referral));
    await log.flush(store);
    return found;
  }
  const unknownCode = async (note: WorkRow) => {
    const connected = sites.get(note.hospital);
    return connected && unknownCodeOf(connected.site, note);
  };
  const app = openApi({
    store,
    desk: adapter.desk,
    door,
    hospitals: [...sites.keys()],
    clock,
    newId: () => crypto.randomUUID(),
    emit,
    version: packageJson.version,
    async startSync({ hospital, full }) {
      const wanted = hospital === undefined ? [...sites.keys()] : [hospital];
      return Promise.all(
        wanted.map(async (id) => ({
          hospital: id,
          ...(await adapter.begin(siteOf(id).site.settings.id, full ? 'full' : 'poll')),
        })),
      );
    },
    push(hospital, body) {
      const { site, log } = siteOf(hospital);
      return receivePush(site, log, body, stopping.signal);
    },
    readOrder(hospital, order) {
      const { site, log } = siteOf(hospital);
      return readOne(site, log, order, stopping.signal);
    },
    unknownCode,
    async teach(id, lesson) {
      const note = await workOf(store.read, id);
      if (note === undefined) throw new AdapterError('not-ours', `There is no work ${id}.`);
      const { site, log } = siteOf(note.hospital);
      return teachNote(site, log, id, lesson, stopping.signal);
    },
    factRules: (hospital) => sites.get(hospital)?.site.factRules,
    story: told,
    readiness: () => readiness(adapter),
    publicKeys: () => openOurKeys(settings.keys).publicSet(),
    metrics,
    pages: openPages({
      store,
      door,
      clock,
      hospitals: new Map(
        settings.hospitals.map(({ id, timezone, therapists }) => [id, { timezone, therapists }]),
      ),
      unknownCode,
      story: told,
    }),
  });
  const server = createServer(app);
  await listen(server, settings.listen);
  const address = addressOf(server, settings.listen);
  emit('server:listening', { address });
  return {
    address,
    async stop() {
      stopping.abort();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, at: string): Promise<void> {
  const { host, port } = hostAndPort(at);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new AdapterError('port-taken', `The adapter cannot listen on ${at} (${code}).`, {
      cause,
    });
  }
}

function hostAndPort(at: string): { host: string; port: number } {
  const colon = at.lastIndexOf(':');
  return { host: at.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(at.slice(colon + 1)) };
}

function addressOf(server: Server, at: string): string {
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : hostAndPort(at).port;
  const host = at.slice(0, at.lastIndexOf(':'));
  return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
}

/**
 * Ready when the store answers and the last run of every hospital that has ended reached it. Anybody may ask, so it has no
 * sentence of a report: those name addresses and what a server answered.
 */
async function readiness({ store, sites, clock }: Adapter): Promise<Readiness> {
  const hospitals = await Promise.all(
    [...sites.keys()].map(async (hospital) => {
      // One that is under way says nothing yet: it may be waiting for a hospital that is down.
      const [complete, partial, failed] = await Promise.all([
        lastRun(store.read, hospital, { state: 'complete' }),
        lastRun(store.read, hospital, { state: 'partial' }),
        lastRun(store.read, hospital, { state: 'failed' }),
      ]);
      const last = [complete, partial, failed]
        .filter((one) => one !== undefined)
        .reduce<RunRow | undefined>(
          (newest, one) =>
            newest !== undefined && newest.started_at > one.started_at ? newest : one,
          undefined,
        );
      return {
        hospital,
        reachable: last !== undefined && last.state !== 'failed',
        ...(last === undefined ? {} : { lastRun: last.state }),
        ...(last?.ended_at == null ? {} : { lastRunAt: last.ended_at }),
        ...(complete?.ended_at == null
          ? {}
          : {
              lastCompleteRun: complete.ended_at,
              ageSeconds: Math.round((clock().getTime() - Date.parse(complete.ended_at)) / 1_000),
            }),
      };
    }),
  );
  return { ready: hospitals.every((one) => one.reachable), hospitals };
}
