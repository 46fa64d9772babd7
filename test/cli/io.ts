/** A world for a command under test: what it prints is kept, its clock stands still. */
import { Writable } from 'node:stream';
import type { Io } from '../../src/cli/command.ts';

export interface TestIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
}

export function ioOf(given: Partial<Pick<Io, 'env' | 'cwd' | 'signal' | 'color'>> = {}): TestIo {
  const out = collector();
  const err = collector();
  return {
    stdout: out.stream,
    stderr: err.stream,
    env: {},
    cwd: process.cwd(),
    isTTY: false,
    color: false,
    clock: () => '2026-03-02T09:30:00.000Z',
    signal: new AbortController().signal,
    ...given,
    out: out.text,
    err: err.text,
  };
}

function collector() {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
