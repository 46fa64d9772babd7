/**
 * The log: a winston logger that listens to the signals of the product. Text for people on a terminal, JSON lines for
 * machines elsewhere. It goes to standard error, so that standard output holds results alone.
 */
import { styleText } from 'node:util';
import { createLogger, format, type Logform, transports } from 'winston';
import type { Instant } from '../core/concept.ts';
import type { Listener, SignalName } from '../core/signals.ts';
import { allowedFields, redacted } from './redaction.ts';
import { type Level, levels, lineOf } from './sentences.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn';
  readonly format: 'text' | 'json';
  /** Colours of the text form. */
  readonly color: boolean;
  readonly stream: NodeJS.WritableStream;
  readonly clock: () => Instant;
}

/** Writes one line for each signal that is at or above the level. */
export function logListener(options: LogOptions): Listener {
  const logger = createLogger({
    level: options.level,
    levels: Object.fromEntries(levels.map((level, rank) => [level, rank])),
    format: format.combine(
      guard(),
      options.format === 'json' ? jsonLine(options.clock) : textLine(options),
    ),
    transports: [new transports.Stream({ stream: options.stream, eol: '\n' })],
  });
  return (name, data) => {
    const line = lineOf(name, data);
    logger.log({ level: line.level, message: line.message, signal: name, data: line.data });
  };
}

/** Nothing passes here but a redacted sentence and the fields that the catalogue lists. */
const guard = format((info) => {
  const name = info.signal as SignalName;
  const data = info.data as Readonly<Record<string, unknown>>;
  info.message = redacted(String(info.message));
  info.data = allowedFields(name, data);
  return info;
});

function jsonLine(clock: () => Instant): Logform.Format {
  return format.printf((info) => {
    const { level, message, signal } = info;
    const fields = info.data as Record<string, unknown>;
    return JSON.stringify({ at: clock(), level, signal, message, ...fields });
  });
}

const colors = { error: 'red', warn: 'yellow', info: 'green', debug: 'gray' } as const;

function textLine({ clock, color }: LogOptions): Logform.Format {
  return format.printf((info) => {
    const level = info.level as Level;
    const word = level.padEnd(5);
    const shown = color ? styleText(colors[level], word, { validateStream: false }) : word;
    return `${timeOfDay(clock())} ${shown} ${String(info.message)}`;
  });
}

/** Local time of the machine, which is what the person at the terminal has on the wall. */
function timeOfDay(at: Instant): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour12: false });
}
