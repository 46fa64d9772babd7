/** The command line as a process of its own, as people start it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const entry = resolve('src/cli/start.mjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** The Node that runs it; the one of the tests when not given. */
  readonly node?: string;
}

/** Runs `massage-fhir …` to its end. Nothing of this machine's environment reaches it but PATH. */
export function massageFhir(args: readonly string[], started: Started = {}): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(started.node ?? process.execPath, [entry, ...args], {
      cwd: started.cwd ?? process.cwd(),
      env: {
        PATH: process.env.PATH,
        NODE_V8_COVERAGE: process.env.NODE_V8_COVERAGE,
        ...started.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', failed);
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
}

/** A folder that is gone after the suite. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'massage-fhir-'));
  after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
