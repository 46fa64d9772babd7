/** Faults of connections and of whole answers: what comes instead of the answer, or how it comes. */
import { row } from './row.ts';

export const answerRows = {
  // connections and whole answers
  'lose-answer': row('Carried out, then the connection is cut without an answer.', 'Q37', {}),
  'drop-request': row('The connection is cut before anything happens.', 'Q37', {}),
  hang: row('Nothing happens and nothing is answered until the client leaves.', 'Q37', {}),
  slow: row('Carried out at once, answered this much later.', 'Q37', { ms: 'number' }),
  drip: row('The body comes in pieces of so many bytes, one each time span.', 'Q37', {
    bytes: 'number',
    ms: 'number',
  }),
  truncate: row('Half of the body is sent, then the connection ends.', 'Q37', {
    chunked: 'boolean?',
  }),
  oversized: row('The body is filled up with blanks to so many bytes, if asked as gzip.', 'Q35', {
    bytes: 'number',
    gzip: 'boolean?',
  }),
  'content-type': row('The answer says this Content-Type.', 'Q35', { type: 'string' }),
  html: row('A sign-in page of some proxy: 200, text/html, and nothing happens.', 'Q37', {}),
  gateway: row('An HTML page of a proxy that does not reach the server.', 'Q37', {
    status: 'number',
  }),

  // refusals
  status: row('This status instead of the work.', 'Q14', {
    status: 'number',
    /** Seconds, or an HTTP date. */
    retryAfter: 'number? string?',
    /** An OperationOutcome if not given. */
    body: 'string? object?',
    /** The issue code of that OperationOutcome. */
    issue: 'string?',
    headers: 'object?',
  }),
  'epic-code': row('Refused with this code of an Epic-like server.', 'Q15', {
    code: [
      '4102',
      '4103',
      '4110',
      '4111',
      '4113',
      '4130',
      '4131',
      '4134',
      '4135',
      '59159',
      '59187',
      '59188',
      '59189',
    ],
    status: 'number?',
  }),
  throttle: row(
    'Too many requests (429, or this status), the wait said in one of the headers.',
    'Q15',
    {
      header: ['retry-after', 'retry-after-date', 'x-ms-retry-after-ms', 'rate-limit', 'none'],
      seconds: 'number',
      status: 'number?',
    },
  ),
  'token-expired': row('401: the token is no longer good.', 'Q36', {}),
  'no-discovery': row(
    'There is no .well-known: this status.',
    'Q38',
    { status: 'number' },
    {
      path: '/.well-known/',
    },
  ),
  'outcome-200': row('200 with an OperationOutcome that says error; nothing happens.', 'Q13', {}),
  gone: row('410 without a body.', 'Q21', {}),
  merged: row('The resource was merged (4107): a redirect to this one, e.g. Patient/9.', 'Q21', {
    to: 'string',
  }),
} as const;
