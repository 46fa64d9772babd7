/** The story of one referral: who, what was ordered, what happened, and whether both sides say the same now. */
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Episode } from '../core/episode.ts';
import type { Advisory } from '../core/fact-rules.ts';
import type { FactFile } from '../core/facts.ts';
import { type OrderedCare, patientGone } from '../core/referral.ts';
import { minutes, type Session, visitTime } from '../core/session.ts';
import type { StoredEvent } from '../store/episodes.ts';
import type { ExchangeRow } from '../store/exchanges.ts';
import type { InboxRow } from '../store/inbox.ts';
import type { IntentionRow } from '../store/outbox.ts';
import type { WorkRow } from '../store/work.ts';
import { factsSection } from './facts-section.ts';
import { page } from './layout.ts';
import { identityOf, nameOf } from './patient.ts';
import { eventList, exchangeList, inboxList, intentionList } from './story-lists.ts';
import { dateInWords, type WardClock } from './time.ts';
import {
  conceptInWords,
  insuranceInWords,
  priorityWords,
  scoreInWords,
  sessionWords,
  stateWords,
  stayInWords,
} from './words.ts';

/** As much of the story as the page shows. */
export interface PageStory {
  readonly episode: Episode;
  readonly facts: FactFile;
  readonly advisories: readonly Advisory[];
  readonly events: readonly StoredEvent[];
  readonly intentions: readonly IntentionRow[];
  readonly exchanges: readonly ExchangeRow[];
  readonly inbox: readonly InboxRow[];
  readonly sides: readonly Side[];
  readonly disagreements: readonly string[];
}

interface Side {
  readonly what: string;
  readonly here: string;
  readonly there?: string | undefined;
  readonly agrees?: boolean | undefined;
  readonly readAt: string;
  readonly error?: string | undefined;
}

export interface StoryShown {
  readonly signedInAs: string;
  readonly story: PageStory;
  readonly work: readonly WorkRow[];
  readonly now: Date;
  readonly clock: WardClock;
  /** Name of a therapist by id. */
  readonly therapistName: (id: string) => string;
}

export function storyPage(shown: StoryShown): string {
  const { story, work, now, clock, signedInAs } = shown;
  const { referral, sessions } = story.episode;
  const { care } = referral;
  const state = stateWords[referral.state];
  return page({
    title: 'Referral',
    signedInAs,
    content: html`
      <p><a href="/">All referrals</a></p>
      <div class="banner">
        <h1>${nameOf(care.patient)}</h1>
        ${identityOf(care.patient, { now, timezone: clock.timezone }, true)}
      </div>
      <p class="state"><strong>${state.name}</strong> ${referral.reason ?? state.means}</p>
      <p class="muted">
        ${referral.hospital}, ${care.order.reference}, all times in ${clock.timezone}
      </p>
      ${story.disagreements.length > 0 && disagreements(story.disagreements, clock)}
      ${work.length > 0 && waiting(work, clock)}
      <section aria-labelledby="order"><h2 id="order">The order</h2>${order(care)}</section>
      ${factsSection({ file: story.facts, advisories: story.advisories, clock })}
      <section aria-labelledby="visits">
        <h2 id="visits">Visits</h2>
        ${
          sessions.length === 0
            ? html`<p class="empty">No visit was planned yet.</p>`
            : html`<ol class="visits">${sessions.map((session) => visit(session, shown))}</ol>`
        }
      </section>
      <section aria-labelledby="sides">
        <h2 id="sides">Both sides now</h2>
        ${sides(story.sides, clock)}
      </section>
      <section aria-labelledby="events">
        <h2 id="events">What happened</h2>
        ${eventList(story.events, clock)}
      </section>
      <section aria-labelledby="outbox">
        <h2 id="outbox">Written to the hospital</h2>
        ${intentionList(story.intentions, clock)}
      </section>
      <section aria-labelledby="wire">
        <h2 id="wire">Behind it</h2>
        ${inboxList(story.inbox, clock)} ${exchangeList(story.exchanges, clock)}
      </section>
    `,
  });
}

function disagreements(all: readonly string[], clock: WardClock): VNode {
  return html`<section class="disagreement" aria-labelledby="disagreement">
    <h2 id="disagreement">Disagreement: the hospital says something else</h2>
    <ul>
      ${all.map((one) => html`<li>${clock.inText(one)}</li>`)}
    </ul>
  </section>` as VNode;
}

function waiting(work: readonly WorkRow[], clock: WardClock): VNode {
  return html`<section class="work" aria-labelledby="work">
    <h2 id="work">Waiting for a person</h2>
    <ul>
      ${work.map(
        (row) =>
          html`<li>
            <p class="says">${clock.inText(row.says)}</p>
            <p class="muted">since ${clock.moment(row.opened_at)}</p>
          </li>`,
      )}
    </ul>
  </section>` as VNode;
}

function order(care: OrderedCare): VNode {
  const list = (concepts: OrderedCare['reasons']) => concepts.map(conceptInWords).join(', ');
  const { requester } = care.order;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Service', conceptInWords(care.service)],
    ['Priority', priorityWords[care.priority]],
    ['Reasons', list(care.reasons)],
    ['Direction', care.direction ?? 'None given'],
    ['Techniques', list(care.techniques)],
    ['Body sites', list(care.bodySites)],
    ['How often', care.frequency?.text],
    ['Visits ordered', care.visits === undefined ? 'Not said' : String(care.visits)],
    ['Place', care.place],
    ['Stay', care.stay && stayInWords(care.stay)],
    ['Patient’s record', care.patient.gone && patientGone[care.patient.gone]],
    ['Ordered for', care.patient.ordered],
    ['Insurance', care.insurance?.map(insuranceInWords).join('\n')],
    ['Ordered by', requester?.display ?? requester?.reference],
    ['Ordered on', care.order.authoredOn && dateInWords(care.order.authoredOn)],
  ];
  return html`<dl class="facts">
    ${rows.map(([name, value]) => value && html`<div><dt>${name}</dt><dd class="typed">${value}</dd></div>`)}
  </dl>` as VNode;
}

function visit(session: Session, { clock, now, therapistName }: StoryShown): VNode {
  const { record } = session;
  const time = visitTime(record, now.toISOString());
  const scores = record.scores.map(scoreInWords).join('\n');
  const techniques = record.techniques
    .map(
      ({ technique, site, pressure }) =>
        `${technique.replaceAll('-', ' ')}, ${site}, pressure ${pressure} of 5`,
    )
    .join('\n');
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Therapist', session.therapist && therapistName(session.therapist)],
    ['Place', session.place],
    ['Booked by', session.bookedBy === 'hospital' ? 'The hospital' : 'The massage service'],
    ['Reason', session.reason?.text],
    [
      'Hands on',
      record.startedAt &&
        `${minutes(time.handsOnMs)} min of ${minutes(time.totalMs)} min, ${minutes(time.pausedMs)} min paused`,
    ],
    ['Scores', scores],
    ['Techniques', techniques],
    ['Response', record.response],
    ['Note', record.note],
  ];
  return html`<li>
    <h3>${clock.span(session.start, session.end)}</h3>
    <p class="state"><strong>${sessionWords[session.state]}</strong></p>
    <dl class="facts">
      ${rows.map(([name, value]) => value && html`<div><dt>${name}</dt><dd class="typed">${value}</dd></div>`)}
    </dl>
  </li>` as VNode;
}

function sides(all: readonly Side[], clock: WardClock): VNode {
  if (all.length === 0) return html`<p class="empty">Nothing to compare yet.</p>` as VNode;
  return html`<ul class="sides">
    ${all.map(
      ({ what, here, there, agrees, readAt, error }) =>
        html`<li class=${agrees === false ? 'differs' : ''}>
          <h3>${what}</h3>
          <dl>
            <div><dt>Here</dt><dd>${clock.inText(here)}</dd></div>
            <div><dt>Hospital</dt><dd>${clock.inText(there ?? error ?? 'Not read')}</dd></div>
            <div>
              <dt>Verdict</dt>
              <dd>
                ${agrees === undefined ? 'Not compared' : agrees ? 'Agrees' : html`<strong>Differs</strong>`},
                ${' '}read ${clock.hour(readAt)}
              </dd>
            </div>
          </dl>
        </li>`,
    )}
  </ul>` as VNode;
}
