/** What commands that touch hospitals share: the adapter from the settings, its log, and its end whatever happens. */
import { AdapterError } from '../core/errors.ts';
import type { Listener } from '../core/signals.ts';
import { type Adapter, type Connected, openAdapter } from '../main.ts';
import type { Settings } from '../settings.ts';
import { logListener } from '../telemetry/log.ts';
import { progressListener } from '../telemetry/progress.ts';
import type { Io, Options } from './command.ts';
import { settingsOf } from './settings-of.ts';

export interface Opened {
  readonly adapter: Adapter;
  readonly settings: Settings;
}

/** `quiet`: one command with a result of its own, so that only what is wrong is logged. */
export async function withAdapter<T>(
  options: Options,
  io: Io,
  how: 'quiet' | 'serving',
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { settings, warnings, folder, origin } = settingsOf(options, io);
  for (const warning of warnings) io.stderr.write(`massage-fhir: ${warning}\n`);
  const adapter = await openAdapter({
    settings,
    folder,
    origin,
    env: io.env,
    stop: io.signal,
    listeners: listenersFor(settings, io, how),
  });
  try {
    return await work({ adapter, settings });
  } finally {
    await adapter.close();
  }
}

export function listenersFor({ log }: Settings, io: Io, how: 'quiet' | 'serving'): Listener[] {
  const onTerminal = 'isTTY' in io.stderr && io.stderr.isTTY === true;
  const format = log.format === 'auto' ? (onTerminal ? 'text' : 'json') : log.format;
  // A command that prints its own result logs what is wrong, and everything when asked to.
  const level = how === 'quiet' && log.level === 'info' ? 'warn' : log.level;
  const listeners = [
    logListener({
      level,
      format,
      color: onTerminal && io.color,
      stream: io.stderr,
      clock: io.clock,
    }),
  ];
  if (how === 'quiet' && onTerminal && !io.signal.aborted)
    listeners.push(progressListener({ write: (text) => io.stderr.write(text), isTTY: true }));
  return listeners;
}

/** The hospital that a command is about: the one that was named, or the only one. */
export function chosenSite({ sites }: Adapter, hospital: string | boolean | undefined): Connected {
  if (typeof hospital === 'string') {
    const found = sites.get(hospital);
    if (found !== undefined) return found;
    throw new AdapterError('arguments-wrong', `There is no hospital ${hospital} in the settings.`, {
      fix: `Use one of: ${[...sites.keys()].join(', ')}.`,
    });
  }
  const [only, ...others] = sites.values();
  if (only !== undefined && others.length === 0) return only;
  throw new AdapterError('arguments-wrong', 'Several hospitals are configured.', {
    fix: `Say which with --hospital: ${[...sites.keys()].join(', ')}.`,
  });
}
