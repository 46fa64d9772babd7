/** The long lists of a story: events, what was written, and behind a fold what arrived and what went over the wire. */
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Finding } from '../mapping/finding.ts';
import type { StoredEvent } from '../store/episodes.ts';
import type { ExchangeRow } from '../store/exchanges.ts';
import type { InboxRow } from '../store/inbox.ts';
import type { IntentionRow, OutboxState } from '../store/outbox.ts';
import { findingsOf } from '../sync/judging.ts';
import type { WardClock } from './time.ts';
import { eventInWords, intentionWords, reasonOf } from './words.ts';

export function eventList(events: readonly StoredEvent[], clock: WardClock): VNode {
  return html`<ol class="timeline">
    ${events.map(({ event }) => {
      const reason = reasonOf(event);
      return html`<li>
        <span class="when">${clock.moment('when' in event ? event.when : event.at)}</span>
        <span>
          ${eventInWords(event)}${event.type === 'planned' || event.type === 'moved' ? html`: ${clock.span(event.start, event.end)}` : ''}${event.type === 'place-moved' ? html`: ${event.place}` : ''}${reason && `: ${reason}`}
          <span class="muted"> by ${event.by}</span>
        </span>
      </li>`;
    })}
  </ol>` as VNode;
}

const outboxWords: Readonly<Record<OutboxState, string>> = {
  queued: 'Waiting to be sent',
  sending: 'Being sent',
  sent: 'Sent',
  needless: 'Was true there already',
  unknown: 'Unknown whether the hospital has it: a person must look',
  refused: 'Refused by the hospital',
  dropped: 'Dropped',
};

export function intentionList(intentions: readonly IntentionRow[], clock: WardClock): VNode {
  if (intentions.length === 0) return html`<p class="empty">Nothing yet.</p>` as VNode;
  return html`<ol class="timeline">
    ${intentions.map(
      (row) =>
        html`<li>
          <span class="when">${clock.moment(row.sent_at ?? row.created_at)}</span>
          <span>
            ${intentionWords[row.kind]}${row.part && ` (${row.part.replaceAll(':', ' ')})`}:
            <strong> ${outboxWords[row.state]}</strong>${row.resource && `, ${row.resource}`}${row.says && `. ${row.says}`}
            <span class="muted"> ${row.attempts} ${row.attempts === 1 ? 'attempt' : 'attempts'}</span>
          </span>
        </li>`,
    )}
  </ol>` as VNode;
}

export function inboxList(rows: readonly InboxRow[], clock: WardClock): VNode {
  return html`<details>
    <summary>What arrived from the hospital (${rows.length})</summary>
    <ol class="timeline">
      ${rows.map(
        (row) =>
          html`<li>
            <span class="when">${clock.moment(row.received_at)}</span>
            <span>
              ${row.type}/${row.resource_id} version ${row.version_id ?? 'not named'} by ${row.via}: <strong>${row.state}</strong>${row.says && `, ${row.says}`}
              ${findingList(findingsOf(row))}
            </span>
          </li>`,
      )}
    </ol>
  </details>` as VNode;
}

/** What was not as FHIR has it, or could not be used. */
function findingList(findings: readonly Finding[]): VNode | undefined {
  if (findings.length === 0) return undefined;
  return html`<ul>
    ${findings.map(({ path, says }) => html`<li><code>${path}</code>: ${says}</li>`)}
  </ul>` as VNode;
}

export function exchangeList(rows: readonly ExchangeRow[], clock: WardClock): VNode {
  return html`<details>
    <summary>Requests to the hospital (${rows.length})</summary>
    <ol class="timeline">
      ${rows.map(
        (row) =>
          html`<li>
            <span class="when">${clock.moment(row.at)}</span>
            <span>
              ${row.method} ${row.path}: <strong>${row.status ?? row.error_code ?? 'no answer'}</strong>
              <span class="muted"> ${row.ms} ms, ${row.id}</span>
            </span>
          </li>`,
      )}
    </ol>
  </details>` as VNode;
}
