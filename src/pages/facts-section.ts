/**
 * The facts on file as a therapist reads them: the site's advisories, what has changed since somebody decided, then topic
 * by topic what is there, what nobody here understands and what could not be read. It never says that something is safe.
 */
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { type FactChange, factChanges } from '../core/fact-changes.ts';
import { type Fact, factLines, factsInShort } from '../core/fact-lines.ts';
import type { Advisory, Reason } from '../core/fact-rules.ts';
import { type FactFile, factTopics } from '../core/facts.ts';
import { dateInWords, type WardClock } from './time.ts';
import { conceptInWords, topicWords } from './words.ts';

export interface FactsShown {
  readonly file: FactFile;
  readonly advisories: readonly Advisory[];
  readonly clock: WardClock;
}

export function factsSection({ file, advisories, clock }: FactsShown): VNode {
  const { sheet, seen } = file;
  const lines = factLines(sheet);
  const of = (kind: Fact['kind']) => lines.filter((one) => one.kind === kind);
  const onFile = of('on-file');
  const silent = factTopics.filter((topic) => !onFile.some((one) => one.topic === topic));
  const changes = sheet === undefined || seen === undefined ? [] : factChanges(seen.sheet, sheet);
  return html`<section aria-labelledby="facts">
    <h2 id="facts">Facts on file</h2>
    <p class=${sheet === undefined ? 'empty' : 'muted'}>${clock.inText(factsInShort(sheet))}</p>
    ${
      advisories.length > 0 &&
      html`<h3>Advisories of this site</h3>
        <ul class="plain">
          ${advisories.map((one) => advisory(one, clock))}
        </ul>`
    }
    ${
      seen !== undefined &&
      changes.length > 0 &&
      html`<h3>Changed since ${clock.moment(seen.at)}, when it was accepted or last begun</h3>
        <ul class="plain">
          ${changes.map((one) => changed(one, clock))}
        </ul>`
    }
    ${list(undefined, onFile, clock)}
    ${
      sheet !== undefined &&
      silent.length > 0 &&
      html`<p class="muted">
        Nothing that is understood here is on file about:
        ${` ${silent.map((topic) => topicWords[topic].toLowerCase()).join(', ')}`}.
      </p>`
    }
    ${list('Present, code not understood', of('not-understood'), clock)}
    ${list('Not readable here', of('not-readable'), clock)}
    ${list('Asked for, and not there', of('none-on-file'), clock)}
  </section>` as VNode;
}

function list(title: string | undefined, facts: readonly Fact[], clock: WardClock) {
  if (facts.length === 0) return undefined;
  return html`${title !== undefined && html`<h3>${title}</h3>`}
    <ul class="plain">
      ${facts.map((one) => html`<li>${line(one, clock)}</li>`)}
    </ul>`;
}

function line(fact: Fact, clock: WardClock) {
  const { kind, topic, what, value, site, notes = [], count = 1, sources = [], source } = fact;
  const words = clock.inText(conceptInWords(what));
  const details = [
    site,
    ...notes,
    dateOf(fact, clock),
    kind === 'on-file' || kind === 'not-understood' ? source : undefined,
    sources.length > 1 ? `and ${sources.slice(1).join(', ')}` : undefined,
  ].filter((one) => one !== undefined);
  return html`${topic !== undefined && html`<strong>${topicWords[topic]}</strong>: `}${words}${
    value !== undefined && `: ${value}`
  }${count > 1 && ` (${count} times)`}
    <span class="muted"> ${details.map((one, index) => html`${index > 0 && ', '}${one}`)}</span>`;
}

function dateOf({ date, dated }: Fact, clock: WardClock) {
  if (date === undefined) return undefined;
  return html`${dated && `${dated} `}${momentOf(date, clock)}`;
}

function momentOf(date: string, clock: WardClock) {
  return /T.*(Z|[+-]\d\d:\d\d)$/.test(date) ? clock.moment(date) : dateInWords(date);
}

function changed({ change, fact, before }: FactChange, clock: WardClock): VNode {
  const was = before?.value === undefined ? '' : ` (was ${before.value})`;
  return html`<li><strong>${changeWords[change]}</strong>: ${line(fact, clock)}${was}</li>` as VNode;
}

const changeWords: Readonly<Record<FactChange['change'], string>> = {
  new: 'New',
  gone: 'No longer there',
  changed: 'Changed',
};

function advisory(
  { rule, says, verdict, because, signedBy, signedOn }: Advisory,
  clock: WardClock,
): VNode {
  return html`<li>
    <strong>${verdict === 'applies' ? says : `${rule}: ${says}`}</strong>
    <span class="muted">
      ${because && reason(because, clock)} Rule ${rule}, signed by ${signedBy} on
      ${` ${dateInWords(signedOn)}`}
    </span>
  </li>` as VNode;
}

/** The fact that it stands on, as in the lists below: what, value, what qualifies it, when, where. */
function reason({ what, value, notes = [], date, source }: Reason, clock: WardClock) {
  const details = [...notes, date && momentOf(date, clock), source].filter(Boolean);
  return html` ${clock.inText(conceptInWords(what))}${value && `: ${value}`}${details.map((one) => html`, ${one}`)}.`;
}
