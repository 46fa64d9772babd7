/** Referrals: the list, one, its story, and what the massage service may do with it. */
import type { TSchema } from 'typebox';
import type { ReferralCommand } from '../core/commands.ts';
import type { Episode } from '../core/episode.ts';
import { AdapterError } from '../core/errors.ts';
import type { FactFile } from '../core/facts.ts';
import type { GivenAnswer, Outcome } from '../desk/desk.ts';
import { episodeOf } from '../store/episodes.ts';
import { factFileOf, factFiles } from '../store/facts.ts';
import { listReferrals } from '../store/referral-list.ts';
import { askingOf, etag } from './asking.ts';
import type { ApiDeps } from './deps.ts';
import type { FactsShown } from './fact-views.ts';
import { knownHospital } from './known-hospital.ts';
import { PlanBody, ReferralList, ReferralsQuery, ReferralView } from './referral-shapes.ts';
import { type Asked, commandProblems, ok, type Reply, type Route, route } from './route.ts';
import { SessionView } from './session-shapes.ts';
import { Nothing, Reason } from './shapes.ts';
import { viewStory } from './story-view.ts';
import { viewReferral, viewSession } from './views.ts';
import { StoryView } from './watch-shapes.ts';

const reads = [
  route({
    method: 'get',
    path: '/api/referrals',
    may: 'referral.read',
    query: ReferralsQuery,
    answers: { 200: { says: 'A page of referrals, the newest first.', schema: ReferralList } },
    problems: [],
    says: 'List referrals.',
    does: async (deps, { query }) => {
      knownHospital(deps, query.hospital);
      const { items, next } = await listReferrals(deps.store.read, query);
      const now = deps.clock().toISOString();
      const files = await factFiles(
        deps.store.read,
        items.map(({ referral }) => referral),
      );
      const shown = (one: Episode) =>
        viewReferral(one, now, factsShown(deps, one, files.get(one.referral.id)));
      return ok({ items: items.map(shown), next });
    },
  }),
  route({
    method: 'get',
    path: '/api/referrals/:id',
    may: 'referral.read',
    answers: { 200: { says: 'The referral; its version is the ETag.', schema: ReferralView } },
    problems: ['not-ours'],
    says: 'Read a referral.',
    does: async (deps, { id }) => {
      const episode = await episodeOf(deps.store.read, id);
      const file = await factFileOf(deps.store.read, episode.referral);
      const facts = factsShown(deps, episode, file);
      return ok(viewReferral(episode, deps.clock().toISOString(), facts), {
        ETag: etag(episode.referral.version),
      });
    },
  }),
  route({
    method: 'get',
    path: '/api/referrals/:id/story',
    may: 'referral.read',
    answers: {
      200: {
        says: 'What happened, what was sent and answered, and how both sides stand now.',
        schema: StoryView,
      },
    },
    problems: ['not-ours'],
    says: 'Read the story of a referral; asks the hospital how things stand there.',
    does: async (deps, { id }) => {
      await episodeOf(deps.store.read, id);
      const story = await deps.story(id);
      const facts = factsShown(deps, story.episode, story.facts);
      return ok(viewStory(story, deps.clock().toISOString(), facts));
    },
  }),
];

function command<B extends TSchema>(row: {
  name: ReferralCommand['type'];
  says: string;
  body: B;
  makes: (body: unknown) => ReferralCommand;
}): Route {
  return {
    method: 'post',
    path: `/api/referrals/:id/${row.name}`,
    may: 'referral.decide',
    command: true,
    body: row.body,
    answers: { 200: { says: 'The referral as it is now.', schema: ReferralView } },
    problems: commandProblems,
    says: row.says,
    does: (deps, asked) => act(deps, asked, row.makes(asked.body), renderReferral),
  };
}

const withReason = (type: 'decline' | 'hold' | 'give-up', says: string) =>
  command({
    name: type,
    says,
    body: Reason,
    // the body was checked against Reason before
    makes: (body) => ({ type, reason: (body as { reason: string }).reason.trim() }),
  });

const plain = (type: 'accept' | 'resume' | 'complete', says: string) =>
  command({ name: type, says, body: Nothing, makes: () => ({ type }) });

const commands = [
  plain('accept', 'Accept a referral.'),
  withReason('decline', 'Decline a referral; the hospital reads the reason.'),
  withReason('hold', 'Put a referral on hold.'),
  plain('resume', 'Take a referral off hold, or refuse the hospital’s wish to cancel it.'),
  plain('complete', 'Complete a referral; at least one visit was carried out.'),
  withReason('give-up', 'Give a referral up, or agree to the hospital’s wish to cancel it.'),
  route({
    method: 'post',
    path: '/api/referrals/:id/sessions',
    may: 'referral.decide',
    command: true,
    body: PlanBody,
    answers: {
      201: { says: 'The session; it is booked once the hospital has it.', schema: SessionView },
    },
    problems: [...commandProblems, 'overlap'],
    says: 'Plan a session.',
    does: (deps, asked) => act(deps, asked, { type: 'plan', ...asked.body }, renderPlanned),
  }),
];

export const referralRoutes: readonly Route[] = [...reads, ...commands];

async function act(
  deps: ApiDeps,
  asked: Asked,
  wanted: ReferralCommand,
  render: (deps: ApiDeps, outcome: Outcome, now: string) => GivenAnswer,
): Promise<Reply> {
  const { status, body, headers } = await deps.desk.onReferral(
    asked.id,
    wanted,
    askingOf(asked),
    (outcome) => render(deps, outcome, deps.clock().toISOString()),
  );
  return { status, headers, text: body };
}

function factsShown(
  { factRules }: ApiDeps,
  { referral }: Episode,
  file: FactFile = {},
): FactsShown {
  return { file, rules: factRules(referral.hospital) };
}

function renderReferral(deps: ApiDeps, { episode, facts }: Outcome, now: string): GivenAnswer {
  return {
    status: 200,
    headers: { ETag: etag(episode.referral.version) },
    body: JSON.stringify(viewReferral(episode, now, factsShown(deps, episode, facts))),
  };
}

function renderPlanned(
  _deps: ApiDeps,
  { episode, session, facts }: Outcome,
  now: string,
): GivenAnswer {
  if (session === undefined) throw new AdapterError('internal', 'a plan left no session');
  return {
    status: 201,
    headers: { ETag: etag(session.version), Location: `/api/sessions/${session.id}` },
    body: JSON.stringify(viewSession(episode, session, now, facts)),
  };
}
