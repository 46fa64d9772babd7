/**
 * The statements that the loops run again and again must find their rows by an index: one that silently stops being
 * used costs nothing in a test and everything after a year. The very statements are explained, taken as they are run.
 */
import { expect } from 'chai';
import { CompiledQuery, createQueryId, type KyselyPlugin, type RootOperationNode } from 'kysely';
import {
  busyAround,
  episodesOfOrder,
  eventsOf,
  listSessions,
  loadEpisode,
  openEpisodes,
} from '../../src/store/episodes.ts';
import { factFileOf, latestFacts, saveFacts } from '../../src/store/facts.ts';
import { latestOf, pending, receive, settle, waitingRows } from '../../src/store/inbox.ts';
import { linksOf, linksTo } from '../../src/store/links.ts';
import {
  intend,
  nextDueAt,
  outboxCounts,
  outboxOf,
  queuedOf,
  stuck,
  takeDue,
} from '../../src/store/outbox.ts';
import { listReferrals } from '../../src/store/referral-list.ts';
import { beginRun, lastRun, listRuns } from '../../src/store/runs.ts';
import { openStore, type Store, type Tx } from '../../src/store/store.ts';
import { keepSurvey, latestSurvey } from '../../src/store/surveys.ts';
import { listWork, openWork } from '../../src/store/work.ts';
import { instant, someCare } from '../core/episodes.ts';
import { addReferral, found } from './engines.ts';

interface Plan {
  readonly statement: string;
  readonly steps: readonly string[];
}

/** The plan of every statement that `work` runs, except of inserts, which look for nothing. */
async function plansOf(store: Store, work: (tx: Tx) => Promise<unknown>): Promise<Plan[]> {
  return store.transaction(async (tx) => {
    const nodes: RootOperationNode[] = [];
    const listen: KyselyPlugin = {
      transformQuery: ({ node }) => {
        nodes.push(node);
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    await work(tx.withPlugin(listen));
    const plans: Plan[] = [];
    for (const node of nodes.filter(({ kind }) => kind !== 'InsertQueryNode')) {
      const { sql, parameters } = tx.getExecutor().compileQuery(node, createQueryId());
      const explained = await tx.executeQuery<{ detail: string }>(
        CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
      );
      plans.push({ statement: sql, steps: explained.rows.map(({ detail }) => detail) });
    }
    return plans;
  });
}

/** Steps that read a table or an index from end to end; `asked` is a list of parameters. */
const scans = (plan: Plan) =>
  plan.steps.filter((step) => /^SCAN (?!CONSTANT ROW|\d|asked$)/.test(step));
/** Steps that sort what was found. */
const sorts = (plan: Plan) => plan.steps.filter((step) => step.includes('TEMP B-TREE'));

const patient = { hospital: 'general', patient: 'Patient/1', start: instant(0), end: instant(9) };
const taking = { now: instant(0), owner: 'one', leaseUntil: instant(5), limit: 10 };
const run = {
  id: 'run',
  hospital: 'general',
  mode: 'poll',
  owner: 'one',
  leaseUntil: instant(5),
  startedAt: instant(0),
};
const work = { id: 'work', hospital: 'general', kind: 'conflict', says: 'look', at: instant(0) };
const intention = {
  id: 'i',
  hospital: 'general',
  referral: 'r',
  kind: 'report-progress',
  at: instant(0),
} as const;

/** Statements of the loops and of the lists that people wait for. */
const hot: Record<string, (tx: Tx) => Promise<unknown>> = {
  'receive by id': (tx) =>
    receive(tx, [found({ newId: 'plan-1' }), found({ newId: 'plan-2', id: 'b' })]),
  'receive by content': (tx) => receive(tx, [found({ newId: 'plan-3', id: undefined })]),
  pending: (tx) => pending(tx, 'general', 50),
  settle: (tx) =>
    settle(tx, 'x', { state: 'ignored', rule: 'r', says: 's', keepBody: false, at: instant(0) }),
  latestOf: (tx) => latestOf(tx, 'general', 'Task', '1'),
  waitingRows: (tx) => waitingRows(tx),
  loadEpisode: (tx) => loadEpisode(tx, 'r'),
  episodesOfOrder: (tx) => episodesOfOrder(tx, 'general', 'ServiceRequest/1'),
  openEpisodes: (tx) => openEpisodes(tx, 'general'),
  eventsOf: (tx) => eventsOf(tx, 'r'),
  'busyAround a patient': (tx) => busyAround(tx, patient),
  'busyAround a therapist': (tx) => busyAround(tx, { ...patient, therapist: 'ana' }),
  'listSessions of a day': (tx) =>
    listSessions(tx, { from: instant(0), to: instant(9), limit: 10 }),
  'listSessions of a therapist': (tx) =>
    listSessions(tx, { from: instant(0), therapist: 'ana', limit: 10 }),
  'listReferrals of a state': (tx) => listReferrals(tx, { state: 'requested', limit: 10 }),
  'listReferrals of a hospital': (tx) => listReferrals(tx, { hospital: 'general', limit: 10 }),
  'listReferrals of both': (tx) =>
    listReferrals(tx, { hospital: 'general', state: 'requested', limit: 10 }),
  linksTo: (tx) => linksTo(tx, 'general', 'Task/1'),
  linksOf: (tx) => linksOf(tx, 'r'),
  intend: (tx) => intend(tx, [intention]),
  'takeDue of a hospital': (tx) => takeDue(tx, { ...taking, hospital: 'general' }),
  'takeDue of all': (tx) => takeDue(tx, taking),
  'nextDueAt of a hospital': (tx) => nextDueAt(tx, 'general'),
  'nextDueAt of all': (tx) => nextDueAt(tx),
  outboxOf: (tx) => outboxOf(tx, 'r'),
  queuedOf: (tx) => queuedOf(tx, 'general'),
  stuck: (tx) => stuck(tx, 'general'),
  beginRun: (tx) => beginRun(tx, run),
  lastRun: (tx) => lastRun(tx, 'general', { state: 'complete', mode: 'full' }),
  latestFacts: (tx) => latestFacts(tx, 'general', ['Patient/1', 'Patient/2']),
  factFileOf: (tx) => factFileOf(tx, { id: 'r', hospital: 'general', care: someCare() }),
  saveFacts: (tx) =>
    saveFacts(tx, { hospital: 'general', patient: 'Patient/1', readings: [] }, instant(0)),
  latestSurvey: (tx) => latestSurvey(tx, 'general'),
  keepSurvey: (tx) =>
    keepSurvey(tx, { hospital: 'general', at: instant(0), asked: '', digest: '', survey: '{}' }),
  openWork: (tx) => openWork(tx, work),
  listWork: (tx) => listWork(tx, { hospital: 'general' }),
};

/** Of these the first rows in the order of the answer are found first: the limit ends the reading. */
const inOrder = [
  'pending',
  'latestOf',
  'listSessions of a day',
  'listSessions of a therapist',
  'listReferrals of a state',
  'listReferrals of a hospital',
  'listReferrals of both',
  'takeDue of a hospital',
  'takeDue of all',
  'nextDueAt of a hospital',
  'nextDueAt of all',
];

describe('query plans (sqlite)', () => {
  let store: Store;
  before(async () => {
    store = await openStore(':memory:');
    await addReferral(store, 'r');
  });
  after(() => store.close());

  for (const [name, statement] of Object.entries(hot))
    it(`${name} finds its rows by an index`, async () => {
      const plans = await plansOf(store, statement);
      expect(plans.length).to.be.greaterThan(0);
      for (const plan of plans) {
        expect(scans(plan), plan.statement).to.deep.equal([]);
        if (inOrder.includes(name)) expect(sorts(plan), plan.statement).to.deep.equal([]);
      }
    });

  it('the newest of all are read along an index and not sorted', async () => {
    for (const statement of [
      (tx: Tx) => listReferrals(tx, { limit: 10 }),
      (tx: Tx) => listReferrals(tx, { limit: 10, q: 'word' }),
      (tx: Tx) => listRuns(tx, 10),
    ]) {
      const [plan] = await plansOf(store, statement);
      if (plan === undefined) throw new Error('a statement was run');
      expect(scans(plan).filter((step) => !step.includes('USING INDEX'))).to.deep.equal([]);
      expect(sorts(plan)).to.deep.equal([]);
    }
  });

  it('a page that follows starts at its place', async () => {
    await addReferral(store, 'r2');
    const { next } = await listReferrals(store.read, { limit: 1 });
    const [plan] = await plansOf(store, (tx) => listReferrals(tx, { limit: 1, after: next }));
    expect(plan?.steps.join('\n')).to.match(
      /SEARCH referral USING INDEX \w+ \(\(requested_at,id\)<\(\?,\?\)\)/,
    );
  });

  it('this suite sees a scan where there is one', async () => {
    const plans = await plansOf(store, (tx) =>
      tx.selectFrom('outbox').selectAll().where('says', '=', 'x').orderBy('kind').execute(),
    );
    expect(plans.flatMap(scans)).to.deep.equal(['SCAN outbox']);
    expect(plans.flatMap(sorts)).to.have.length(1);
    expect((await plansOf(store, (tx) => outboxCounts(tx))).flatMap(scans)).to.have.length(1);
  });
});
