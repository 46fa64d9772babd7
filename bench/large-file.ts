/** A file of NDJSON instead of a server, one order of a hundred for us. `-- --large` measures the memory with 2 GB. */

import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderOf } from './bench-orders.ts';
import { foundBy } from './children.ts';
import { type Bench, type Figure, inMb } from './figure.ts';
import type { LargeFileRounds, LargeFileRun } from './large-file-of.ts';

const lines = 100_000;
const manyLines = 1_050_000;
const kind = { every: 100 };

/** Promises of the product. */
const leastOverParse = 4;
const mostMemory = 200e6;

export const largeFile: Bench = {
  title: `A file of ${lines.toLocaleString('en')} orders, 1 % for us`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'massage-fhir-bench-'));
    try {
      const path = join(folder, 'orders.ndjson');
      await write(path, lines);
      const { parse, take, ratio } = await foundBy<LargeFileRounds>('large-file-of.ts', [path, 9]);
      const found = await foundBy<LargeFileRun>('large-file-of.ts', [path, 0]);
      const { runMs, referrals } = found;
      return [
        { what: 'JSON.parse of every line, each', is: each(parse) },
        { what: 'reading it and finding ours, each line', is: each(take) },
        {
          what: 'JSON.parse / reading',
          is: ratio.toFixed(1),
          goal: `≥ ${leastOverParse}`,
          isMet: ratio >= leastOverParse,
        },
        {
          what: `the first run with its ${referrals.toLocaleString('en')} referrals`,
          is: `${(runMs / 1_000).toFixed(1)} s`,
        },
        ...memoryOf(`file of ${lines.toLocaleString('en')} lines`, found),
        ...(process.argv.includes('--large') ? await ofGigabytes(path) : []),
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function ofGigabytes(path: string): Promise<Figure[]> {
  await write(path, manyLines);
  return memoryOf('file of 2 GB', await foundBy<LargeFileRun>('large-file-of.ts', [path, 0]));
}

function memoryOf(what: string, { memoryBefore, peak }: LargeFileRun): Figure[] {
  return [
    { what: `memory before the ${what}`, is: inMb(memoryBefore) },
    {
      what: `highest memory, ${what}`,
      is: inMb(peak),
      goal: `≤ ${inMb(mostMemory)}`,
      isMet: peak <= mostMemory,
    },
  ];
}

async function write(path: string, count: number): Promise<void> {
  const out = createWriteStream(path);
  for (let from = 0; from < count; from += 1_000) {
    const some = Array.from({ length: 1_000 }, (_, i) => JSON.stringify(orderOf(from + i, kind)));
    if (!out.write(`${some.join('\n')}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

function each(milliseconds: number): string {
  return `${((milliseconds * 1_000) / lines).toFixed(2)} µs`;
}
