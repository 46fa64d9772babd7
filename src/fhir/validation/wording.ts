/** Values in messages: quoted where the reader owns the resource, described where a patient's data must not travel. */

/** The JSON type of a value, in words. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

/** What a value is, where it is short. */
export function quoted(value: unknown): string {
  if (typeof value === 'string' && value.length <= 80) return `‘${value.toWellFormed()}’`;
  return typeof value === 'number' || typeof value === 'boolean' ? `‘${value}’` : described(value);
}

/** Nothing of what a value holds. */
export function described(value: unknown): string {
  return typeof value === 'string'
    ? `A text of ${value.length} characters`
    : `This ${jsonType(value).replace(/^an? /, '')}`;
}

/** A value of a definition in a few words, for a message. */
export function inWords(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 160 ? text : `${text.slice(0, 159)}…`;
}
