/**
 * Metrics in the Prometheus text format (0.0.4), counted from the signals. One table of metrics; labels are hospitals,
 * codes and kinds of ours only, so that their number stays small and no person is in them.
 */
import type { Instant } from '../core/concept.ts';
import type { Listener, SignalName, Signals } from '../core/signals.ts';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  /** A counter adds its samples up, a gauge keeps the last one, a summary keeps sum and count. */
  readonly type: 'counter' | 'gauge' | 'summary';
  readonly from: SignalName;
  readonly sample: (data: never, now: Instant) => Sample | undefined;
}

function metric<Name extends SignalName>(
  type: Metric['type'],
  name: string,
  help: string,
  from: Name,
  sample: (data: Signals[Name], now: Instant) => Sample | undefined,
): Metric {
  return { type, name: `massage_fhir_${name}`, help, from, sample };
}

/** One more of these. */
const one = (labels: Sample['labels']): Sample => ({ labels, value: 1 });

export const metrics: readonly Metric[] = [
  metric('counter', 'runs_total', 'Runs that ended, by how.', 'run:ended', (run) =>
    one({ hospital: run.hospital, state: run.state }),
  ),
  metric('counter', 'runs_failed_total', 'Runs that failed, by error code.', 'run:failed', (run) =>
    one({ hospital: run.hospital, code: run.code }),
  ),
  metric('counter', 'runs_skipped_total', 'Runs that were not begun.', 'run:skipped', (run) =>
    one({ hospital: run.hospital }),
  ),
  metric(
    'gauge',
    'run_last_complete_timestamp_seconds',
    'When the last run that completed ended.',
    'run:ended',
    (run, now) =>
      run.state === 'complete'
        ? { labels: { hospital: run.hospital }, value: Math.floor(Date.parse(now) / 1000) }
        : undefined,
  ),
  metric('gauge', 'run_last_seconds', 'Duration of the last run.', 'run:ended', (run) => ({
    labels: { hospital: run.hospital },
    value: run.seconds,
  })),
  metric('counter', 'resources_read_total', 'Resources read, by rung.', 'run:page', (page) => ({
    labels: { hospital: page.hospital, rung: page.rung },
    value: page.read,
  })),
  metric(
    'counter',
    'inbox_settled_total',
    'Inbox rows that reached a state, by rule.',
    'inbox:settled',
    (row) => one({ hospital: row.hospital, state: row.state, rule: row.rule }),
  ),
  metric(
    'counter',
    'referral_changes_total',
    'Changes of referrals, by the state that they led to.',
    'referral:changed',
    (change) => one({ hospital: change.hospital, state: change.state }),
  ),
  metric(
    'counter',
    'facts_read_total',
    'Patients whose facts on file were read.',
    'facts:read',
    (read) => ({ labels: { hospital: read.hospital }, value: read.patients }),
  ),
  metric(
    'counter',
    'facts_not_readable_total',
    'Types of resources that a hospital did not show when facts were read.',
    'facts:read',
    (read) => ({ labels: { hospital: read.hospital }, value: read.notReadable }),
  ),
  metric('counter', 'outbox_sent_total', 'Intentions sent, by kind.', 'outbox:sent', (sent) =>
    one({ hospital: sent.hospital, kind: sent.kind }),
  ),
  metric(
    'counter',
    'outbox_retries_total',
    'Attempts that are made again, by error code.',
    'outbox:retry',
    (retry) => one({ hospital: retry.hospital, kind: retry.kind, code: retry.code }),
  ),
  metric(
    'counter',
    'outbox_stuck_total',
    'Intentions that became work for a person.',
    'outbox:stuck',
    (stuck) => one({ hospital: stuck.hospital, kind: stuck.kind, code: stuck.code }),
  ),
  metric('counter', 'work_opened_total', 'Work for people, by kind.', 'work:opened', (work) =>
    one({ hospital: work.hospital, kind: work.kind }),
  ),
  metric(
    'counter',
    'exchanges_total',
    'Exchanges with hospitals, by method and answer.',
    'exchange',
    (it) =>
      one({
        hospital: it.hospital,
        method: it.method,
        answer: String(it.status ?? it.errorCode ?? 'none'),
      }),
  ),
  metric('summary', 'exchange_seconds', 'Duration of exchanges.', 'exchange', (it) => ({
    labels: { hospital: it.hospital },
    value: it.ms / 1000,
  })),
  metric('counter', 'api_answers_total', 'Answers of the API.', 'api:answered', (it) =>
    one({ method: it.method, route: it.route, status: String(it.status) }),
  ),
  metric('summary', 'api_seconds', 'Duration of API answers.', 'api:answered', (it) => ({
    labels: { route: it.route },
    value: it.ms / 1000,
  })),
  metric('counter', 'access_refused_total', 'Requests without a valid key.', 'access:refused', () =>
    one({}),
  ),
  metric('counter', 'faults_total', 'Faults by error code.', 'fault', (fault) =>
    one({ code: fault.code }),
  ),
];

export interface Metrics {
  readonly listener: Listener;
  /** The text of `/metrics`; its media type is `text/plain; version=0.0.4`. */
  readonly renderMetrics: () => string;
}

/** Starts counting at zero: a restart is a reset, which Prometheus knows how to read. */
export function countMetrics(clock: () => Instant): Metrics {
  const series = new Map<Metric, Map<string, { sum: number; count: number }>>();
  for (const each of metrics) series.set(each, new Map());
  return {
    listener: (name, data) => {
      for (const [each, values] of series) {
        if (each.from !== name) continue;
        // `metric()` paired the sample function with this signal, which the row's type no longer shows.
        const sample = each.sample(data as never, clock());
        if (sample === undefined) continue;
        const key = labelText(sample.labels);
        const before = values.get(key) ?? { sum: 0, count: 0 };
        const sum = each.type === 'gauge' ? sample.value : before.sum + sample.value;
        values.set(key, { sum, count: before.count + 1 });
      }
    },
    renderMetrics: () => [...series].map(([each, values]) => render(each, values)).join(''),
  };
}

function render(
  { name, type, help }: Metric,
  values: ReadonlyMap<string, { sum: number; count: number }>,
): string {
  const lines = [...values].flatMap(([labels, { sum, count }]) =>
    type === 'summary'
      ? [`${name}_sum${labels} ${sum}`, `${name}_count${labels} ${count}`]
      : [`${name}${labels} ${sum}`],
  );
  return `${[`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n')}\n`;
}

function labelText(labels: Sample['labels']): string {
  const parts = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
