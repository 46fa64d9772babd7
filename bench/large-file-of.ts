/**
 * A process that takes in a file of NDJSON in which one order of a hundred is for us, as `sync --from` does: says how much
 * memory a whole run took; or, asked for rounds, how long it takes to read the file and find ours beside JSON.parse of every
 * line, in turns.
 */
import { open } from 'node:fs/promises';
import { sourceFiles } from '../src/cli/source-files.ts';
import { runFolder, takeFiles } from '../src/sync/folder.ts';
import { emptyTally } from '../src/sync/report.ts';
import { benchAdapter } from './bench-adapter.ts';
import { medianOf } from './interleaved.ts';

export interface LargeFileRun {
  readonly runMs: number;
  readonly referrals: number;
  readonly memoryBefore: number;
  readonly peak: number;
}

/** Medians of milliseconds. */
export interface LargeFileRounds {
  readonly parse: number;
  readonly take: number;
  readonly ratio: number;
}

const [path = '', roundsText = '0'] = process.argv.slice(2);
const rounds = Number(roundsText);
const { connected, close } = await benchAdapter('http://127.0.0.1:9/fhir', () => {});
const { site, log } = connected;
const never = new AbortController().signal;
console.log(JSON.stringify(rounds === 0 ? await oneRun() : await turns()));
await close();

async function oneRun(): Promise<LargeFileRun> {
  const memoryBefore = process.memoryUsage.rss();
  const begun = performance.now();
  const report = await runFolder(site, log, await sourceFiles(path), never);
  const runMs = performance.now() - begun;
  if (report.state !== 'complete') throw new Error(`The run was ${report.state}.`);
  // As the operating system saw it, also between two looks; it tells kilobytes.
  const peak = process.resourceUsage().maxRSS * 1024;
  return { runMs, referrals: report.new, memoryBefore, peak };
}

async function turns(): Promise<LargeFileRounds> {
  const times: { parse: number; take: number }[] = [];
  // The first round is for warming up
  for (let round = 0; round <= rounds; round += 1) {
    const parse = await timed(parseEveryLine);
    const take = await timed(async () => {
      const files = await sourceFiles(path);
      await takeFiles(site, 'again', files, emptyTally(), never);
    });
    if (round > 0) times.push({ parse, take });
  }
  return {
    parse: medianOf(times.map(({ parse }) => parse)),
    take: medianOf(times.map(({ take }) => take)),
    ratio: medianOf(times.map(({ parse, take }) => parse / take)),
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** The fastest way that we know: one buffer of a megabyte, cut at the line ends. */
async function parseEveryLine(): Promise<void> {
  const file = await open(path);
  const buffer = Buffer.allocUnsafe(1 << 20);
  let tail = '';
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, bytesRead);
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      JSON.parse(tail + bytes.toString('utf8', from, at));
      tail = '';
      from = at + 1;
    }
    tail += bytes.toString('utf8', from);
  }
  await file.close();
}
