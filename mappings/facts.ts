/**
 * Where what a resource says belongs: a fact of a topic, not understood, of no topic here, or left out. By codes only,
 * never by words; nothing is dropped on the way (DESIGN decision 17).
 */
import type { Concept } from '../src/core/concept.ts';
import { topicOfType } from '../src/core/fact-lines.ts';
import type { FactSource, FactTopic, FiledFact } from '../src/core/facts.ts';
import { defined } from '../src/mapping/defined.ts';
import { type FactCode, factCodeOf } from './fact-codes.ts';
import { type Entry, entriesOf } from './fact-entries.ts';
import type { Follow } from './fact-references.ts';

/** Where one entry belongs. */
export type Filed =
  | { readonly is: 'on-file'; readonly fact: FiledFact }
  | { readonly is: 'not-understood'; readonly fact: FiledFact }
  | { readonly is: 'off-topic'; readonly fact: FiledFact }
  | { readonly is: 'left-out'; readonly rule: string };

/** Everything that one resource has on file; at least one of it. */
export function fileOf(type: FactSource, resource: fhir4.FhirResource, follow: Follow): Filed[] {
  const source = `${type}/${resource.id ?? '(no id)'}`;
  return entriesOf(type, resource, follow).flatMap((entry) => filed(type, entry, source));
}

/** One fact for each topic that the codes name; a type that has a topic of its own has no other. */
function filed(type: FactSource, entry: Entry, source: string): Filed[] {
  if (entry.leftOut !== undefined) return [{ is: 'left-out', rule: entry.leftOut }];
  const { what, also = [], value, measured, site, date, dated } = entry;
  const known = [...(what.coding ?? []), ...also].flatMap((coding) => factCodeOf(coding) ?? []);
  const past = known.some(({ history }) => history) ? ['history of'] : [];
  const notes = [...past, ...entry.notes.filter((note) => note !== undefined)];
  const fact = (topic: FactTopic | undefined): FiledFact =>
    defined({
      topic,
      what: named(what, known),
      also: also.length === 0 ? undefined : also,
      value,
      measured,
      site,
      notes,
      date,
      dated,
      source,
    });
  const own = topicOfType[type];
  if (known.length === 0) return [{ is: 'not-understood', fact: fact(own) }];
  const topics = own === undefined ? known.map(({ topic }) => topic) : [own];
  const those = [...new Set(topics)].filter((topic) => topic !== 'none');
  return those.length === 0
    ? [{ is: 'off-topic', fact: fact(undefined) }]
    : those.map((topic) => ({ is: 'on-file', fact: fact(topic) }));
}

/** A bare code gets the name that our table has for it, so that people need not look it up. */
function named(what: Concept, [first]: readonly FactCode[]): Concept {
  const hasWords = what.text !== undefined || what.coding?.some(({ display }) => display);
  return hasWords || first === undefined ? what : { ...what, text: first.name };
}
