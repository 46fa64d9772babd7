/**
 * The read-only pages for a ward PC or a phone: sign in, the list, one story, sign out. Plain HTML from the server; a
 * browser without script, without colours and at twice the size shows everything.
 */
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { signedInCookie, signedOutCookie, tokenInCookie } from '../access/cookie.ts';
import type { Door } from '../access/door.ts';
import { refusedAtDoor } from '../access/door.ts';
import { may, type Principal } from '../access/roles.ts';
import { fromOwnPage } from '../access/same-origin.ts';
import { AdapterError } from '../core/errors.ts';
import { hasEnded, type ReferralState } from '../core/referral.ts';
import { episodeOf, loadEpisode } from '../store/episodes.ts';
import { listReferrals } from '../store/referral-list.ts';
import { lastRun } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { listWork, type WorkRow } from '../store/work.ts';
import type { UnknownCode } from '../sync/codes/notes.ts';
import { type Group, listPage } from './list-page.ts';
import { type PageProblem, problemPage } from './problem-page.ts';
import { signInPage } from './sign-in-page.ts';
import { type PageStory, storyPage } from './story-page.ts';
import { icon, styleSheet } from './style.ts';
import { type WardClock, wardClock } from './time.ts';
import { stateWords } from './words.ts';

export interface PagesDeps {
  readonly store: Store;
  readonly door: Door;
  readonly clock: () => Date;
  /** By id. */
  readonly hospitals: ReadonlyMap<string, PagesHospital>;
  /** What a note about an unknown code may mean; undefined for any other note. */
  readonly unknownCode: (note: WorkRow) => Promise<UnknownCode | undefined>;
  readonly story: (referral: string) => Promise<PageStory>;
}

export interface PagesHospital {
  readonly timezone: string;
  readonly therapists: readonly { readonly id: string; readonly name: string }[];
}

export interface OpenPages {
  readonly routes: RequestHandler;
  readonly problem: (problem: PageProblem) => string;
}

/** Rows of a group on the overview: all that a service works on, and a glance at what has ended. */
const openRows = 100;
const endedRows = 10;
const pageRows = 50;
const workRows = 30;

export function openPages(deps: PagesDeps): OpenPages {
  const { store, door, clock } = deps;
  const clocks = new Map(
    [...deps.hospitals].map(([id, { timezone }]) => [id, wardClock(timezone)]),
  );
  /** A hospital that was taken out of the settings still has referrals; its zone is not known any more. */
  const unknownZone = wardClock('UTC');
  const clockOf = (hospital: string): WardClock => clocks.get(hospital) ?? unknownZone;

  const routes = Router();

  routes.get('/style.css', (_req, res) => {
    still(res, 'text/css').send(styleSheet);
  });
  routes.get('/icon.svg', (_req, res) => {
    still(res, 'image/svg+xml').send(icon);
  });

  routes.get('/sign-in', (req, res) => {
    named(res, '/sign-in');
    html(res, signInPage({ next: pathAfter(req.query.next) }));
  });

  routes.post(
    '/sign-in',
    fromHere,
    express.urlencoded({ extended: false, limit: 2_000, parameterLimit: 10 }),
    async (req, res) => {
      named(res, '/sign-in');
      const { key, next } = (req.body ?? {}) as Record<string, unknown>;
      const signedIn = await door.signIn(typeof key === 'string' ? key.trim() : '');
      if ('refused' in signedIn) {
        res.status(401);
        html(res, signInPage({ next: pathAfter(next), wrong: 'This key is not valid.' }));
        return;
      }
      res.set('Set-Cookie', signedInCookie(signedIn.token, req.secure));
      res.redirect(303, pathAfter(next));
    },
  );

  routes.post('/sign-out', fromHere, (req, res) => {
    named(res, '/sign-out');
    const token = tokenInCookie(req.headers.cookie);
    if (token !== undefined) door.signOut(token);
    res.set('Set-Cookie', signedOutCookie(req.secure));
    res.redirect(303, '/sign-in');
  });

  routes.get(
    '/',
    signedIn(async (req, res, { name }) => {
      const { state, after } = req.query;
      const only = stateNamed(state);
      const { read } = store;
      const work = only === undefined ? await listWork(read) : [];
      const page = listPage({
        signedInAs: name,
        now: clock(),
        only,
        groups: only
          ? [await group(only, pageRows, typeof after === 'string' ? after : undefined)]
          : await overview(),
        workCount: work.length,
        work: await Promise.all(
          work.slice(0, workRows).map(async (row) => ({
            row,
            episode: row.referral === null ? undefined : await loadEpisode(read, row.referral),
            unknown: await deps.unknownCode(row),
          })),
        ),
        runs: await Promise.all(
          [...deps.hospitals.keys()].map(async (hospital) => {
            const run = await lastRun(read, hospital, { state: 'complete' });
            return { hospital, endedAt: run?.ended_at ?? undefined };
          }),
        ),
        clockOf,
        severalHospitals: deps.hospitals.size > 1,
      });
      named(res, '/');
      html(res, page);
    }),
  );

  routes.get(
    '/referrals/:id',
    signedIn(async (req, res, { name }) => {
      named(res, '/referrals/:id');
      const id = String(req.params.id);
      const { referral } = await episodeOf(store.read, id);
      const therapists = deps.hospitals.get(referral.hospital)?.therapists ?? [];
      html(
        res,
        storyPage({
          signedInAs: name,
          story: await deps.story(id),
          work: await listWork(store.read, { referral: id }),
          now: clock(),
          clock: clockOf(referral.hospital),
          therapistName: (wanted) => therapists.find((one) => one.id === wanted)?.name ?? wanted,
        }),
      );
    }),
  );

  return { routes, problem: problemPage };

  async function group(state: ReferralState, limit: number, after?: string): Promise<Group> {
    const { items, next } = await listReferrals(store.read, { state, limit, after });
    return { state, items, next };
  }

  async function overview(): Promise<Group[]> {
    const states = Object.keys(stateWords) as ReferralState[];
    return Promise.all(states.map((state) => group(state, hasEnded(state) ? endedRows : openRows)));
  }

  /** For somebody who is signed in and may read; anybody else is sent to the sign-in page and back. */
  function signedIn(
    show: (req: Request, res: Response, principal: Principal) => Promise<void>,
  ): RequestHandler {
    return async (req, res) => {
      const asker = await door.whoAsks({ method: req.method, headers: req.headers });
      if ('refused' in asker) {
        res.redirect(303, `/sign-in?next=${encodeURIComponent(pathAfter(req.path))}`);
        return;
      }
      if (!may(asker.principal, 'referral.read'))
        throw new AdapterError('not-permitted', 'Your key does not let you read referrals.');
      await show(req, res, asker.principal);
    };
  }
}

/** Forms are taken from our own pages only: nobody is signed in or out by another site. */
const fromHere: RequestHandler = (req, _res, next) => {
  if (!fromOwnPage(req.headers)) throw refusedAtDoor('foreign');
  next();
};

function stateNamed(state: unknown): ReferralState | undefined {
  if (state === undefined) return undefined;
  if (typeof state === 'string' && Object.hasOwn(stateWords, state)) return state as ReferralState;
  throw new AdapterError('bad-request', 'There is no such state of a referral.');
}

/** Where to go after signing in: one of our own pages, whatever the address said. */
function pathAfter(next: unknown): string {
  return typeof next === 'string' && /^\/(referrals\/[\w-]+)?$/.test(next) ? next : '/';
}

/** For the log, which names patterns and never addresses. */
function named(res: Response, route: string): void {
  res.locals.route = route;
}

function html(res: Response, text: string): void {
  res.type('html').send(text);
}

/** Never changes under its address. */
function still(res: Response, type: string): Response {
  named(res, 'still');
  return res.type(type).set('Cache-Control', 'public, max-age=31536000, immutable');
}
