/** Metrics: counters, gauges and summaries in the text format of Prometheus. */
import { expect } from 'chai';
import type { SignalName } from '../../src/core/signals.ts';
import { countMetrics, metrics } from '../../src/telemetry/metrics.ts';
import { samples } from './samples.ts';

const clock = () => '2026-03-02T09:30:00.000Z';

describe('metrics', () => {
  it('add up by label', () => {
    const { listener, renderMetrics } = countMetrics(clock);
    listener('run:page', samples['run:page']);
    listener('run:page', { ...samples['run:page'], read: 5 });
    listener('run:page', { ...samples['run:page'], hospital: 'other', read: 1 });
    const text = renderMetrics();
    expect(text).to.contain('# TYPE massage_fhir_resources_read_total counter\n');
    expect(text).to.contain('massage_fhir_resources_read_total{hospital="general",rung="A1"} 55\n');
    expect(text).to.contain('massage_fhir_resources_read_total{hospital="other",rung="A1"} 1\n');
  });

  it('keep sum and count of durations, in seconds', () => {
    const { listener, renderMetrics } = countMetrics(clock);
    listener('exchange', samples.exchange);
    listener('exchange', { ...samples.exchange, ms: 500 });
    expect(renderMetrics())
      .to.contain('massage_fhir_exchange_seconds_sum{hospital="general"} 0.75\n')
      .and.to.contain('massage_fhir_exchange_seconds_count{hospital="general"} 2\n');
  });

  it('tell when a run was last complete, and an incomplete one does not move that', () => {
    let now = clock();
    const { listener, renderMetrics } = countMetrics(() => now);
    listener('run:ended', samples['run:ended']);
    now = '2026-03-03T09:30:00.000Z';
    listener('run:ended', { ...samples['run:ended'], state: 'partial', seconds: 9 });
    const at = Date.parse(clock()) / 1000;
    expect(renderMetrics())
      .to.contain(`run_last_complete_timestamp_seconds{hospital="general"} ${at}\n`)
      .and.to.contain('run_last_seconds{hospital="general"} 9\n');
  });

  it('escape what a label may not hold', () => {
    const { listener, renderMetrics } = countMetrics(clock);
    listener('api:answered', { ...samples['api:answered'], route: 'a"b\\c\nd' });
    expect(renderMetrics()).to.contain('route="a\\"b\\\\c\\nd"');
  });

  it('are all well formed, with a help line each', () => {
    const { listener, renderMetrics } = countMetrics(clock);
    for (const name of Object.keys(samples) as SignalName[]) listener(name, samples[name]);
    for (const line of renderMetrics().trimEnd().split('\n'))
      expect(line).to.match(
        /^(# (HELP|TYPE) massage_fhir_\w+ .+|massage_fhir_\w+(\{.*\})? [\d.]+)$/,
      );
    expect(new Set(metrics.map(({ name }) => name)).size).to.equal(metrics.length);
  });

  it('carry no id of a referral, a request or a resource', () => {
    const { listener, renderMetrics } = countMetrics(clock);
    for (const name of Object.keys(samples) as SignalName[]) listener(name, samples[name]);
    expect(renderMetrics()).not.to.match(/"(r1|q1|q2|b1|f1|i1|w1|k1|[A-Z][A-Za-z]+\/\d)"/);
  });
});
