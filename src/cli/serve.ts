/** `massage-fhir serve`: API, pages, polling, the nightly sweep and the outbox, until somebody asks to stop. */
import { once } from 'node:events';
import { openAdapter } from '../main.ts';
import { countMetrics } from '../telemetry/metrics.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { serve } from './serving.ts';
import { settingsOf } from './settings-of.ts';
import { listenersFor } from './with-adapter.ts';

export async function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const { settings, warnings, folder, origin } = settingsOf(options, io);
  for (const warning of warnings) io.stderr.write(`massage-fhir: ${warning}\n`);
  const metrics = countMetrics(io.clock);
  const listeners = [...listenersFor(settings, io, 'serving'), metrics.listener];
  const adapter = await openAdapter({
    settings,
    folder,
    origin,
    env: io.env,
    stop: io.signal,
    listeners,
  });
  try {
    const serving = await serve(adapter, settings, metrics.renderMetrics);
    const rest = adapter.keepRunning();
    if (!io.signal.aborted) await once(io.signal, 'abort');
    adapter.emit('server:stopping', { why: 'asked to stop' });
    await rest();
    await serving.stop();
  } finally {
    await adapter.close();
  }
  return 0;
}
