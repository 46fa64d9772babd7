/**
 * What the massage service may do, in one place: load, decide, save, intend, all in one transaction. The API, the pages
 * and the command line come through here, so that a rule cannot be forgotten by one of them.
 */
import type { ReferralCommand, SessionCommand } from '../core/commands.ts';
import { decide } from '../core/decide.ts';
import type { Busy } from '../core/decide-referral.ts';
import type { Episode, Refusal } from '../core/episode.ts';
import { AdapterError, type ErrorCode } from '../core/errors.ts';
import type { FactFile } from '../core/facts.ts';
import type { Session } from '../core/session.ts';
import type { Emit } from '../core/signals.ts';
import { type Saved, saveDecided } from '../store/decided.ts';
import { busyAround, episodeOfSession, loadEpisode } from '../store/episodes.ts';
import { factFileOf } from '../store/facts.ts';
import { findAnswer, rememberAnswer } from '../store/idempotency.ts';
import type { Store, Tx } from '../store/store.ts';

export interface DeskGiven {
  readonly store: Store;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly emit: Emit;
  /** Called after a commit that left something to send, so that it does not wait for the next poll. */
  readonly onIntended: (hospital: string) => void;
  /** Therapist ids from the settings. */
  readonly therapists: ReadonlySet<string>;
}

/** Who asks, what they have seen, and the key under which a repeated request gets the same answer. */
export interface Asking {
  readonly by: string;
  /** The version that the asker decided on (If-Match). */
  readonly expectedVersion?: number | undefined;
  readonly once?: Once | undefined;
}

export interface Once {
  readonly key: string;
  readonly principal: string;
  /** Digest of method, path and body: the same key for something else is a mistake. */
  readonly fingerprint: string;
}

/** What a command comes to. */
export interface Outcome {
  readonly episode: Episode;
  readonly session?: Session | undefined;
  /** What was on file when it was decided, beside what the last decision had stood on. */
  readonly facts: FactFile;
}

/** An answer as it goes out; it is stored with what the command did, so that a repetition gets it again, even after a crash. */
export interface GivenAnswer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Render = (outcome: Outcome) => GivenAnswer;

export interface Desk {
  onReferral(
    id: string,
    command: ReferralCommand,
    asking: Asking,
    render: Render,
  ): Promise<GivenAnswer>;
  onSession(
    id: string,
    command: SessionCommand,
    asking: Asking,
    render: Render,
  ): Promise<GivenAnswer>;
}

/** A refusal as an error, with what is possible instead. */
export class RefusedError extends AdapterError {
  readonly possible: readonly string[];
  constructor(refused: Refusal, about: string) {
    const fix =
      refused.code !== 'not-possible-now' || refused.possible.length === 0
        ? undefined
        : `Possible now: ${refused.possible.join(', ')}.`;
    super(refused.code satisfies ErrorCode, refused.says, {
      about,
      ...(fix === undefined ? {} : { fix }),
    });
    this.possible = refused.possible;
  }
}

export function openDesk(given: DeskGiven): Desk {
  const { store } = given;

  async function act(
    load: (tx: Tx) => Promise<Episode | undefined>,
    about: string,
    command: ReferralCommand | SessionCommand,
    asking: Asking,
    render: Render,
  ): Promise<GivenAnswer> {
    if (command.type === 'plan') expectTherapist(command.therapist);
    const { answer, saved } = await store.transaction(async (tx) => {
      const before = asking.once && (await repeated(tx, asking.once));
      if (before !== undefined) return { answer: before, saved: undefined };
      const episode = await load(tx);
      if (episode === undefined)
        throw new AdapterError('not-ours', `Nothing here has the id ${about}.`, { about });
      expectVersion(episode, command, asking.expectedVersion);
      const now = given.clock().toISOString();
      const decision = decide(episode, command, {
        now,
        by: asking.by,
        newId: given.newId,
        busy: await busyFor(tx, episode, command),
      });
      if ('refused' in decision) throw new RefusedError(decision.refused, about);
      // before it is saved: an accepted referral and a started visit are what the next comparison begins with
      const facts = await factFileOf(tx, episode.referral);
      const done = await saveDecided(tx, episode, decision.decided, { now, newId: given.newId });
      const outcome: Outcome = {
        episode: done.episode,
        session: sessionAfter(done, command),
        facts,
      };
      const rendered = render(outcome);
      if (asking.once)
        await rememberAnswer(tx, {
          ...asking.once,
          status: rendered.status,
          body: rendered.body,
          headers: JSON.stringify(rendered.headers),
          at: now,
        });
      return { answer: rendered, saved: done };
    });
    if (saved !== undefined) announce(saved, asking.by);
    return answer;
  }

  function announce({ episode, events, intended }: Saved, by: string): void {
    const { hospital, id, state } = episode.referral;
    given.emit('referral:changed', {
      hospital,
      referral: id,
      state,
      events: events.map((one) => one.type),
      by,
    });
    if (intended > 0) given.onIntended(hospital);
  }

  function expectTherapist(therapist: string | undefined): void {
    if (therapist === undefined || given.therapists.has(therapist)) return;
    throw new AdapterError('bad-request', `There is no therapist ${therapist} in the settings.`, {
      fix: `Use one of: ${[...given.therapists].join(', ') || '(none is configured)'}.`,
    });
  }

  return {
    onReferral: (id, command, asking, render) =>
      act((tx) => loadEpisode(tx, id), id, command, asking, render),
    onSession: (id, command, asking, render) =>
      act((tx) => episodeOfSession(tx, id), id, command, asking, render),
  };
}

async function repeated(tx: Tx, once: Once): Promise<GivenAnswer | undefined> {
  const found = await findAnswer(tx, once.principal, once.key);
  if (found === undefined) return undefined;
  if (found.fingerprint === once.fingerprint)
    return {
      status: found.status,
      body: found.body,
      headers: JSON.parse(found.headers) as Record<string, string>,
    };
  throw new AdapterError(
    'idempotency-reused',
    'This Idempotency-Key was used for another request.',
  );
}

/** A session has its own version; a command on it is checked against that one. */
function expectVersion(
  episode: Episode,
  command: ReferralCommand | SessionCommand,
  expected: number | undefined,
): void {
  if (expected === undefined) return;
  const actual =
    'session' in command
      ? episode.sessions.find((one) => one.id === command.session)?.version
      : episode.referral.version;
  if (actual !== expected)
    throw new AdapterError('stale-version', `It is at version ${actual} now, not at ${expected}.`, {
      about: episode.referral.id,
    });
}

function busyFor(
  tx: Tx,
  episode: Episode,
  command: ReferralCommand | SessionCommand,
): Promise<Busy[]> {
  if (command.type !== 'plan' && command.type !== 'move') return Promise.resolve([]);
  const therapist =
    command.type === 'plan'
      ? command.therapist
      : episode.sessions.find((one) => one.id === command.session)?.therapist;
  const { start, end } = command;
  return busyAround(tx, {
    hospital: episode.referral.hospital,
    patient: episode.referral.care.patient.reference,
    therapist,
    start,
    end,
  });
}

function sessionAfter(
  { episode, events }: Saved,
  command: ReferralCommand | SessionCommand,
): Session | undefined {
  const id =
    'session' in command
      ? command.session
      : events.flatMap((one) => (one.type === 'planned' ? one.session : []))[0];
  return episode.sessions.find((one) => one.id === id);
}
