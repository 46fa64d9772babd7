/**
 * What a site has said about its own codes: each row says which code of ours one of theirs stands for, or that it is none
 * of ours. The rows come from the site's files and from people who taught them; nothing here guesses (I9).
 */
import { type Coding, token } from './concept.ts';

export interface SiteCode {
  /** The hospital that means it so; absent where all do. */
  readonly hospital?: string | undefined;
  /** Empty where the hospital sends its codes without a system. */
  readonly system: string;
  readonly code: string;
  readonly display?: string | undefined;
  /** The code of ours that it stands for; absent where it is none of ours. */
  readonly ours?: OurCode | undefined;
  /** Who said so and when, as the file has it. */
  readonly by?: string | undefined;
  readonly date?: string | undefined;
  /** Name of the file that the row stands in, and its line. */
  readonly file: string;
  readonly line: number;
}

export interface OurCode {
  readonly system: string;
  readonly code: string;
  readonly display?: string | undefined;
}

/** What one hospital means by a code; undefined where nobody has said. */
export type SiteCodes = (coding: Coding) => SiteCode | undefined;

export const noSiteCodes: SiteCodes = () => undefined;

/** The rows that count for a hospital, to be asked by code. */
export function siteCodesOf(rows: readonly SiteCode[], hospital: string): SiteCodes {
  const known = new Map(
    rows.filter((row) => isFor(row, hospital)).map((row) => [token(row), row] as const),
  );
  return known.size === 0 ? noSiteCodes : (coding) => known.get(token(coding));
}

export function isFor(row: Pick<SiteCode, 'hospital'>, hospital: string): boolean {
  return row.hospital === undefined || row.hospital === hospital;
}

/** Whether two rows say the same of the code that both are about. */
export function sameMeaning(one: Pick<SiteCode, 'ours'>, other: Pick<SiteCode, 'ours'>): boolean {
  return meaning(one) === meaning(other);
}

/** `system|code` of ours, or that it is none of ours. */
export function meaning({ ours }: Pick<SiteCode, 'ours'>): string {
  return ours === undefined ? 'none of ours' : token(ours);
}

/** Where a row comes from, in words: `by ana on 2026-03-02 in massage-fhir.codes.csv`. */
export function originOf({ by, date, file }: SiteCode): string {
  const who = by === undefined ? [] : [`by ${by}`];
  const when = date === undefined ? [] : [`on ${date}`];
  return [...who, ...when, `in ${file}`].join(' ');
}
