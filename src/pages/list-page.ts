/** All referrals by state, what needs an answer first; above them the work that waits for a person. */
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { token } from '../core/concept.ts';
import type { Episode } from '../core/episode.ts';
import { type Priority, priorities, type ReferralState } from '../core/referral.ts';
import { type Session, sessionHasEnded, wasDelivered } from '../core/session.ts';
import type { WorkRow } from '../store/work.ts';
import type { UnknownCode } from '../sync/codes/notes.ts';
import { page } from './layout.ts';
import { identityOf, nameOf } from './patient.ts';
import { dateInWords, type WardClock } from './time.ts';
import { conceptInWords, priorityWords, stateWords } from './words.ts';

export interface Group {
  readonly state: ReferralState;
  readonly items: readonly Episode[];
  /** `after` of the next page; on the overview: there are more than are shown. */
  readonly next?: string | undefined;
}

export interface WorkShown {
  readonly row: WorkRow;
  readonly episode: Episode | undefined;
  readonly unknown: UnknownCode | undefined;
}

export interface ListShown {
  readonly signedInAs: string;
  readonly now: Date;
  readonly groups: readonly Group[];
  /** Set when only this state is shown, a page of it. */
  readonly only?: ReferralState | undefined;
  /** How many wait; of these the first are in `work`. */
  readonly workCount: number;
  readonly work: readonly WorkShown[];
  readonly runs: readonly { readonly hospital: string; readonly endedAt?: string | undefined }[];
  readonly clockOf: (hospital: string) => WardClock;
  readonly severalHospitals: boolean;
}

export function listPage(shown: ListShown): string {
  const { signedInAs, groups, only, work, runs, clockOf } = shown;
  const filled = groups.filter(({ items }) => items.length > 0);
  const title = only === undefined ? 'Referrals' : `Referrals: ${stateWords[only].name}`;
  return page({
    title,
    signedInAs,
    content: html`
      <h1>${title}</h1>
      ${only !== undefined && html`<p><a href="/">All states</a></p>`}
      ${
        filled.length > 1 &&
        html`<nav aria-label="States">
          <ul class="jump">
            ${filled.map(
              ({ state, items, next }) =>
                html`<li>
                  <a href=${`#${state}`}
                    >${stateWords[state].name} <span class="count">${items.length}${next && '+'}</span></a
                  >
                </li>`,
            )}
          </ul>
        </nav>`
      }
      ${work.length > 0 && workSection(shown)}
      ${filled.length === 0 && html`<p class="empty">No referral is here. ${whyEmpty(shown)}</p>`}
      ${filled.map((group) => section(group, shown))}
      <footer class="freshness">
        <h2>How fresh this is</h2>
        <ul>
          ${runs.map(
            ({ hospital, endedAt }) =>
              html`<li>
                ${hospital}:${' '}${
                  endedAt === undefined
                    ? 'no complete sync yet'
                    : html`last complete sync ${clockOf(hospital).moment(endedAt)}`
                }, times in ${clockOf(hospital).timezone}
              </li>`,
          )}
        </ul>
      </footer>
    `,
  });
}

function whyEmpty({ only, runs }: ListShown): string {
  if (only !== undefined) return 'None is in this state.';
  return runs.some(({ endedAt }) => endedAt === undefined)
    ? 'The hospital has not been read completely yet.'
    : 'The hospital has no order that the selection takes; massage-fhir why ID says more about one.';
}

function workSection({ work, workCount, now, clockOf }: ListShown): VNode {
  return html`<section class="work" aria-labelledby="work">
    <h2 id="work">Waiting for a person <span class="count">${workCount}</span></h2>
    <ul>
      ${work.map(({ row, episode, unknown }) => {
        const clock = clockOf(row.hospital);
        return html`<li>
          <p class="says">${clock.inText(row.says)}</p>
          ${
            episode &&
            html`<p>
              <a href=${`/referrals/${episode.referral.id}`}>${nameOf(episode.referral.care.patient)}</a>
              ${identityOf(episode.referral.care.patient, { now, timezone: clock.timezone }, false)}
            </p>`
          }
          ${unknown && suggestions(unknown, row.id)}
          <p class="muted">${row.hospital}, since ${clock.moment(row.opened_at)}</p>
        </li>`;
      })}
    </ul>
    ${workCount > work.length && html`<p>${workCount - work.length} more are in /api/work.</p>`}
  </section>` as VNode;
}

/** What an unknown code may be and why; a person says so elsewhere, for these pages change nothing. */
function suggestions({ codes, suggestions }: UnknownCode, id: string): VNode {
  // Without a code there is nothing to teach: a way that ends in a refusal must not be offered.
  if (codes.length === 0)
    return html`<p class="muted">
      It has no code that could be taught: ask the hospital to code its orders, then settle this with massage-fhir work
      settle ${id}.
    </p>` as VNode;
  return html`<div class="suggestions">
    ${
      suggestions.length === 0
        ? html`<p>Nothing that is known here resembles its code.</p>`
        : html`<p>It may be:</p>
            <ul>
              ${suggestions.map(
                ({ code, as, says }) =>
                  html`<li>
                    <strong>${as === undefined ? 'none of ours' : (as.display ?? token(as))}</strong>${' '}
                    (${token(code)}: ${says})
                  </li>`,
              )}
            </ul>`
    }
    <p class="muted">Say what it is with massage-fhir codes teach or /api/work/${id}/teach.</p>
  </div>` as VNode;
}

const rank = (priority: Priority) => -priorities.indexOf(priority);

function section({ state, items, next }: Group, shown: ListShown): VNode {
  const { name, means } = stateWords[state];
  const sorted = items.toSorted(
    (a, b) => rank(a.referral.care.priority) - rank(b.referral.care.priority),
  );
  return html`<section aria-labelledby=${state} class="group">
    <h2 id=${state}>${name} <span class="count">${items.length}${next && '+'}</span></h2>
    <p class="muted">${means}</p>
    <ul class="referrals">
      ${sorted.map((episode) => row(episode, shown))}
    </ul>
    ${
      next !== undefined &&
      html`<p>
        <a href=${shown.only === undefined ? `/?state=${state}` : `/?state=${state}&after=${next}`}
          >${shown.only === undefined ? `All that are ${name.toLowerCase()}` : 'Next page'}</a
        >
      </p>`
    }
  </section>` as VNode;
}

function row({ referral, sessions }: Episode, shown: ListShown): VNode {
  const { id, hospital, care, reason } = referral;
  const clock = shown.clockOf(hospital);
  const done = sessions.filter((session) => wasDelivered(session.state)).length;
  const coming = nextVisit(sessions);
  const about = { now: shown.now, timezone: clock.timezone };
  const reasons = inShort(care.reasons.map(conceptInWords));
  return html`<li class=${`referral ${care.priority}`}>
    <div class="who">
      <h3><a href=${`/referrals/${id}`}>${nameOf(care.patient)}</a></h3>
      ${identityOf(care.patient, about, false)}
    </div>
    <dl>
      <div class="priority"><dt>Priority</dt><dd>${priorityWords[care.priority]}</dd></div>
      ${care.place !== undefined && html`<div class="place"><dt>Place</dt><dd>${care.place}</dd></div>`}
      ${shown.severalHospitals && html`<div class="place"><dt>Hospital</dt><dd>${hospital}</dd></div>`}
      <div class="ordered">
        <dt>Ordered</dt>
        <dd>${conceptInWords(care.service)}${reasons.length > 0 && ` for ${reasons.join(', ')}`}</dd>
        ${care.order.authoredOn && html`<dd class="muted">${dateInWords(care.order.authoredOn)}</dd>`}
      </div>
      <div class="direction">
        <dt>Direction</dt>
        <dd class="typed">${care.direction ?? html`<span class="muted">None given</span>`}</dd>
      </div>
      <div class="done">
        <dt>Visits</dt>
        <dd>${done}${care.visits === undefined ? ' done' : ` of ${care.visits} done`}</dd>
        ${coming && html`<dd>Next ${clock.span(coming.start, coming.end)}</dd>`}
      </div>
      ${reason !== undefined && html`<div class="done"><dt>Reason</dt><dd>${reason}</dd></div>`}
    </dl>
  </li>` as VNode;
}

/** Reasons that only point to a resource say nothing at a glance; the story has them. */
function inShort(reasons: readonly string[]): readonly string[] {
  const words = reasons.filter((one) => !/^[A-Z]\w+\/\S+$/.test(one));
  return words.length > 0 ? words : reasons;
}

function nextVisit(sessions: readonly Session[]): Session | undefined {
  return sessions
    .filter((session) => !sessionHasEnded(session.state))
    .toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))[0];
}
