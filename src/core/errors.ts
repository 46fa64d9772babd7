/**
 * One error class and one table of codes. Policy reads `kind`, people read `message` and `fix`, programs read the
 * code; nobody parses messages. A message names resources by our ids or by FHIR reference, never a person.
 */

export type ErrorKind = 'transient' | 'ambiguous' | 'permanent';

export const errorCodes = {
  // the wire
  'hospital-unreachable': {
    kind: 'transient',
    fix: 'Check the network path to the hospital; the sync tries again by itself.',
  },
  'hospital-busy': {
    kind: 'transient',
    fix: 'Nothing to do: the adapter waits as long as the hospital asked for.',
  },
  'hospital-fault': {
    kind: 'transient',
    fix: 'Ask the hospital to look at its server; the sync tries again by itself.',
  },
  'answer-broken': {
    kind: 'transient',
    fix: 'Look for a proxy that cuts answers; the sync tries again by itself.',
  },
  'write-unclear': {
    kind: 'ambiguous',
    fix: 'Nothing to do: the outbox looks before it sends again.',
  },
  'sign-in-refused': {
    kind: 'permanent',
    fix: 'Correct signIn of this hospital in the settings, then run a sync.',
  },
  'not-allowed': {
    kind: 'permanent',
    fix: 'Ask the hospital to grant this interaction to our client.',
  },
  'hospital-refused': {
    kind: 'permanent',
    fix: 'Read the hospital’s answer in the story and correct the referral or the settings.',
  },
  'version-conflict': {
    kind: 'transient',
    fix: 'Nothing to do: the adapter reads the resource again and decides anew.',
  },
  'not-found': {
    kind: 'permanent',
    fix: 'Check the reference; the hospital does not have this resource.',
  },
  gone: {
    kind: 'permanent',
    fix: 'The hospital deleted this resource; decide what it means for the referral.',
  },
  'several-matches': {
    kind: 'permanent',
    fix: 'Ask the hospital to remove the duplicates that carry our identifier.',
  },
  'foreign-origin': {
    kind: 'permanent',
    fix: 'The hospital pointed to another server; correct its base address or ask it to correct its links.',
  },
  'not-fhir-r4': {
    kind: 'permanent',
    fix: 'Set base to the address of a FHIR R4 (4.0.x) endpoint.',
  },
  'search-not-honoured': {
    kind: 'permanent',
    fix: 'This server ignores a search parameter that this way of finding orders needs; choose another way.',
  },
  'paging-broken': {
    kind: 'permanent',
    fix: 'Ask the hospital to look at its search paging; the window is read again.',
  },
  'server-changed': {
    kind: 'permanent',
    fix: 'Nothing to do while the ways that are used stay; else tell the hospital what is missing.',
  },
  'rung-lost': {
    kind: 'permanent',
    fix: 'Ask the hospital why it no longer allows this; the next best way is used until then.',
  },
  'rung-missing': {
    kind: 'permanent',
    fix: 'Name rooms, people or a roster under discover, have orders pushed, or ask the hospital for a search that shows them.',
  },
  // what we send
  'definitions-missing': {
    kind: 'permanent',
    fix: 'Install massage-fhir again, with its development dependencies in a checkout (npm ci).',
  },
  'outbound-invalid': {
    kind: 'permanent',
    fix: 'Correct the record that this was made from; nothing was sent.',
  },
  // the desk and the API
  'not-possible-now': {
    kind: 'permanent',
    fix: 'Choose one of the commands that are possible now.',
  },
  'not-ours': { kind: 'permanent', fix: 'Check the id; nothing here has it.' },
  overlap: { kind: 'permanent', fix: 'Choose another time or another therapist.' },
  'stale-version': {
    kind: 'permanent',
    fix: 'Read the resource again and repeat the command with its new ETag.',
  },
  'bad-request': { kind: 'permanent', fix: 'Correct the request as the message says.' },
  'key-missing': { kind: 'permanent', fix: 'Send a key: Authorization: Bearer …' },
  'key-refused': { kind: 'permanent', fix: 'Ask for a new key: massage-fhir access new --role …' },
  'not-permitted': { kind: 'permanent', fix: 'Use a key whose role has this permission.' },
  'idempotency-reused': {
    kind: 'permanent',
    fix: 'Use a new Idempotency-Key for another request.',
  },
  'too-many-requests': { kind: 'transient', fix: 'Wait as long as Retry-After says.' },
  'body-too-large': { kind: 'permanent', fix: 'Send less at once.' },
  'wrong-media-type': { kind: 'permanent', fix: 'Send JSON: Content-Type: application/json.' },
  'wrong-method': { kind: 'permanent', fix: 'Use a method that Allow names.' },
  // settings, files, store
  'settings-wrong': {
    kind: 'permanent',
    fix: 'Correct the settings as listed, then run massage-fhir settings check.',
  },
  'arguments-wrong': { kind: 'permanent', fix: 'See --help of this command.' },
  'file-unreadable': { kind: 'permanent', fix: 'Check path and permissions of the file.' },
  'store-unusable': {
    kind: 'permanent',
    fix: 'Check the store setting, the disk and the permissions of the folder.',
  },
  'store-busy': {
    kind: 'transient',
    fix: 'Another process holds the store for long; try again, or end the process that keeps it.',
  },
  'store-newer': {
    kind: 'permanent',
    fix: 'This store was written by a newer version: run that version.',
  },
  'port-taken': {
    kind: 'permanent',
    fix: 'Choose another port with listen, or stop what uses it.',
  },
  'run-in-progress': {
    kind: 'transient',
    fix: 'Another run of this hospital is under way; wait for its end.',
  },
  internal: {
    kind: 'permanent',
    fix: 'This is a fault of massage-fhir: report the code and the log line.',
  },
} as const satisfies Record<string, { kind: ErrorKind; fix: string }>;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  /** FHIR reference or our id of what it happened to. */
  readonly about?: string;
  /** HTTP status of the hospital's answer, when there was one. */
  readonly status?: number;
  /** Milliseconds to wait before the next try, as the other side asked. */
  readonly retryAfterMs?: number;
  /** Replaces the general advice of the table where a better one is known. */
  readonly fix?: string;
  /** The clause of a specification that was broken. */
  readonly spec?: string;
  readonly cause?: unknown;
  /** Everything that was wrong, when it is more than one thing (settings, request bodies). */
  readonly problems?: readonly string[];
}

/** The one error of this product. `kind` decides what the machine does, `fix` tells a person what to do. */
export class AdapterError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly fix: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AdapterError';
    this.code = code;
    this.kind = errorCodes[code].kind;
    this.fix = details.fix ?? errorCodes[code].fix;
    this.details = details;
  }
}

/** Anything that was thrown, as our error: unknown faults become `internal` with the original as cause. */
export function asAdapterError(thrown: unknown): AdapterError {
  if (thrown instanceof AdapterError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AdapterError('internal', message, { cause: thrown });
}
