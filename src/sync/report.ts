/** How a run went: the counts that a person asks for in the morning, and what went wrong in words. */
import type { AdapterError, ErrorCode } from '../core/errors.ts';

export const runStates = ['complete', 'partial', 'failed'] as const;
export type RunState = (typeof runStates)[number];
export type RunMode = 'poll' | 'full' | 'folder' | 'push';

export interface Problem {
  readonly code: ErrorCode;
  readonly says: string;
  readonly fix: string;
}

/** How one thing in a file ended, for a folder source. */
export interface FileOutcome {
  readonly file: string;
  /** How many lines ended so, where they have no row each. */
  readonly lines?: number | undefined;
  readonly resource?: string | undefined;
  readonly state: string;
  readonly rule: string;
  readonly says: string;
}

export interface RunReport {
  readonly run: string;
  readonly hospital: string;
  readonly mode: RunMode;
  readonly state: RunState;
  /** Resources that the hospital showed us. */
  readonly read: number;
  /** Of these, the versions that we had not seen before. */
  readonly fresh: number;
  /** Orders that are ours: new referrals and changes of known ones. */
  readonly selected: number;
  /** Orders that are not ours, by the rule that said so. */
  readonly refused: Readonly<Record<string, number>>;
  /** What waits for a person. */
  readonly waiting: number;
  readonly new: number;
  readonly changed: number;
  /** Looked at, and nothing to do: echoes of our own writing, older versions, other resources. */
  readonly ignored: number;
  readonly unusable: number;
  readonly sent: number;
  /** Intentions that were already true at the hospital. */
  readonly needless: number;
  /** Intentions that will be tried again by themselves. */
  readonly queued: number;
  /** Writes whose fate only a person can find out. */
  readonly unknown: number;
  /** Writes that the hospital refused. */
  readonly failed: number;
  /** Patients whose facts on file were read, and how often a type of resource was not shown. */
  readonly facts: { readonly patients: number; readonly notReadable: number };
  /** Patients whose orders were looked for one by one; those that wait for a later run; those of whom it failed. */
  readonly patients: {
    readonly checked: number;
    readonly waiting: number;
    readonly failed: number;
  };
  readonly requests: number;
  readonly seconds: number;
  readonly problems: readonly Problem[];
  /** Worth knowing and nothing wrong: how the server had to be asked, what it was not asked for. */
  readonly notes: readonly string[];
  /** Of a folder source only. */
  readonly files?: readonly FileOutcome[] | undefined;
}

export interface Tally {
  read: number;
  fresh: number;
  selected: number;
  refused: Record<string, number>;
  waiting: number;
  new: number;
  changed: number;
  ignored: number;
  unusable: number;
  sent: number;
  needless: number;
  queued: number;
  unknown: number;
  failed: number;
  facts: { patients: number; notReadable: number };
  patients: { checked: number; waiting: number; failed: number };
  problems: Problem[];
  notes: string[];
  files?: FileOutcome[];
}

export function emptyTally(): Tally {
  return {
    read: 0,
    fresh: 0,
    selected: 0,
    refused: {},
    waiting: 0,
    new: 0,
    changed: 0,
    ignored: 0,
    unusable: 0,
    sent: 0,
    needless: 0,
    queued: 0,
    unknown: 0,
    failed: 0,
    facts: { patients: 0, notReadable: 0 },
    patients: { checked: 0, waiting: 0, failed: 0 },
    problems: [],
    notes: [],
  };
}

export function countRefused(tally: Tally, rule: string): void {
  tally.refused[rule] = (tally.refused[rule] ?? 0) + 1;
}

export function noteProblem(tally: Tally, { code, message, fix }: AdapterError): void {
  if (!tally.problems.some((one) => one.code === code && one.says === message))
    tally.problems.push({ code, says: message, fix });
}

export function note(tally: Tally, says: string): void {
  if (!tally.notes.includes(says)) tally.notes.push(says);
}

/** One line for a log, a terminal and a pager. */
export function reportLine(report: RunReport): string {
  const refused = Object.entries(report.refused).map(([rule, count]) => `${count} by ${rule}`);
  const parts = [
    `${report.read} read`,
    `${report.selected} selected (${report.new} new, ${report.changed} changed)`,
    `${Object.values(report.refused).reduce((sum, count) => sum + count, 0)} refused${refused.length > 0 ? ` (${refused.join(', ')})` : ''}`,
    `${report.waiting} waiting`,
    ...(report.unusable > 0 ? [`${report.unusable} unusable`] : []),
    `${report.sent} sent`,
    `${report.unknown} unknown`,
    `${report.failed} failed`,
    ...patientsLine(report.patients),
    ...(report.facts.patients > 0 ? [factsLine(report.facts)] : []),
    `${report.requests} requests`,
    `${report.seconds.toFixed(1)} s`,
  ];
  return `${report.hospital}: ${report.mode} sync ${report.state}: ${parts.join(', ')}`;
}

function patientsLine({ checked, waiting, failed }: RunReport['patients']): string[] {
  if (checked + waiting + failed === 0) return [];
  const more = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(waiting > 0 ? [`${waiting} wait for a later run`] : []),
  ];
  return [`orders of ${checked} patients${more.length > 0 ? ` (${more.join(', ')})` : ''}`];
}

function factsLine({ patients, notReadable }: RunReport['facts']): string {
  const missing = notReadable > 0 ? ` (${notReadable} not readable)` : '';
  return `facts of ${patients} patients${missing}`;
}
