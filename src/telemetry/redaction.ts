/**
 * The last line before anything is printed (invariant I7). Those who emit signals must not put secrets or patients into
 * them; where one did by mistake, what this knows to be dangerous is cut out all the same: fields that the catalogue of
 * sentences does not list, credentials, query values, and pieces of bodies that error messages of libraries quote.
 */
import type { SignalName } from '../core/signals.ts';
import { sentences } from './sentences.ts';

const longest = 300;

const dangerous: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 …'],
  [/\/\/[^/@\s]*@/g, '//…@'],
  // JSON.parse quotes the text that it could not read.
  [/['"].*is not valid JSON/gs, '… is not valid JSON'],
  // Anything that looks like JSON or XML is a body or a piece of one.
  [/[{[]\s*["{[].*/gs, '…'],
  [/<[a-z!?].*/gis, '…'],
  // Names of search parameters may be told, values are identifiers and names of people.
  [/([?&][\w:.%-]+)=[^&\s]*/g, '$1'],
];

/** A text without what it must not show, and not longer than a line of a log should be. */
export function redacted(text: string): string {
  const clean = dangerous.reduce(
    (left, [pattern, instead]) => left.replace(pattern, instead),
    text,
  );
  const line = clean.replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** Of a signal's payload, the fields that its sentence lists, as flat values. */
export function allowedFields(
  name: SignalName,
  data: Readonly<Record<string, unknown>>,
): Record<string, string | number | boolean> {
  const allowed: readonly string[] = Object.hasOwn(sentences, name) ? sentences[name].fields : [];
  const kept: Record<string, string | number | boolean> = {};
  for (const field of allowed) {
    const value = data[field];
    if (typeof value === 'number' || typeof value === 'boolean') kept[field] = value;
    else if (typeof value === 'string') kept[field] = redacted(value);
    else if (Array.isArray(value)) kept[field] = redacted(value.map(String).join(' '));
  }
  return kept;
}
