/**
 * What each signal says in the log: its level, its sentence, and the fields that go beside it. The fields listed here are
 * the only ones that can ever be printed; whatever else a signal carries stays out (see redaction.ts).
 */
import type { SignalName, Signals } from '../core/signals.ts';

export const levels = ['error', 'warn', 'info', 'debug'] as const;
export type Level = (typeof levels)[number];

export interface Sentence<Data> {
  readonly level: Level | ((data: Data) => Level);
  readonly says: (data: Data) => string;
  readonly fields: readonly (keyof Data & string)[];
}

export const sentences: { readonly [Name in SignalName]: Sentence<Signals[Name]> } = {
  'run:started': {
    level: 'info',
    says: (run) => `${run.hospital}: ${run.mode} run started`,
    fields: ['hospital', 'run', 'mode'],
  },
  'run:page': {
    level: 'debug',
    says: (page) => `${page.hospital}: ${page.rung} read ${page.read}, ${page.fresh} of them new`,
    fields: ['hospital', 'run', 'rung', 'read', 'fresh'],
  },
  'run:ended': {
    level: (run) => (run.failed > 0 ? 'warn' : 'info'),
    says: (run) =>
      `${run.hospital}: run ${run.state} in ${run.seconds} s: ${run.read} read, ${run.selected} selected, ` +
      `${run.sent} sent, ${run.waiting} waiting for a person, ${run.failed} failed`,
    fields: [
      'hospital',
      'run',
      'state',
      'seconds',
      'read',
      'selected',
      'sent',
      'waiting',
      'failed',
    ],
  },
  'run:failed': {
    level: 'error',
    says: (run) => `${run.hospital}: run failed, ${run.code}: ${run.says} ${run.fix}`,
    fields: ['hospital', 'run', 'code', 'fix'],
  },
  'run:skipped': {
    level: 'info',
    says: (run) => `${run.hospital}: no run, ${run.why}`,
    fields: ['hospital'],
  },
  'survey:taken': {
    level: (survey) => (survey.lost > 0 ? 'warn' : 'info'),
    says: (survey) =>
      `${survey.hospital}: the server is taken for ${survey.vendor}, used are ${survey.rungs}` +
      `${survey.changes > 0 ? `; ${survey.changes} changes since the last time` : ''}` +
      `${survey.lost > 0 ? `; ${survey.lost} ways no longer work` : ''}`,
    fields: ['hospital', 'vendor', 'rungs', 'changes', 'lost'],
  },
  'hospital:failing': {
    level: 'warn',
    says: (it) =>
      `${it.hospital}: failing since ${it.since} (${it.faults} times in a row, at last ${it.last}); ` +
      'left alone, but for a try now and then',
    fields: ['hospital', 'since', 'faults', 'last'],
  },
  'hospital:back': {
    level: 'info',
    says: (it) => `${it.hospital}: works again, after it had failed since ${it.since}`,
    fields: ['hospital', 'since', 'faults', 'last'],
  },
  exchange: {
    level: 'debug',
    says: (one) =>
      `${one.hospital}: ${one.method} ${one.path} ${one.status ?? one.errorCode ?? 'no answer'} in ${one.ms} ms`,
    fields: ['hospital', 'requestId', 'method', 'path', 'status', 'ms', 'errorCode'],
  },
  'inbox:settled': {
    level: 'debug',
    says: (entry) => `${entry.hospital}: ${entry.resource} is ${entry.state} by rule ${entry.rule}`,
    fields: ['hospital', 'inbox', 'resource', 'state', 'rule'],
  },
  'referral:changed': {
    level: 'info',
    says: (change) =>
      `${change.hospital}: referral ${change.referral} is ${change.state} (${change.events.join(', ')})`,
    fields: ['hospital', 'referral', 'state', 'events', 'by'],
  },
  'facts:read': {
    level: 'info',
    says: (read) =>
      `${read.hospital}: facts of ${read.patients} patients read, ${read.changed} changed, ` +
      `${read.notReadable} times a type was not readable`,
    fields: ['hospital', 'patients', 'changed', 'notReadable'],
  },
  'outbox:sent': {
    level: 'info',
    says: (sent) =>
      `${sent.hospital}: ${sent.kind} sent${sent.resource === undefined ? '' : ` as ${sent.resource}`}`,
    fields: ['hospital', 'intention', 'kind', 'attempts', 'resource'],
  },
  'outbox:retry': {
    level: 'warn',
    says: (retry) =>
      `${retry.hospital}: ${retry.kind} not sent yet, ${retry.code}; again at ${retry.nextAt}`,
    fields: ['hospital', 'intention', 'kind', 'code', 'nextAt'],
  },
  'outbox:stuck': {
    level: 'error',
    says: (stuck) =>
      `${stuck.hospital}: ${stuck.kind} is ${stuck.state}, ${stuck.code}; it waits for a person`,
    fields: ['hospital', 'intention', 'kind', 'state', 'code'],
  },
  'work:opened': {
    level: 'info',
    says: (work) => `${work.hospital}: ${work.kind} waits for a person`,
    fields: ['hospital', 'work', 'kind', 'referral'],
  },
  'api:answered': {
    level: 'debug',
    says: (answer) => `${answer.method} ${answer.route} ${answer.status} in ${answer.ms} ms`,
    fields: ['method', 'route', 'status', 'ms', 'requestId', 'key'],
  },
  'api:fault': {
    level: 'error',
    says: (fault) => `Request ${fault.requestId} failed, ${fault.code}: ${fault.says}`,
    fields: ['requestId', 'code'],
  },
  'access:refused': {
    level: 'warn',
    says: (refused) => `Request ${refused.requestId} refused: ${refused.why}`,
    fields: ['requestId', 'why'],
  },
  'server:listening': {
    level: 'info',
    says: (server) => `Listening on ${server.address}`,
    fields: ['address'],
  },
  'server:stopping': {
    level: 'info',
    says: (server) => `Stopping: ${server.why}`,
    fields: ['why'],
  },
  fault: {
    level: 'error',
    says: (fault) => `${fault.where}: ${fault.code}: ${fault.says} ${fault.fix}`,
    fields: ['where', 'code', 'fix'],
  },
};

/** A signal as one line of the log, before redaction. */
export interface Line {
  readonly level: Level;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function lineOf<Name extends SignalName>(name: Name, data: Signals[Name]): Line {
  const sentence: Sentence<Signals[Name]> = sentences[name];
  const level = typeof sentence.level === 'function' ? sentence.level(data) : sentence.level;
  return { level, message: sentence.says(data), data: { ...data } };
}
