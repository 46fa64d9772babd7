/**
 * Compiles the SUSHI project in `profiles/` to the JSON that is committed beside it (`npm run profiles`), without
 * network, home folder or package cache: by SUSHI's own interface, over the official definitions of R4 that are
 * installed with the development packages. `--check` writes nothing and fails on every difference.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiskBasedPackageCache, DiskBasedVirtualPackage } from 'fhir-package-loader';
import { fhirdefs, sushiExport, sushiImport, utils } from 'fsh-sushi';

export const profilesFolder = resolve(import.meta.dirname, '../profiles');

/** Where the compiled resources are kept, and in a project of SUSHI have to be. */
export const compiledFolder = join(profilesFolder, 'fsh-generated/resources');

/** The project's canonical, name and version: they stand in its configuration only. */
export function projectConfiguration(): ReturnType<typeof sushiImport.importConfiguration> {
  const file = join(profilesFolder, 'sushi-config.yaml');
  return sushiImport.importConfiguration(readFileSync(file, 'utf8'), file);
}

/** What the project compiles to: file name → text. Throws what SUSHI says against it, warnings too. */
export async function compileProfiles(): Promise<ReadonlyMap<string, string>> {
  const quiet = utils.switchToSecretLogger();
  const resources = await compiledBySushi().finally(() => {
    const { errors, warnings } = utils.restoreMainLogger(quiet);
    const said = [...errors, ...warnings].map(
      ({ message, input, location }) =>
        `${input ?? 'profiles'}:${location?.startLine ?? 1}: ${message}`,
    );
    if (said.length > 0) throw new Error(said.join('\n'));
  });
  const texts = resources.map((resource): [string, string] => [
    `${resource.resourceType}-${resource.id}.json`,
    `${JSON.stringify(inOrder(resource), null, 2)}\n`,
  ]);
  return new Map(texts.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

type Compiled = { readonly resourceType: string; readonly id: string };

async function compiledBySushi(): Promise<Compiled[]> {
  const definitions = await officialDefinitions();
  const folder = join(profilesFolder, 'input/fsh');
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.fsh'))
    .toSorted()
    .map((name) => new sushiImport.RawFSH(readFileSync(join(folder, name), 'utf8'), name));
  const configuration = projectConfiguration();
  const tank = utils.fillTank(sources, configuration);
  tank.checkDuplicateNameEntities();
  const made = sushiExport.exportFHIR(tank, definitions);
  return [
    ...made.profiles.map((one) => one.toJSON(true)),
    ...made.extensions.map((one) => one.toJSON(true)),
    ...[made.valueSets, made.codeSystems].flat().map((one) => one.toJSON()),
    // SUSHI puts the version on what it has a keyword for; what is written as an instance is published with the rest
    ...made.instances.map((one) => ({ ...one.toJSON(), version: configuration.version })),
  ];
}

async function officialDefinitions() {
  const folder = dirname(fileURLToPath(import.meta.resolve('hl7.fhir.r4.examples/package.json')));
  const files = readdirSync(folder)
    .filter((name) => /^(StructureDefinition|ValueSet|CodeSystem)-.*\.json$/.test(name))
    .map((name) => join(folder, name));
  const refuse = async (): Promise<never> => {
    throw new Error('Profiles are compiled without a registry of packages.');
  };
  const definitions = await fhirdefs.createFHIRDefinitions({
    packageCache: new DiskBasedPackageCache(join(profilesFolder, 'no-cache')),
    registryClient: { resolveVersion: refuse, download: refuse },
    currentBuildClient: { downloadCurrentBuild: refuse, getCurrentBuildDate: refuse },
  });
  await definitions.loadVirtualPackage(
    new DiskBasedVirtualPackage({ name: 'hl7.fhir.r4.core', version: '4.0.1' }, files),
  );
  definitions.optimize();
  return definitions;
}

/** Where a reader looks first; everything else follows by the alphabet, so that no version of SUSHI can reorder it. */
const first = ['resourceType', 'id', 'path', 'sliceName', 'url', 'version', 'name', 'title'];

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const rank = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length);
  const entries = Object.entries(value).toSorted(
    ([one], [other]) => rank(one) - rank(other) || (one < other ? -1 : 1),
  );
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner)]));
}

export interface Difference {
  readonly file: string;
  readonly says: 'is missing' | 'is not what the project compiles to' | 'comes from nothing';
}

/** How the committed files differ from what the project compiles to. */
export function differences(
  compiled: ReadonlyMap<string, string>,
  folder = compiledFolder,
): Difference[] {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const stale = there.filter((file) => !compiled.has(file));
  return [
    ...[...compiled].flatMap(([file, text]): Difference[] => {
      if (!there.includes(file)) return [{ file, says: 'is missing' }];
      const same = readFileSync(join(folder, file), 'utf8') === text;
      return same ? [] : [{ file, says: 'is not what the project compiles to' }];
    }),
    ...stale.map((file): Difference => ({ file, says: 'comes from nothing' })),
  ];
}

if (import.meta.main) {
  const compiled = await compileProfiles();
  const different = differences(compiled);
  const check = process.argv.includes('--check');
  if (!check) {
    mkdirSync(compiledFolder, { recursive: true });
    for (const { file } of different) {
      const text = compiled.get(file);
      if (text === undefined) rmSync(join(compiledFolder, file));
      else writeFileSync(join(compiledFolder, file), text);
    }
  }
  for (const { file, says } of different)
    console.log(check ? `${file} ${says}: run npm run profiles` : `${file}: made anew`);
  console.log(`${compiled.size} resources, ${different.length} different`);
  if (check && different.length > 0) process.exitCode = 1;
}
