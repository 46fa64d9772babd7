/**
 * Codes as tables of ours and rules of a site write them: whole, or the beginning of many. Only ICD-10-CM has
 * beginnings that mean something; it is also sent with and without its dot, in either case. What is compared in another
 * spelling than it was written in would silently never match.
 */
import { type Coding, token } from './concept.ts';

export const icd10cm = 'http://hl7.org/fhir/sid/icd-10-cm';

/** ICD-10-CM in one spelling; every other code as it is. */
export function inOneSpelling(system: string, code: string): string {
  return system === icd10cm ? code.replace('.', '').toUpperCase() : code;
}

/** Whether `system|code` is a code or a beginning of codes that can be matched at all. */
export function isCodePattern(written: string): boolean {
  const { system, code } = parts(written);
  const star = code.indexOf('*');
  return star === -1 || (system === icd10cm && star > 0 && star === code.length - 1);
}

/** Whether a coding is the one, or one of those, that `system|code` names. */
export function isMeantBy(written: string, coding: Coding): boolean {
  const { system, code } = parts(written);
  if (system !== icd10cm) return token(coding) === written;
  if (coding.system !== system || coding.code === undefined) return false;
  const [wanted, found] = [inOneSpelling(system, code), inOneSpelling(system, coding.code)];
  return wanted.endsWith('*') ? found.startsWith(wanted.slice(0, -1)) : found === wanted;
}

function parts(written: string): { readonly system: string; readonly code: string } {
  const bar = written.indexOf('|');
  return { system: written.slice(0, bar), code: written.slice(bar + 1) };
}
