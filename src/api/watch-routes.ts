/** The machine itself: runs, starting one, and whether it is alive, ready and measured. */
import { AdapterError, asAdapterError } from '../core/errors.ts';
import { listRuns } from '../store/runs.ts';
import type { ApiDeps } from './deps.ts';
import { knownHospital } from './known-hospital.ts';
import { ok, type Route, route } from './route.ts';
import { Alive, KeySet, Ready, RunList, RunsQuery, SyncBody, SyncStarted } from './watch-shapes.ts';

export const watchRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/runs',
    may: 'run.read',
    query: RunsQuery,
    answers: { 200: { says: 'Runs, the newest first.', schema: RunList } },
    problems: [],
    says: 'List runs with their reports.',
    does: async (deps, { query }) => {
      const rows = await listRuns(deps.store.read, query.limit);
      return ok({
        items: rows.map((row) => ({
          id: row.id,
          hospital: row.hospital,
          mode: row.mode,
          state: row.state,
          startedAt: row.started_at,
          endedAt: row.ended_at ?? undefined,
          says: row.says ?? undefined,
          report: row.report === null ? undefined : JSON.parse(row.report),
        })),
      });
    },
  }),
  route({
    method: 'post',
    path: '/api/sync',
    may: 'run.start',
    body: SyncBody,
    answers: {
      202: { says: 'What was started; see /api/runs for how it goes.', schema: SyncStarted },
    },
    problems: [],
    says: 'Start a sync now.',
    does: async (deps, { body: { hospital, full = false } }) => {
      knownHospital(deps, hospital);
      const hospitals = await deps.startSync({ hospital, full });
      return { status: 202, json: { hospitals }, headers: { Location: '/api/runs' } };
    },
  }),
  route({
    method: 'get',
    path: '/livez',
    may: 'public',
    answers: { 200: { says: 'The process answers.', schema: Alive } },
    problems: [],
    says: 'Whether the process is alive.',
    does: async ({ version }) => ok({ status: 'alive', version }),
  }),
  route({
    method: 'get',
    path: '/readyz',
    may: 'public',
    answers: {
      200: { says: 'Ready.', schema: Ready },
      503: { says: 'Not ready.', schema: Ready },
    },
    problems: [],
    says: 'Whether each hospital is reachable and how old its last complete run is; GET /api/runs says why not.',
    does: async (deps) => {
      const readiness = await deps.readiness();
      return { status: readiness.ready ? 200 : 503, json: readiness };
    },
  }),
  route({
    method: 'get',
    path: '/.well-known/jwks.json',
    may: 'public',
    answers: { 200: { says: 'JWK set (RFC 7517) of our live keys.', schema: KeySet } },
    problems: ['file-unreadable'],
    says: 'The public keys with which hospitals check how we sign in.',
    // Short, so that a new key is known soon after it was made, also behind a cache.
    does: async (deps) => ok(await keySet(deps), { 'Cache-Control': 'public, max-age=300' }),
  }),
  route({
    method: 'get',
    path: '/metrics',
    may: 'metrics.read',
    answers: { 200: { says: 'Metrics as Prometheus text.', type: 'text/plain' } },
    problems: [],
    says: 'Metrics for Prometheus.',
    does: async (deps) => ({
      status: 200,
      text: await deps.metrics(),
      type: 'text/plain; version=0.0.4; charset=utf-8',
    }),
  }),
];

/** Anybody may ask, so an error says nothing of our files; whoever runs the adapter hears of them. */
async function keySet({ publicKeys }: ApiDeps) {
  try {
    return await publicKeys();
  } catch (thrown) {
    const cause = asAdapterError(thrown);
    if (cause.code === 'internal') throw cause;
    throw new AdapterError(cause.code, 'Our keys cannot be read now.', {
      cause,
      fix: 'Whoever runs this adapter: massage-fhir keys list says what is wrong.',
    });
  }
}
