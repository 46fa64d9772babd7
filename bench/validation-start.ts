/** What validation costs beside time: until the first verdict, in memory, and in definitions on disk. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDefinitions, usualPlaces } from '../src/fhir/definitions/definitions.ts';
import { openValidator } from '../src/fhir/validation/validator.ts';
import { exampleFiles, exampleOf } from '../test/support/official-examples.ts';
import { makeDefinitions } from '../tools/definitions.ts';
import { type Bench, type Figure, inMb, inMs } from './figure.ts';
import { medianOf } from './interleaved.ts';
import { measuredTypes } from './validation-speed.ts';

const root = join(import.meta.dirname, '..');
const starts = 5;
const script = fileURLToPath(import.meta.resolve('./first-verdict.ts'));
/** An order, as the first resource of a run. */
const first = 'ServiceRequest-example.json';

export const validationStart: Bench = {
  title: 'Validation from a cold start',
  run: () => [...ofProcess(), ofCommand(), ...ofDefinitions()],
};

interface Stand {
  readonly msToFirst: number;
  readonly memoryAtStart: number;
  readonly memoryAtEnd: number;
}

function ofProcess(): Figure[] {
  const files = exampleFiles(measuredTypes).filter((file) => file !== first);
  const stands = Array.from({ length: starts }, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, first, ...files], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`The child process ended with ${status}:\n${stderr}`);
    return JSON.parse(stdout) as Stand;
  });
  const middle = (of: (stand: Stand) => number): number => medianOf(stands.map(of));
  return [
    { what: 'process start to first verdict', is: inMs(middle(({ msToFirst }) => msToFirst)) },
    { what: 'resident memory, opened', is: inMb(middle(({ memoryAtStart }) => memoryAtStart)) },
    {
      what: `resident memory, after ${files.length + 1} resources of six types`,
      is: inMb(middle(({ memoryAtEnd }) => memoryAtEnd)),
    },
  ];
}

function ofCommand(): Figure {
  const file = join(root, 'node_modules/hl7.fhir.r4.examples', first);
  const times = Array.from({ length: starts }, () => {
    const started = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, 'src/cli/start.mjs'), 'validate', file],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`massage-fhir validate ended with ${status}:\n${stderr}`);
    return performance.now() - started;
  });
  return { what: 'massage-fhir validate of one resource, start to end', is: inMs(medianOf(times)) };
}

function ofDefinitions(): Figure[] {
  const kept = mkdtempSync(join(tmpdir(), 'massage-fhir-definitions-'));
  try {
    const places = { ...usualPlaces(), kept };
    const validator = openValidator(openDefinitions({ places }));
    for (const file of exampleFiles(measuredTypes))
      validator.validate(JSON.parse(exampleOf(file).text));
    const needed = readdirSync(kept);
    const bytes = needed.reduce((sum, name) => sum + statSync(join(kept, name)).size, 0);
    const all = makeDefinitions(places);
    return [
      { what: `definitions that these needed (${needed.length} files)`, is: inMb(bytes) },
      {
        what: `definitions of all of R4, ${inMb(all.bytesOnDisk)} in blocks on disk`,
        is: inMb(all.bytes),
      },
    ];
  } finally {
    rmSync(kept, { recursive: true, force: true });
  }
}
