/**
 * The progress of runs on a terminal: one line that is written over, and taken away before anything else is printed.
 * Put it before the log in the list of listeners, so that it clears its line first.
 */
import type { Listener, Signals } from '../core/signals.ts';

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const clearLine = '\r\u001B[2K';

/** Silent where there is no terminal: a log file wants no half lines. */
export function progressListener(terminal: Terminal): Listener {
  if (terminal.isTTY !== true) return () => {};
  const read = new Map<string, { read: number; fresh: number }>();
  let drawn = false;
  return (name, data) => {
    if (drawn) terminal.write(clearLine);
    drawn = false;
    if (name !== 'run:page') return;
    const page = data as Signals['run:page'];
    const key = `${page.run} ${page.rung}`;
    const before = read.get(key) ?? { read: 0, fresh: 0 };
    const sum = { read: before.read + page.read, fresh: before.fresh + page.fresh };
    read.set(key, sum);
    const text = `${page.hospital}: ${page.rung} ${sum.read} read, ${sum.fresh} new`;
    terminal.write(text.slice(0, (terminal.columns ?? 80) - 1));
    drawn = true;
  };
}
