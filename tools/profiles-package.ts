/**
 * Makes the FHIR package that a hospital or a server loads (`npm run profiles:package`): what `profiles/` compiles to,
 * its valid examples, and the index that tools read first. The same sources give the same bytes, whoever makes it.
 */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compiledFolder, profilesFolder, projectConfiguration } from './profiles.ts';

export const packageFile = resolve(import.meta.dirname, '../build/profiles/package.tgz');

/** Path in the package → text. */
export type PackageFiles = ReadonlyMap<string, string>;

/** The files of the package, in the order in which they are archived. */
export function packageFiles(): PackageFiles {
  const resources = readFolder(compiledFolder);
  const examples = readdirSync(join(profilesFolder, 'examples/valid'))
    .toSorted()
    .flatMap((profile) => readFolder(join(profilesFolder, 'examples/valid', profile)));
  return new Map([
    ['package/package.json', json(manifest())],
    ['package/.index.json', json(index(resources))],
    ...resources.map(({ name, text }) => [`package/${name}`, text] as const),
    ['package/example/.index.json', json(index(examples))],
    ...examples.map(({ name, text }) => [`package/example/${name}`, text] as const),
  ]);
}

function manifest() {
  const { canonical, version, fhirVersion } = projectConfiguration();
  return {
    name: 'massage-fhir.profiles',
    version,
    type: 'Conformance',
    title: 'Massage therapy for hospitals',
    description:
      'What the massage service asks of a hospital’s FHIR server, and what it writes there: profiles, codes, code tables and requirements.',
    canonical,
    url: canonical,
    license: 'Apache-2.0',
    author: 'massage-fhir',
    fhirVersions: fhirVersion,
    dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
  };
}

interface ResourceFile {
  readonly name: string;
  readonly text: string;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** The resources of a folder, each named after its type and id, as packages have it. */
function readFolder(folder: string): ResourceFile[] {
  return readdirSync(folder)
    .toSorted()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const resource = JSON.parse(text);
      return { name: `${resource.resourceType}-${resource.id}.json`, text, resource };
    });
}

const indexed = ['resourceType', 'id', 'url', 'version', 'kind', 'type'] as const;

/** The index of a folder (index-version 2): what tools look resources up by, without opening them. */
function index(resources: readonly ResourceFile[]) {
  const files = resources.map(({ name, resource }) => ({
    filename: name,
    // `type` of an example may be a concept of its own
    ...Object.fromEntries(
      indexed.flatMap((key) => (typeof resource[key] === 'string' ? [[key, resource[key]]] : [])),
    ),
  }));
  return { 'index-version': 2, files };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A tar archive (POSIX ustar) in gzip, with no clock, user or machine in it. */
export function archive(files: PackageFiles): Buffer {
  const parts = [...files].flatMap(([path, text]) => {
    const content = Buffer.from(text);
    return [header(path, content.length), content, padding(content.length)];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]), { level: 9 });
}

const block = 512;

function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

function header(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error(`${path} is too long for a tar archive.`);
  const bytes = Buffer.alloc(block);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length, '0')}\0`;
  bytes.write(path, 0);
  bytes.write(octal(0o644, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(size, 11), 124);
  bytes.write(octal(0, 11), 136);
  bytes.write('        0', 148);
  bytes.write('ustar\x0000', 257);
  // The sum of all bytes, its own field taken as spaces
  const sum = bytes.reduce((before, byte) => before + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

if (import.meta.main) {
  const files = packageFiles();
  const bytes = archive(files);
  mkdirSync(dirname(packageFile), { recursive: true });
  writeFileSync(packageFile, bytes);
  const kilobytes = (bytes.length / 1000).toFixed(0);
  console.log(`${relative(process.cwd(), packageFile)}: ${files.size} files, ${kilobytes} kB`);
}
