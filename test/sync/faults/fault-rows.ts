/**
 * What goes wrong at real servers (the numbers are those of the handbook’s list of quirks), and what must come of it: the
 * state of the run that meets it, a sentence of its report, and whether the orders are all there at once or after the next
 * run without the fault. The referrals are always the right ones, each once.
 */
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { statementRows } from './statement-rows.ts';

export interface FaultRow {
  readonly quirk: string;
  readonly when: string;
  readonly faults: readonly Fault[];
  /** Settings of the hospital, lines of YAML. */
  readonly settings?: string;
  /** Of the run that meets the fault. */
  readonly state: 'complete' | 'partial' | 'failed';
  /** In its report; none of it has a problem when absent. */
  readonly says?: RegExp;
  /** How many of the orders are referrals after that run; all of them where not given. */
  readonly found?: number;
  /**
   * The next run is at once where not given. `within a week`: what changed under the version that it had is found by the
   * sweeps of seven nights.
   */
  readonly heals?: 'a day later' | 'within a week';
}

const orders = { type: 'ServiceRequest', method: 'GET' } as const;
const later = { ...orders, page: 'later' } as const;

const expired = (['404', '410', '400', '4113'] as const).map(
  (answer): FaultRow => ({
    quirk: 'Q2',
    when: `the search has expired on its second page (${answer})`,
    faults: [{ do: 'search-expired', answer, on: orders }],
    settings: '    vendor: epic\n    rungs: { discovery: [A1] }\n',
    state: 'complete',
  }),
);

const rebased = (['other-host', 'other-scheme', 'other-port', 'doubled-port'] as const).map(
  (as): FaultRow => ({
    quirk: 'Q1',
    when: `next links have the right path and another start (${as})`,
    faults: [{ do: 'next-link', as, on: orders, always: true }],
    state: 'complete',
    says: /next link/,
  }),
);

const throttled = (
  ['retry-after', 'retry-after-date', 'x-ms-retry-after-ms', 'rate-limit', 'none'] as const
).map(
  (header): FaultRow => ({
    quirk: 'Q15',
    when: `it asks to wait (${header})`,
    faults: [{ do: 'throttle', header, seconds: 1, on: orders }],
    state: 'complete',
  }),
);

const totals = (['missing', 'zero', 'entries', 'too-large'] as const).map(
  (is): FaultRow => ({
    quirk: 'Q11',
    when: `Bundle.total is ${is}`,
    faults: [{ do: 'total', is, on: orders, always: true }],
    ...(is === 'too-large'
      ? { state: 'partial' as const, says: /does not show everything/ }
      : { state: 'complete' as const }),
  }),
);

const includes = (['repeated', 'as-matches', 'without-mode'] as const).map(
  (as): FaultRow => ({
    quirk: 'Q5',
    when: `entries are ${as}`,
    faults: [{ do: 'includes', as, on: orders, always: true }],
    state: 'complete',
  }),
);

const references = (['absolute', 'versioned'] as const).map(
  (as): FaultRow => ({
    quirk: 'Q26',
    when: `references are ${as}`,
    faults: [{ do: 'references', as, always: true }],
    state: 'complete',
  }),
);

/** Of whom nobody here can tell, a person has to: the orders wait. */
const nobody = (['display-only', 'identifier-only'] as const).map(
  (as): FaultRow => ({
    quirk: 'Q26',
    when: `all references, those to the patient too, are ${as}`,
    faults: [{ do: 'references', as, always: true }],
    state: 'complete',
    found: 0,
  }),
);

export const faultRows: readonly FaultRow[] = [
  ...rebased,
  {
    quirk: 'Q1',
    when: 'a next link leads to another path',
    faults: [{ do: 'next-link', as: 'other-path', on: orders, times: 9 }],
    state: 'partial',
    says: /A1: A link of the hospital leads/,
    found: 3,
  },
  ...expired,
  {
    quirk: 'Q3',
    when: 'a repeated search is answered from memory',
    faults: [{ do: 'stale-search', always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q4',
    when: 'a next link leads back to its own page',
    faults: [{ do: 'loop-next', on: orders, times: 9 }],
    state: 'partial',
    says: /cannot be read to its end/,
    found: 3,
  },
  {
    quirk: 'Q4',
    when: 'later pages repeat rows',
    faults: [{ do: 'page-repeats', rows: 2, on: orders, always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q4',
    when: 'later pages leave rows out',
    faults: [{ do: 'page-gap', rows: 1, on: orders, times: 2 }],
    state: 'complete',
  },
  ...includes,
  {
    quirk: 'Q7',
    when: 'a search shows what is outside of its window, so that it cannot be relied upon',
    faults: [{ do: 'outside-window', on: orders, always: true }],
    state: 'complete',
    says: /A1 is not used: .*shows what was not asked for/,
    found: 0,
  },
  {
    quirk: 'Q8',
    when: 'a window without both ends is refused',
    faults: [{ do: 'refuse-window', of: 'open', on: orders, always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q10',
    when: 'the time of a change is ignored, and the self link says so',
    faults: [
      {
        do: 'ignore-parameters',
        names: ['_lastUpdated'],
        self: 'applied',
        on: orders,
        always: true,
      },
    ],
    state: 'complete',
    says: /A1 is not used: .*the server ignores _lastUpdated/,
    found: 0,
  },
  ...totals,
  {
    quirk: 'Q12',
    when: 'a warning among the entries says that something is left out',
    faults: [{ do: 'outcome-entry', severity: 'warning', on: orders, times: 9 }],
    state: 'partial',
    says: /A1: the hospital says that its answer is incomplete/,
  },
  {
    quirk: 'Q12',
    when: 'an information stands among the entries',
    faults: [{ do: 'outcome-entry', severity: 'information', on: orders, always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q13',
    when: 'it answers 200 with an OperationOutcome that says error',
    faults: [{ do: 'outcome-200', on: orders, times: 9 }],
    state: 'partial',
    says: /A1: GET ServiceRequest/,
    found: 0,
  },
  {
    quirk: 'Q14',
    when: 'it answers a faulty question with 500',
    faults: [{ do: 'status', status: 500, issue: 'required', on: orders, times: 9 }],
    state: 'complete',
    says: /A1 is not used: .*it was refused \(hospital-refused, 500\)/,
    found: 0,
  },
  ...throttled,
  {
    quirk: 'Q15',
    when: 'the day’s budget is spent (4135)',
    faults: [{ do: 'epic-code', code: '4135', on: orders }],
    settings: '    vendor: epic\n    rungs: { discovery: [A1] }\n',
    state: 'failed',
    says: /answers no more before its next day begins/,
    found: 0,
    heals: 'a day later',
  },
  {
    quirk: 'Q23',
    when: 'nothing has meta or an ETag',
    faults: [{ do: 'no-meta', always: true }],
    state: 'complete',
  },
  ...references,
  ...nobody,
  {
    quirk: 'Q26',
    when: 'all references lead to another server, which is never asked',
    faults: [{ do: 'references', as: 'foreign', always: true }],
    state: 'complete',
    says: /names no patient of this hospital/,
  },
  {
    quirk: 'Q31',
    when: 'it shows one page of a search and no more',
    faults: [
      { do: 'cap', rows: 5, on: orders, always: true },
      { do: 'total', is: 'missing', on: orders, always: true },
    ],
    state: 'complete',
  },
  {
    quirk: 'Q31',
    when: 'it refuses a search with more than three rows (413)',
    faults: [{ do: 'cap', rows: 3, refuses: true, on: orders, always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q31',
    when: 'its pages are smaller than asked',
    faults: [{ do: 'small-pages', rows: 2, on: orders, always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q32',
    when: 'a code without its system finds nothing',
    faults: [{ do: 'system-required', always: true }],
    state: 'complete',
  },
  ...statementRows,
  {
    quirk: 'Q35',
    when: 'a page is larger than what we take in',
    faults: [{ do: 'oversized', bytes: 80_000_000, gzip: true, on: orders, times: 9 }],
    state: 'partial',
    says: /larger than/,
    found: 0,
  },
  {
    quirk: 'Q36',
    when: 'the token is refused in the middle of paging',
    faults: [{ do: 'token-expired', on: later, times: 9 }],
    state: 'partial',
    says: /401/,
    found: 3,
  },
  {
    quirk: 'Q37',
    when: 'a proxy does not reach the server once',
    faults: [{ do: 'gateway', status: 502, on: orders }],
    state: 'complete',
  },
  {
    quirk: 'Q37',
    when: 'a proxy does not reach the server at all',
    faults: [{ do: 'gateway', status: 504, always: true }],
    state: 'failed',
    says: /504/,
    found: 0,
  },
  {
    quirk: 'Q37',
    when: 'a page of sign-in stands before the server',
    faults: [{ do: 'html', always: true }],
    state: 'failed',
    says: /text\/html|without a Bundle/,
    found: 0,
  },
  {
    quirk: 'Q37',
    when: 'an answer is lost, a connection refused, a body cut',
    faults: [
      { do: 'lose-answer', on: orders },
      { do: 'drop-request', on: later },
    ],
    state: 'complete',
  },
  {
    quirk: 'Q37',
    when: 'half of a body comes',
    faults: [{ do: 'truncate', on: orders }],
    state: 'complete',
  },
  {
    quirk: 'Q37',
    when: 'an answer never comes',
    faults: [{ do: 'hang', on: orders }],
    settings: '    timeout: 1s\n',
    state: 'complete',
  },
  {
    quirk: 'Q38',
    when: 'there is no .well-known',
    faults: [{ do: 'no-discovery', status: 501, always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q6',
    when: 'its clock is four minutes ahead of ours',
    faults: [{ do: 'clock-drift', ms: 240_000, always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q21',
    when: 'the patient’s record is gone',
    faults: [{ do: 'gone', on: { type: 'Patient' }, always: true }],
    state: 'complete',
    says: /Patient\/fern/,
  },
  {
    quirk: 'Q22',
    when: 'codes come masked as unknown: a person has to look',
    faults: [{ do: 'masked', as: 'unknown', on: orders, always: true }],
    state: 'complete',
    found: 0,
    heals: 'within a week',
  },
  {
    quirk: 'Q29',
    when: 'it reads dates in a zone of its own',
    faults: [{ do: 'local-dates', offset: '+05:30', always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q35',
    when: 'it calls its JSON something else',
    faults: [{ do: 'content-type', type: 'text/plain', on: orders, always: true }],
    state: 'complete',
  },
  {
    quirk: 'Q37',
    when: 'its answers are slow',
    faults: [{ do: 'slow', ms: 300, on: orders, always: true }],
    state: 'complete',
  },
];
