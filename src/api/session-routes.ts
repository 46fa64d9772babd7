/** Sessions: the calendar, one visit, and what happens at the bedside. */
import type { Static, TSchema } from 'typebox';
import type { SessionCommand } from '../core/commands.ts';
import { AdapterError, type ErrorCode } from '../core/errors.ts';
import type { Outcome as Charted } from '../core/events.ts';
import type { Score } from '../core/session.ts';
import type { GivenAnswer, Outcome } from '../desk/desk.ts';
import { episodeOfSession, listSessions, loadEpisode } from '../store/episodes.ts';
import { factFileOf } from '../store/facts.ts';
import { askingOf, etag } from './asking.ts';
import { commandProblems, ok, type Route, route } from './route.ts';
import {
  AtBody,
  FinishBody,
  MoveBody,
  PauseBody,
  SessionList,
  SessionsQuery,
  SessionView,
  StopBody,
} from './session-shapes.ts';
import { Nothing, Reason } from './shapes.ts';
import { viewSession } from './views.ts';

const reads = [
  route({
    method: 'get',
    path: '/api/sessions',
    may: 'referral.read',
    query: SessionsQuery,
    answers: { 200: { says: 'Sessions in the order of their start.', schema: SessionList } },
    problems: [],
    says: 'List sessions by time and therapist.',
    does: async (deps, { query: { limit, ...wanted } }) => {
      const { read } = deps.store;
      const found = await listSessions(read, { ...wanted, limit: limit + 1 });
      const page = found.slice(0, limit);
      const referrals = [...new Set(page.map((session) => session.referral))];
      const episodes = await Promise.all(referrals.map((id) => loadEpisode(read, id)));
      const now = deps.clock().toISOString();
      const items = page.flatMap((session) => {
        const episode = episodes.find((one) => one?.referral.id === session.referral);
        return episode === undefined ? [] : [viewSession(episode, session, now)];
      });
      return ok({ items, next: found[limit]?.start });
    },
  }),
  route({
    method: 'get',
    path: '/api/sessions/:id',
    may: 'referral.read',
    answers: { 200: { says: 'The session; its version is the ETag.', schema: SessionView } },
    problems: ['not-ours'],
    says: 'Read a session.',
    does: async (deps, { id }) => {
      const episode = await episodeOfSession(deps.store.read, id);
      const session = episode?.sessions.find((one) => one.id === id);
      if (episode === undefined || session === undefined)
        throw new AdapterError('not-ours', 'There is no such session.', { about: id });
      const facts = await factFileOf(deps.store.read, episode.referral);
      return ok(viewSession(episode, session, deps.clock().toISOString(), facts), {
        ETag: etag(session.version),
      });
    },
  }),
];

type Wanted = SessionCommand extends infer One
  ? One extends unknown
    ? Omit<One, 'session'>
    : never
  : never;

function command<B extends TSchema>(row: {
  name: SessionCommand['type'];
  says: string;
  body: B;
  problems?: readonly ErrorCode[];
  makes: (body: Static<B>) => Wanted;
}): Route {
  return route<TSchema, B>({
    method: 'post',
    path: `/api/sessions/:id/${row.name}`,
    may: 'session.write',
    command: true,
    body: row.body,
    answers: { 200: { says: 'The session as it is now.', schema: SessionView } },
    problems: [...commandProblems, ...(row.problems ?? [])],
    says: row.says,
    does: async (deps, asked) => {
      const wanted = { ...row.makes(asked.body), session: asked.id } as SessionCommand;
      const { status, headers, body } = await deps.desk.onSession(
        asked.id,
        wanted,
        askingOf(asked),
        (outcome) => render(outcome, deps.clock().toISOString()),
      );
      return { status, headers, text: body };
    },
  });
}

const commands = [
  command({
    name: 'move',
    says: 'Move a session to another time.',
    body: MoveBody,
    problems: ['overlap'],
    makes: ({ start, end }) => ({ type: 'move', start, end }),
  }),
  command({
    name: 'cancel',
    says: 'Cancel a session that has not begun.',
    body: Reason,
    makes: ({ reason }) => ({ type: 'cancel', reason: reason.trim() }),
  }),
  command({
    name: 'arrive',
    says: 'The patient is there.',
    body: Nothing,
    makes: () => ({ type: 'arrive' }),
  }),
  command({
    name: 'start',
    says: 'Hands on: the visit begins.',
    body: AtBody,
    makes: ({ at }) => ({ type: 'start', at }),
  }),
  command({
    name: 'pause',
    says: 'The visit is interrupted.',
    body: PauseBody,
    makes: ({ by, at }) => ({ type: 'pause', by, at }),
  }),
  command({
    name: 'resume',
    says: 'The visit goes on.',
    body: AtBody,
    makes: ({ at }) => ({ type: 'resume', at }),
  }),
  command({
    name: 'finish',
    says: 'The visit is over: its record is written and goes to the hospital.',
    body: FinishBody,
    makes: (body) => ({ type: 'finish', at: body.at, ...charted(body) }),
  }),
  command({
    name: 'stop',
    says: 'The visit ends early: its record goes to the hospital with the reason.',
    body: StopBody,
    makes: (body) => ({ type: 'stop', at: body.at, reason: body.reason.trim(), ...charted(body) }),
  }),
  command({
    name: 'not-done',
    says: 'The visit was not carried out, e.g. because the patient was asleep.',
    body: Reason,
    makes: ({ reason }) => ({ type: 'not-done', reason: reason.trim() }),
  }),
  command({
    name: 'no-show',
    says: 'The patient did not come.',
    body: Nothing,
    makes: () => ({ type: 'no-show' }),
  }),
];

export const sessionRoutes: readonly Route[] = [...reads, ...commands];

function charted({ scores, techniques, response, note }: Charted): Charted {
  const kinds = scores.map(({ measure, when }: Score) => `${measure} ${when}`);
  const twice = [...new Set(kinds.filter((kind, index) => kinds.indexOf(kind) !== index))];
  if (twice.length > 0)
    throw new AdapterError('bad-request', `Scores are given twice: ${twice.join(', ')}.`, {
      problems: twice.map((kind) => `body /scores has ${kind} twice`),
    });
  return { scores, techniques, response, note };
}

function render({ episode, session, facts }: Outcome, now: string): GivenAnswer {
  if (session === undefined) throw new AdapterError('internal', 'a command left no session');
  return {
    status: 200,
    headers: { ETag: etag(session.version) },
    body: JSON.stringify(viewSession(episode, session, now, facts)),
  };
}
