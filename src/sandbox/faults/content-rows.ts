/** Faults of what an answer says: pages, searches, writes, resources, the statement. */
import { row } from './row.ts';

export const contentRows = {
  // pages and links
  'foreign-next': row('The next link leads to this origin; a last page gets one too.', 'Q1', {
    origin: 'string',
  }),
  'loop-next': row('The next link is the address just asked.', 'Q4', {}),
  'next-link': row('The next link has the right path and the wrong start.', 'Q1', {
    as: ['other-host', 'other-scheme', 'other-port', 'doubled-port', 'other-path'],
  }),
  'search-expired': row(
    'The search has expired when its next page is asked for.',
    'Q2',
    {
      answer: ['404', '410', '400', '4113'],
    },
    { page: 'later' },
  ),
  'stale-search': row(
    'The same search is answered from memory so long (60 s), unless no-cache is asked.',
    'Q3',
    {
      ms: 'number?',
    },
  ),
  'page-repeats': row(
    'A later page begins so many rows (1) too early.',
    'Q4',
    { rows: 'number?' },
    {
      page: 'later',
    },
  ),
  'page-gap': row(
    'A later page begins so many rows (1) too late.',
    'Q4',
    { rows: 'number?' },
    {
      page: 'later',
    },
  ),
  total: row('Bundle.total is missing, zero, that of the entries, or too large.', 'Q11', {
    is: ['missing', 'zero', 'entries', 'too-large'],
  }),
  'outcome-entry': row('An OperationOutcome among the entries of a search.', 'Q12', {
    severity: ['information', 'warning', 'error'],
    issue: 'string?',
    /** A code of an Epic-like server, such as 59204. */
    code: 'string?',
    mode: ['?', 'outcome', 'match', 'absent'],
  }),
  includes: row('Included resources come twice, as matches, or all entries without a mode.', 'Q5', {
    as: ['repeated', 'as-matches', 'without-mode'],
  }),
  cap: row('A search shows so many rows and no next link, or answers 413 beyond them.', 'Q31', {
    rows: 'number',
    refuses: 'boolean?',
  }),
  'small-pages': row('A page has at most so many rows, whatever _count says.', 'Q31', {
    rows: 'number',
  }),

  // searches
  'late-commit': row('A change shows only so long after the time that it carries.', 'Q6', {
    ms: 'number',
  }),
  'index-lag': row(
    'A write is found only after so many more searches (1), or so long; a read has it.',
    'Q34',
    {
      ms: 'number?',
      requests: 'number?',
    },
  ),
  'outside-window': row('A search also shows what is outside of its _lastUpdated.', 'Q7', {}),
  'refuse-window': row('400 for some forms of _lastUpdated or for date beside it.', 'Q8', {
    of: ['open', 'date-only', 'timed', 'date-and-last-updated'],
  }),
  'day-precision': row('Only the day of _lastUpdated counts.', 'Q9', {}),
  'ignore-parameters': row(
    'These search parameters, or all, are ignored; self says so or lies.',
    'Q10',
    {
      names: 'object?',
      self: ['?', 'applied', 'asked'],
    },
  ),
  'local-dates': row('A date without a zone is read in this one, such as -05:00.', 'Q29', {
    offset: 'string',
  }),
  'system-required': row('A code without its system finds nothing.', 'Q32', {}),
  'form-ignored': row('The form of a POST _search is ignored.', 'Q33', {}),

  // writes and versions
  'if-match': row('If-Match is taken only bare, only as W/"n", demanded, or ignored.', 'Q16', {
    wants: ['bare', 'weak', 'mandatory', 'ignored'],
  }),
  'stale-409': row('A stale version is answered with 409.', 'Q17', {}),
  'version-names': row('Versions begin with 0, or are no numbers.', 'Q18', { as: ['zero', 'odd'] }),
  'empty-answer': row('A write answers without a body, with this Content-Type if given.', 'Q19', {
    type: 'string?',
  }),
  'drop-elements': row(
    'These elements of what is created are left out, or refused with 422.',
    'Q20',
    {
      names: 'object',
      refuses: 'boolean?',
    },
  ),

  // resources
  'long-ids': row('Ids have more than 64 characters, and "_" among them.', 'Q27', {}),
  'clock-drift': row('Every second version carries a time that is so much too early.', 'Q6', {
    ms: 'number',
  }),
  'no-meta': row('Resources come without meta, answers without ETag.', 'Q23', {}),
  masked: row('What is entered in error comes masked; or any code as unknown.', 'Q22', {
    as: ['status', 'content', 'unknown'],
  }),
  references: row('References in another spelling.', 'Q26', {
    as: ['absolute', 'foreign', 'versioned', 'display-only', 'identifier-only'],
    /** The other base of `foreign`. */
    base: 'string?',
  }),

  // the statement
  statement: row(
    '/metadata lies, or is odd.',
    'Q35',
    {
      is: [
        'doubled',
        'nameless',
        'null-names',
        'copied-name',
        'without-rest',
        'odd-operations',
        'promising',
      ],
    },
    { path: '/metadata' },
  ),
  'statement-version': row(
    '/metadata says this fhirVersion.',
    'Q35',
    { fhirVersion: 'string' },
    {
      path: '/metadata',
    },
  ),
  'statement-size': row(
    '/metadata has at least so many bytes of content.',
    'Q35',
    {
      bytes: 'number',
    },
    { path: '/metadata' },
  ),
} as const;
