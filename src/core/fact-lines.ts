/**
 * A fact sheet as the lines that people and programs read: what is on file, what nobody here understands, what could
 * not be read, and where nothing is on file. Each type of resource has at least one line, so that none is passed over in
 * silence (I5).
 */
import type { Coding, Concept } from './concept.ts';
import {
  askedAt,
  asOf,
  type FactDate,
  type FactReading,
  type FactSheet,
  type FactSource,
  type FactTopic,
  type FiledFact,
  factTopics,
  type Measured,
} from './facts.ts';

export const factKinds = ['on-file', 'not-understood', 'not-readable', 'none-on-file'] as const;

/** One line. What is not readable and what is not there are lines too. */
export interface Fact {
  readonly kind: (typeof factKinds)[number];
  readonly topic?: FactTopic | undefined;
  readonly what: Concept;
  /** Codes that tell what it is beside those of `what`. */
  readonly also?: readonly Coding[] | undefined;
  readonly value?: string | undefined;
  readonly measured?: Measured | undefined;
  readonly site?: string | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly date?: string | undefined;
  readonly dated?: FactDate | 'asked' | undefined;
  /** FHIR reference of the resource, or the search that was asked. */
  readonly source: string;
  /** Of what is not understood: how many, and where. */
  readonly count?: number | undefined;
  readonly sources?: readonly string[] | undefined;
}

/** Topic that a type of resource has by itself. */
export const topicOfType: Readonly<Partial<Record<FactSource, FactTopic>>> = {
  AllergyIntolerance: 'allergy',
  DeviceUseStatement: 'lines-and-devices',
  Device: 'lines-and-devices',
};

/** By kind, then by topic, the newest first. */
export function factLines(sheet: FactSheet | undefined): Fact[] {
  const readings = sheet?.readings ?? [];
  return [
    ...readings.flatMap(({ onFile }) => onFile.map(filed)).toSorted(byTopicAndAge),
    ...readings.flatMap(({ notUnderstood }) =>
      notUnderstood.map(
        ({ count, sources, ...one }): Fact => ({
          ...one,
          kind: 'not-understood',
          count,
          sources,
        }),
      ),
    ),
    ...readings.flatMap(notRead),
    ...readings.flatMap(nothing),
  ];
}

function filed(fact: FiledFact): Fact {
  return { kind: 'on-file', ...fact };
}

function byTopicAndAge(a: Fact, b: Fact): number {
  const rank = ({ topic }: Fact) => (topic === undefined ? -1 : factTopics.indexOf(topic));
  return rank(a) - rank(b) || (b.date ?? '').localeCompare(a.date ?? '');
}

/** What was refused, and what an answer lacks: both mean that nothing may be concluded from silence. */
function notRead({ type, askedAt: asked, asOf: since, notReadable, gaps }: FactReading): Fact[] {
  const line = (says: string): Fact => ({
    kind: 'not-readable',
    topic: topicOfType[type],
    what: { text: says },
    date: asked,
    dated: 'asked',
    source: searchOf(type),
  });
  const old = since === undefined ? '' : ` What is shown of it is as of ${since}.`;
  return [
    ...(notReadable === undefined ? [] : [line(`${type}: ${notReadable.says}${old}`)]),
    ...gaps.map((gap) => line(`${type}: ${gap}`)),
  ];
}

function nothing(reading: FactReading): Fact[] {
  const { type, asOf: since, onFile, notUnderstood } = reading;
  if (since === undefined || onFile.length > 0 || notUnderstood.length > 0) return [];
  const besides = besidesOf(reading);
  return [
    {
      kind: 'none-on-file',
      topic: topicOfType[type],
      what: {
        text: `${type}: none on file${besides === '' ? '' : ` of these topics (${besides})`}`,
      },
      date: since,
      dated: 'asked',
      source: searchOf(type),
    },
  ];
}

/** `2 of no topic here, 1 left out: resolved`; empty when there was nothing else. */
export function besidesOf({ offTopic, leftOut }: FactReading): string {
  return [
    ...(offTopic === 0 ? [] : [`${offTopic} of no topic here`]),
    ...Object.entries(leftOut).map(([rule, count]) => `${count} left out: ${rule}`),
  ].join(', ');
}

function searchOf(type: FactSource): string {
  return `${type}?patient`;
}

/** The sheet in one sentence: as of when, and how much. Never a judgement. */
export function factsInShort(sheet: FactSheet | undefined): string {
  if (sheet === undefined)
    return 'Nothing was read from the hospital: it was not asked yet, or reading is off (facts.read). This does not mean that there is nothing.';
  const { readings } = sheet;
  const asked = askedAt(sheet);
  const since = asOf(sheet);
  const count = (of: (reading: FactReading) => number) =>
    readings.reduce((sum, one) => sum + of(one), 0);
  const unread = readings.filter((one) => one.notReadable !== undefined).map(({ type }) => type);
  const cut = readings.filter((one) => one.gaps.length > 0).map(({ type }) => type);
  if (since === undefined)
    return `The hospital let us read nothing when it was asked, ${asked}. This does not mean that there is nothing.`;
  const present = count(({ notUnderstood }) => notUnderstood.reduce((n, one) => n + one.count, 0));
  return [
    `As of ${since}: ${count(({ onFile }) => onFile.length)} on file`,
    `${present} present, code not understood`,
    ...(unread.length === 0 ? [] : [`not readable here: ${unread.join(', ')}`]),
    ...(cut.length === 0 ? [] : [`not whole: ${cut.join(', ')}`]),
  ].join('; ');
}
