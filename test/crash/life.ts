/** One life of the adapter as a process of its own, with the moment at which it is killed by SIGKILL. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ChildGiven, Death } from './child.ts';

export type Moment =
  /** The n-th write of this process has not reached the hospital. */
  | { readonly at: 'before-write'; readonly nth: number }
  /** The hospital has done it, and nobody has heard the answer. */
  | { readonly at: 'after-write'; readonly nth: number }
  /** So many milliseconds after the store was opened. */
  | { readonly at: 'any-time'; readonly ms: number }
  | Death;

export interface Life {
  /** For the proxy between the process and the hospital. */
  onWrite(when: 'before' | 'after'): Promise<void>;
  kill(): void;
  readonly ended: Promise<End>;
}

export interface End {
  /** It came to its own end; else it was killed. */
  readonly finished: boolean;
  /** How far its clock was ahead, in milliseconds: the next process has to start after that. */
  readonly ahead: number;
}

const compiled = mkdtempSync(join(tmpdir(), 'massage-fhir-compiled-'));
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));

const script = fileURLToPath(new URL('child.ts', import.meta.url));

/** Starts a process that will be killed at this moment, or never. */
export function bear(given: Omit<ChildGiven, 'die'>, moment?: Moment): Life {
  const die = moment !== undefined && 'nth' in moment && !isWrite(moment) ? moment : undefined;
  const child: ChildProcess = spawn(
    process.execPath,
    [script, JSON.stringify({ ...given, die } satisfies ChildGiven)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Without it each of some hundred processes compiles the same modules anew.
      env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    },
  );
  const complaints = child.stderr === null ? Promise.resolve('') : text(child.stderr);
  // 'close' and not 'exit': what it said last still counts.
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const kill = () => void child.kill('SIGKILL');
  let ahead = given.offset;
  let writes = 0;
  child.stdout?.setEncoding('utf8').on('data', (said: string) => {
    for (const [, ms] of said.matchAll(/ahead (\d+)\n/g)) ahead = Number(ms);
    if (said.includes('open') && moment?.at === 'any-time') setTimeout(kill, moment.ms);
  });
  return {
    async onWrite(when) {
      if (when === 'before') writes += 1;
      if (moment === undefined || !isWrite(moment) || moment.nth !== writes) return;
      if (moment.at !== `${when}-write`) return;
      kill();
      await closed;
      // The dead have not sent what they were about to send.
      if (when === 'before') throw new Error('the client is gone');
    },
    kill,
    ended: closed.then(async ([code, signal]) => {
      if (code === 0 || signal === 'SIGKILL') return { finished: signal === null, ahead };
      throw new Error(`The process ended with ${code ?? signal}: ${await complaints}`);
    }),
  };
}

function isWrite(moment: Moment): moment is Extract<Moment, { at: `${string}-write` }> {
  return moment.at === 'before-write' || moment.at === 'after-write';
}
