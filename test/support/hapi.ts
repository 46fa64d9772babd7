/**
 * HAPI FHIR JPA R4 as a hospital, for suites that need a server which is not ours. Its Java project is
 * test/servers/hapi; Maven builds it on first use and again when the project changed. A start takes half a minute:
 * start one for a whole run and keep tests apart by identifiers of their own.
 */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const project = resolve(import.meta.dirname, '../servers/hapi');
const startLimitMs = 300_000;

export type Hapi = { base: string; stop(): Promise<void> };

/**
 * Builds HAPI when needed and starts it, with an empty database in memory, on a free loopback port. `props` are the
 * switches that HapiR4TestServer reads (`searchCacheMs`, `refIntegrityOnWrite`, `validateWrites` …). Where the machine
 * has no Java or Maven the answer says what is missing; a build or start that fails throws.
 */
export async function startHapi({
  props = {},
}: {
  props?: Readonly<Record<string, string | number | boolean>>;
} = {}): Promise<Hapi | { missing: string }> {
  const missing = whatHapiLacks();
  if (missing) return { missing };
  if (!isBuilt()) build();
  return await start(props);
}

/** What this machine lacks to run HAPI, in words, or nothing. */
export function whatHapiLacks(
  env: NodeJS.ProcessEnv = process.env,
  dir = project,
): string | undefined {
  const java = spawnSync('java', ['-version'], { env, encoding: 'utf8' });
  if (java.error) return 'HAPI needs Java 17 or newer: there is no java on the PATH';
  const version = /version "(\d+)/.exec(java.stderr)?.[1] ?? 'unknown';
  if (!(Number(version) >= 17)) return `HAPI needs Java 17 or newer: this java is ${version}`;
  if (isBuilt(dir)) return undefined;
  const maven = spawnSync('mvn', ['-version'], { env });
  return maven.error && 'HAPI is built by Maven: there is no mvn on the PATH';
}

/** Whether the classes and jars in `dir`/target are complete and newer than everything that they were made from. */
export function isBuilt(dir = project): boolean {
  const mark = join(dir, 'target/built');
  if (!existsSync(mark)) return false;
  const builtAt = statSync(mark).mtimeMs;
  const sources = globSync(['pom.xml', 'src/**/*.*'], { cwd: dir });
  return sources.every((source) => statSync(join(dir, source)).mtimeMs <= builtAt);
}

/** The mark is set last, so that a build which was cut short is made again; old jars go first, they would be loaded too. */
function build(): void {
  rmSync(join(project, 'target'), { recursive: true, force: true });
  const { status, stdout, stderr } = spawnSync('mvn', ['-B', '-ntp', 'process-classes'], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`Maven could not build HAPI:\n${stdout}\n${stderr}`);
  writeFileSync(join(project, 'target/built'), '');
}

async function start(props: Readonly<Record<string, string | number | boolean>>): Promise<Hapi> {
  const args = [
    '-Xmx1g', // 512m is enough for a short suite; a long day of searches is quicker with more
    '-XX:+UseSerialGC', // with the next one: half the start time on two cores
    '-XX:TieredStopAtLevel=1',
    '-Dport=0',
    '-DexitOnStdinEof=true', // our end of its stdin closes however we end, kill -9 included, and it goes too
    ...Object.entries(props).map(([name, value]) => `-D${name}=${value}`),
    '-cp',
    'target/classes:target/lib/*',
    'hapi.HapiR4TestServer',
  ];
  const server = spawn('java', args, { cwd: project, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => server.once('close', () => done()));
  const stop = async () => {
    server.stdin.end();
    await ended;
  };

  const limit = AbortSignal.timeout(startLimitMs);
  const base = await new Promise<string>((ready, failed) => {
    limit.addEventListener('abort', () => failed(new Error('HAPI was not ready in time')));
    server.once('error', failed);
    server.once('close', (code) => failed(new Error(`HAPI ended while starting, exit ${code}`)));
    createInterface(server.stdout).on('line', (line) => {
      const address = /^READY (\S+)$/.exec(line)?.[1];
      if (address) ready(address);
    });
  }).catch(async (error) => {
    server.kill('SIGKILL');
    throw error;
  });
  // The first read of the statement builds it, which takes up to ten seconds: no test should pay for that.
  const statement = await fetch(`${base}/metadata`, { signal: limit });
  await statement.arrayBuffer();
  if (!statement.ok) {
    await stop();
    throw new Error(`HAPI started, but /metadata answered ${statement.status}`);
  }
  return { base, stop };
}
