/**
 * `massage-fhir start` (what `npm start` runs): everything at once without settings. A sandbox hospital, or a FHIR R4
 * server that is named, the adapter beside it, one sync, an account of what was found and why, then the addresses.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { issueKey, listKeys, revokeKey } from '../access/keys.ts';
import { AdapterError, asAdapterError } from '../core/errors.ts';
import { type Adapter, openAdapter } from '../main.ts';
import { wardMassageCategory } from '../sandbox/ward.ts';
import { loadSettings, type Settings } from '../settings.ts';
import type { RunReport } from '../sync/report.ts';
import { countMetrics } from '../telemetry/metrics.ts';
import { account } from './account.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { type KeptSandbox, keptSandbox } from './kept-sandbox.ts';
import { type Serving, serve } from './serving.ts';
import { listenersFor } from './with-adapter.ts';

/** Names the key that each start shows: the one of the start before is revoked. */
const keyName = 'npm start';

const settingsFile = 'massage-fhir.yaml';

export async function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const data = resolve(io.cwd, typeof options.data === 'string' ? options.data : 'data');
  makeFolder(data);
  const named = typeof options.hospital === 'string' ? options.hospital : undefined;
  const sandbox =
    named === undefined
      ? await keptSandbox(resolve(data, 'sandbox.json'), new Date(io.clock()))
      : undefined;
  try {
    const text = settingsText(named ?? sandbox?.base ?? '', data, options);
    return await runBeside(text, sandbox, data, io);
  } finally {
    await sandbox?.stop();
  }
}

async function runBeside(
  text: string,
  sandbox: KeptSandbox | undefined,
  data: string,
  io: Io,
): Promise<ExitCode> {
  const file = resolve(data, settingsFile);
  const settings = checked(text, file);
  const metrics = countMetrics(io.clock);
  const adapter = await openAdapter({
    settings,
    folder: data,
    env: io.env,
    stop: io.signal,
    listeners: [...listenersFor(settings, io, 'quiet'), metrics.listener],
  });
  try {
    const serving = await serve(adapter, settings, metrics.renderMetrics);
    try {
      // Only now that the port is ours: before, another start may be using this folder and the file that it wrote.
      writeFileSync(file, text);
      return await untilAsked(adapter, serving, settings, sandbox, file, io);
    } finally {
      await serving.stop();
    }
  } finally {
    await adapter.close();
  }
}

async function untilAsked(
  adapter: Adapter,
  serving: Serving,
  settings: Settings,
  sandbox: KeptSandbox | undefined,
  file: string,
  io: Io,
): Promise<ExitCode> {
  const { base } = settings.hospitals[0] ?? { base: '' };
  io.stdout.write(`${sandbox === undefined ? 'Hospital' : 'Sandbox hospital'}: ${base}\n`);
  const report = await firstSync(adapter, io);
  if (io.signal.aborted) return 0;
  io.stdout.write(await account(adapter, report, io.color));
  io.stdout.write(await addresses(adapter, serving, io));
  io.stdout.write(
    `Why is an order not on the list?  npx massage-fhir why ID --settings ${relative(io.cwd, file)}\n\nCtrl-C ends it; what is known stays.\n`,
  );
  const rest = adapter.keepRunning();
  if (!io.signal.aborted) await once(io.signal, 'abort');
  io.stdout.write('\nStopping.\n');
  await rest();
  return report.state === 'failed' ? 1 : 0;
}

/** A start that was killed has left a run behind whose lease has to end first: a few seconds. */
async function firstSync(adapter: Adapter, io: Io): Promise<RunReport> {
  for (let tries = 1; ; tries++) {
    try {
      return await adapter.sync('hospital', 'full', io.signal);
    } catch (thrown) {
      const { code } = asAdapterError(thrown);
      if (code !== 'run-in-progress' || tries > 15 || io.signal.aborted) throw thrown;
      if (tries === 1) io.stdout.write('A run that was interrupted gives way in a few seconds.\n');
      await setTimeout(1_000);
    }
  }
}

function makeFolder(path: string): void {
  try {
    // Not recursive: below /proc and its like Node would try for ever.
    if (!existsSync(path)) mkdirSync(path);
    accessSync(path, constants.W_OK);
    if (!statSync(path).isDirectory()) throw new Error('not a folder');
  } catch (cause) {
    throw new AdapterError(
      'file-unreadable',
      `${path} is no folder that can be made or written to.`,
      {
        cause,
        fix: 'Choose another with --data.',
      },
    );
  }
}

/** Settings as a person would write them; kept where the other commands can be pointed to while this one runs. */
function settingsText(base: string, data: string, options: Options): string {
  const isSandbox = options.hospital === undefined;
  const lines = [
    `store: ${JSON.stringify(resolve(data, isSandbox ? 'massage-fhir.sqlite' : `${fileNameOf(base)}.sqlite`))}`,
    `listen: ${typeof options.listen === 'string' ? options.listen : '127.0.0.1:8300'}`,
    `keys: ${JSON.stringify(resolve(data, 'keys'))}`,
    // A start that was killed is taken over soon.
    'lease: 5s',
    'hospitals:',
    '  - id: hospital',
    `    base: ${JSON.stringify(base)}`,
    `    timezone: ${Intl.DateTimeFormat().resolvedOptions().timeZone}`,
    ...(isSandbox
      ? [
          '    organization: Organization/massage',
          '    therapists: [{ id: ana, name: Ana Example, practitioner: Practitioner/ana }]',
          `    select: { categories: [${JSON.stringify(wardMassageCategory)}] }`,
        ]
      : typeof options.organization === 'string'
        ? [`    organization: ${JSON.stringify(options.organization)}`]
        : []),
    // Somebody who only looks at a server that is not theirs must not write to it.
    ...(isSandbox || options.write ? [] : ['    write: off']),
  ];
  return `# Written by massage-fhir start, anew each time.\n${lines.join('\n')}\n`;
}

/** Through the one door that checks settings; `file` is where they will stand. */
function checked(text: string, file: string): Settings {
  return loadSettings({ file, env: {}, readFile: () => text }).settings;
}

function fileNameOf(base: string): string {
  if (!URL.canParse(base))
    throw new AdapterError('arguments-wrong', '--hospital is not the address of a FHIR server.', {
      fix: 'Give the base address of a FHIR R4 endpoint, such as https://fhir.example.org/r4',
    });
  return new URL(base).host.replace(/[^\w.-]/g, '-');
}

async function addresses(adapter: Adapter, { address }: Serving, io: Io): Promise<string> {
  const { store } = adapter;
  for (const old of await listKeys(store))
    if (old.name === keyName && old.revoked_at === null) await revokeKey(store, old.id, io.clock());
  const now = io.clock();
  const expiresAt = new Date(Date.parse(now) + 24 * 3_600_000).toISOString();
  const { key } = await issueKey(
    store,
    { name: keyName, role: 'operator', expiresAt },
    { random: randomBytes, newId: randomUUID, now },
  );
  return [
    '',
    `Page   ${address}/`,
    `API    ${address}/api/referrals   (described at ${address}/openapi.json)`,
    `Key    ${key}   (good for one day, shown this once)`,
    '',
    `  curl -H 'Authorization: Bearer ${key}' ${address}/api/referrals`,
    '',
  ].join('\n');
}
