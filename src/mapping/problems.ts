/** One mistake in what a site wrote (settings, code tables), as data and as the sentence that people read. Never shows a secret. */

export interface Problem {
  /** `massage-fhir.yaml:12` or the environment variable. */
  readonly where: string;
  /** `hospitals[0].base` */
  readonly path: string;
  /** Finishes "<path> is …". */
  readonly found: string;
  /** Finishes "expected …". */
  readonly expected: string;
  readonly because?: string | undefined;
  readonly meant?: string | undefined;
  /** A further sentence that says how to do it right. */
  readonly hint?: string | undefined;
}

export function problemSentence(problem: Problem): string {
  const because = problem.because === undefined ? '' : ` (${problem.because})`;
  const meant = problem.meant === undefined ? '' : ` Did you mean ${problem.meant}?`;
  const hint = problem.hint === undefined ? '' : ` ${problem.hint}`;
  return `${problem.where}: ${problem.path} is ${problem.found}, expected ${problem.expected}${because}.${meant}${hint}`;
}

const most = 20;

/** The first sentences, and how many more there are: for places that have to stay short (a log, a report). */
export function fewSentences(problems: readonly Problem[]): string[] {
  const sentences = problems.slice(0, most).map(problemSentence);
  const more = problems.length - sentences.length;
  return more === 0
    ? sentences
    : [...sentences, `… and ${more} more: massage-fhir settings check lists them all.`];
}

const longest = 60;

/** A value as a message may show it: short, and without what stands before an @ in an address. */
export function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return kindOf(value);
  const safe = value.replace(/\/\/[^/@\s]*@/g, '//…@');
  return JSON.stringify(safe.length > longest ? `${safe.slice(0, longest)}…` : safe);
}

/** What kind of thing a value is, for places whose content must not be shown. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of settings';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
