/**
 * CSV as RFC 4180 has it, read strictly: what is quoted wrongly is a mistake with its line, never a guess. Beyond the RFC:
 * other separators, any end of line, blank lines, and lines that begin with `#`, which are comments. Each record knows its
 * place in the text, so that a file can be changed without touching what else stands in it.
 */

export type Separator = ',' | ';' | '\t';

export interface CsvRecord {
  readonly fields: readonly string[];
  /** Line in which it begins, from 1. */
  readonly line: number;
  /** Where it stands in the text, its end of line included. */
  readonly from: number;
  readonly to: number;
}

export interface CsvMistake {
  readonly line: number;
  /** Finishes "the line is …". */
  readonly found: string;
}

export interface Csv {
  readonly records: readonly CsvRecord[];
  readonly mistakes: readonly CsvMistake[];
}

/** Reads a text; never throws. A record with a mistake is left out, and reading goes on with the next line. */
export function readCsv(text: string, separator: Separator): Csv {
  const records: CsvRecord[] = [];
  const mistakes: CsvMistake[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const from = at;
    const begins = line;
    if (text[at] === '#') at = endOfLine(text, at);
    else {
      const record = readRecord(text, at, separator);
      at = record.to;
      if ('found' in record) mistakes.push({ line: begins, found: record.found });
      else if (record.fields.length > 1 || record.isQuoted || record.fields[0] !== '')
        records.push({ fields: record.fields, line: begins, from, to: at });
    }
    line += linesIn(text, from, at);
  }
  return { records, mistakes };
}

type Read =
  | { readonly fields: string[]; readonly isQuoted: boolean; readonly to: number }
  | { readonly found: string; readonly to: number };

function readRecord(text: string, start: number, separator: Separator): Read {
  const fields: string[] = [];
  let at = start;
  let isQuoted = false;
  for (;;) {
    if (text[at] === '"') {
      isQuoted = true;
      const field = readQuoted(text, at);
      if (field === undefined)
        return { found: 'opening a quote that is never closed', to: endOfLine(text, at) };
      fields.push(field.value);
      at = field.to;
      if (at < text.length && text[at] !== separator && !isEnd(text, at))
        return {
          found: 'quoted wrongly: something follows a closing quote',
          to: endOfLine(text, at),
        };
    } else {
      const from = at;
      while (at < text.length && text[at] !== separator && !isEnd(text, at)) at++;
      const value = text.slice(from, at);
      if (value.includes('"'))
        return { found: 'quoted wrongly: a quote within a field', to: endOfLine(text, at) };
      fields.push(value);
    }
    if (text[at] !== separator) return { fields, isQuoted, to: endOfLine(text, at) };
    at += 1;
  }
}

/** The content between quotes; two of them within stand for one. */
function readQuoted(text: string, open: number): { value: string; to: number } | undefined {
  let value = '';
  let from = open + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return undefined;
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, to: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}

function isEnd(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r';
}

/** Behind the end of the line in which `at` stands. */
function endOfLine(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isEnd(text, end)) end++;
  if (text[end] === '\r' && text[end + 1] === '\n') return end + 2;
  return Math.min(end + 1, text.length);
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at++)
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) lines++;
  return lines;
}

/** One record as a line, without its end. Quoted only where it must be, so that people can read it. */
export function csvLine(fields: readonly string[], separator: Separator): string {
  return fields
    .map((field, index) =>
      /["\r\n]/.test(field) ||
      field.includes(separator) ||
      (index === 0 && field.startsWith('#')) ||
      (fields.length === 1 && field === '')
        ? `"${field.replaceAll('"', '""')}"`
        : field,
    )
    .join(separator);
}
