/** An adapter on a fresh store beside a sandbox hospital, as tests want it: with a clock of their own and no waiting. */
import type { ReferralCommand, SessionCommand } from '../../src/core/commands.ts';
import type { Episode } from '../../src/core/episode.ts';
import type { Referral } from '../../src/core/referral.ts';
import type { Session } from '../../src/core/session.ts';
import type { Listener, SignalName, Signals } from '../../src/core/signals.ts';
import type { GivenAnswer, Outcome } from '../../src/desk/desk.ts';
import { type Adapter, openAdapter } from '../../src/main.ts';
import { loadSettings, type Settings } from '../../src/settings.ts';
import { listReferrals } from '../../src/store/referral-list.ts';
import type { RunReport } from '../../src/sync/report.ts';
import { logListener } from '../../src/telemetry/log.ts';
import { watchedLog } from '../support/leak-watch.ts';

export interface Signal {
  readonly name: SignalName;
  readonly data: Signals[SignalName];
}

export interface TestAdapter extends Adapter {
  readonly settings: Settings;
  readonly signals: Signal[];
  poll(): Promise<RunReport>;
  full(): Promise<RunReport>;
  referral(id: string, command: ReferralCommand): Promise<Outcome>;
  session(
    id: string,
    command: SessionCommand extends infer C
      ? C extends { session: string }
        ? Omit<C, 'session'>
        : never
      : never,
  ): Promise<Outcome>;
  referrals(): Promise<Episode[]>;
  /** The referral of an order. */
  of(order: string): Promise<{ referral: Referral; sessions: readonly Session[] }>;
}

export interface TestOptions {
  readonly base: string;
  readonly store?: string;
  readonly clock?: () => Date;
  readonly hospital?: string;
  readonly lease?: string;
  /** Where the site's own files are, as if its settings file were there. */
  readonly folder?: string;
  /** Hears every signal at the moment when it is given. */
  readonly listener?: Listener;
}

/** Settings as a person writes them, in YAML, so that names and defaults are the real ones. */
export function settingsFor({
  base,
  store = ':memory:',
  hospital = '',
  lease = '5s',
}: TestOptions): Settings {
  const yaml = `
store: '${store}'
lease: ${lease}
hospitals:
  - id: general
    base: ${base}
    timezone: America/Chicago
    signIn: { type: none }
    organization: Organization/massage
    therapists:
      - { id: ana, name: Ana Example, practitioner: Practitioner/ana }
${hospital}`;
  return loadSettings({ file: 'test.yaml', env: {}, readFile: () => yaml }).settings;
}

export async function adapterOn(options: TestOptions): Promise<TestAdapter> {
  const settings = settingsFor(options);
  const signals: Signal[] = [];
  const adapter = await openAdapter({
    settings,
    ...(options.folder === undefined ? {} : { folder: options.folder }),
    env: {},
    listeners: [
      (name, data) => signals.push({ name, data }),
      ...(options.listener === undefined ? [] : [options.listener]),
      logListener({
        level: 'debug',
        format: 'json',
        color: false,
        stream: watchedLog,
        clock: () => new Date().toISOString(),
      }),
    ],
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  const never = new AbortController().signal;
  const asked = (outcome: Outcome): GivenAnswer => {
    last = outcome;
    return { status: 200, body: '', headers: {} };
  };
  let last: Outcome | undefined;
  const done = async (working: Promise<GivenAnswer>): Promise<Outcome> => {
    await working;
    if (last === undefined) throw new Error('no outcome');
    return last;
  };
  return {
    ...adapter,
    settings,
    signals,
    poll: () => adapter.sync('general', 'poll', never),
    full: () => adapter.sync('general', 'full', never),
    referral: (id, command) => done(adapter.desk.onReferral(id, command, { by: 'ana' }, asked)),
    session: (id, command) =>
      done(
        adapter.desk.onSession(
          id,
          { ...command, session: id } as SessionCommand,
          { by: 'ana' },
          asked,
        ),
      ),
    referrals: async () => (await listReferrals(adapter.store.read, { limit: 500 })).items,
    async of(order) {
      const all = (await listReferrals(adapter.store.read, { limit: 500 })).items;
      const found = all.filter((one) => one.referral.care.order.reference === order);
      if (found[0] === undefined) throw new Error(`no referral of ${order}`);
      return found[0];
    },
  };
}
