/** The story of a referral as the API shows it; what arrived from the hospital is named, never shown whole. */

import { findingsOf } from '../sync/judging.ts';
import type { ReferralStory } from './deps.ts';
import type { FactsShown } from './fact-views.ts';
import { viewReferral } from './views.ts';

/** In the form of `StoryView`. */
export function viewStory(story: ReferralStory, now: string, facts: FactsShown) {
  return {
    referral: viewReferral(story.episode, now, facts),
    events: story.events.map(({ version, event }) => {
      const { type, at, by, ...data } = event;
      return {
        version,
        type,
        at,
        by,
        session: 'session' in event ? event.session : undefined,
        data,
      };
    }),
    intentions: story.intentions.map((row) => ({
      id: row.id,
      kind: row.kind,
      session: row.session ?? undefined,
      part: row.part ?? undefined,
      state: row.state,
      attempts: row.attempts,
      createdAt: row.created_at,
      nextAt: row.next_at ?? undefined,
      sentAt: row.sent_at ?? undefined,
      resource: row.resource ?? undefined,
      errorCode: row.error_code ?? undefined,
      says: row.says ?? undefined,
      request: row.request === null ? undefined : JSON.parse(row.request),
    })),
    exchanges: story.exchanges.map((row) => ({
      id: row.id,
      method: row.method,
      path: row.path,
      status: row.status ?? undefined,
      ms: row.ms,
      errorCode: row.error_code ?? undefined,
      at: row.at,
      intention: row.intention ?? undefined,
      run: row.run ?? undefined,
    })),
    links: story.links.map((row) => ({
      reference: row.reference,
      role: row.role,
      session: row.session ?? undefined,
      part: row.part ?? undefined,
      versionId: row.version_id ?? undefined,
    })),
    sides: story.sides,
    disagreements: story.disagreements,
    inbox: story.inbox.map((row) => ({
      id: row.id,
      resource: row.type === null ? undefined : `${row.type}/${row.resource_id ?? ''}`,
      versionId: row.version_id ?? undefined,
      via: row.via,
      state: row.state,
      rule: row.rule ?? undefined,
      says: row.says ?? undefined,
      findings: findingsOf(row),
      receivedAt: row.received_at,
    })),
  };
}
