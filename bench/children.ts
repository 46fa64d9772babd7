/** Processes of a bench: each one says what it found, or where it listens, in a line of JSON or text on standard output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

function started(script: string, args: readonly (string | number)[]): ChildProcess {
  return spawn(process.execPath, [resolve(import.meta.dirname, script), ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function firstLine(child: ChildProcess, script: string): Promise<string> {
  if (child.stdout === null) throw new Error(`${script} has no output.`);
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`${script} ended without a word.`);
}

/** What a script finds, from its last word on. */
export async function foundBy<Found>(
  script: string,
  args: readonly (string | number)[],
): Promise<Found> {
  const child = started(script, args);
  const ended = once(child, 'exit');
  const found = JSON.parse(await firstLine(child, script)) as Found;
  await ended;
  return found;
}

export interface OrderServer {
  readonly base: string;
  stop(): Promise<void>;
}

/** A hospital in a process of its own, with so many orders of which one in `every` asks for massage. */
export async function orderServer(count: number, every: number): Promise<OrderServer> {
  const script = fileURLToPath(import.meta.resolve('./order-server.ts'));
  const child = started(script, [count, every]);
  const base = await firstLine(child, script);
  return {
    base,
    async stop() {
      const ended = once(child, 'exit');
      child.stdin?.end();
      await ended;
    },
  };
}
