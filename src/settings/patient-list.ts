/**
 * A site’s list of patients: one `Patient/…` or bare id in a line, or in the first column of a CSV; empty lines and those
 * that begin with # are for people. What is no patient is said by the number of its line, never by its text.
 */
import type { SiteFile } from './site-file.ts';

export interface PatientList {
  /** `Patient/…`, each once. */
  readonly patients: readonly string[];
  /** A sentence each. */
  readonly problems: readonly string[];
}

/** More are counted, not listed. */
const mostProblems = 5;

/** Reads the list as it is now; throws `file-unreadable`. A file that is not there is a problem, and an empty list. */
export function readPatientList(file: Pick<SiteFile, 'name' | 'read'>): PatientList {
  const bytes = file.read();
  if (bytes === undefined) return { patients: [], problems: [`${file.name} is not there.`] };
  return parsePatientList(new TextDecoder().decode(bytes), file.name);
}

export function parsePatientList(text: string, name: string): PatientList {
  const patients = new Set<string>();
  const wrong: number[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const [first = ''] = line.split(/[,;\t]/);
    const word = first.trim().replace(/^"(.*)"$/, '$1');
    if (line.trim() === '' || word.startsWith('#')) continue;
    // The heading of a CSV is no patient and no mistake.
    if (index === 0 && /^(patient|patient.?id|id)$/i.test(word)) continue;
    const [, id] = /^(?:Patient\/)?([^\s/?#%\\\p{C}]+)$/u.exec(word) ?? [];
    if (id === undefined) wrong.push(index + 1);
    else patients.add(`Patient/${id}`);
  }
  const shown = wrong.slice(0, mostProblems).map((line) => `${name}:${line} names no patient.`);
  const more = wrong.length - shown.length;
  return {
    patients: [...patients],
    problems: more > 0 ? [...shown, `And ${more} more lines.`] : shown,
  };
}
