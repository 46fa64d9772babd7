/** The layer check: that it fires on planted imports, and that the real tree has none of them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';
import { type Cruise, cruiseLayers, fewestModules, layers } from '../tools/layers.ts';

const rows = layers.map(({ layer }) => layer);

/** What DESIGN §2 allows, written down a second time: loosening the table must be done in two places. */
const allowed: Record<string, string> = {
  'src/core': '',
  'src/fhir': '',
  'src/mapping': 'src/core src/fhir',
  mappings: 'src/core src/fhir src/mapping',
  'src/hospital': 'src/core src/fhir',
  'src/store': 'src/core src/fhir',
  'src/sync': 'src/core src/fhir src/mapping mappings src/hospital src/store',
  'src/desk': 'src/core src/store',
  'src/access': 'src/core src/store',
  'src/sandbox': 'src/fhir',
  'src/telemetry': 'src/core',
  'src/settings': 'src/core src/fhir src/hospital src/mapping',
  'src/settings.ts': 'src/core src/fhir src/hospital src/mapping src/settings',
};
const outside =
  'src/core src/fhir src/mapping mappings src/hospital src/store src/sync src/desk src/access';
for (const layer of ['src/api', 'src/pages', 'src/check']) allowed[layer] = outside;
for (const layer of ['src/cli', 'src/main.ts', 'src/site-settings.ts'])
  allowed[layer] = rows.join(' ');

describe('layers: planted imports', function () {
  this.timeout(60_000);
  let root: string;
  let found: Cruise;

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  /** One leaf in each layer, and in each layer one file for every other layer that imports the leaf there. */
  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'layers-'));
    write('node_modules/fhir-kit-client/package.json', '{"name":"fhir-kit-client","main":"i.js"}');
    write('node_modules/fhir-kit-client/i.js', 'module.exports = class {};');
    const leafOf = (layer: string) => (layer.endsWith('.ts') ? layer : `${layer}/leaf.ts`);
    for (const layer of rows.filter((row) => !row.endsWith('.ts'))) {
      write(leafOf(layer), 'export const leaf = 1;\n');
      for (const other of rows.filter((row) => row !== layer)) {
        const target = relative(layer, leafOf(other)).replace(/^(?!\.)/, './');
        write(
          `${layer}/to-${other.replaceAll(/[/.]/g, '-')}.ts`,
          `import type { leaf } from '${target}';\nexport type It = typeof leaf;\n`,
        );
      }
    }
    write(
      'src/settings.ts',
      "export { leaf } from './sync/leaf.ts';\nexport * from './settings/leaf.ts';\n",
    );
    write('src/main.ts', "export { leaf } from './pages/leaf.ts';\n");
    write('src/site-settings.ts', "export { leaf } from './sync/leaf.ts';\n");
    write('src/stray/thing.ts', 'export const thing = 1;\n');
    write(
      'src/core/round.ts',
      "import { trip } from './trip.ts';\nexport const round = () => trip;\n",
    );
    write(
      'src/core/trip.ts',
      "import { round } from './round.ts';\nexport const trip = () => round;\n",
    );
    write('src/core/lost.ts', "import { it } from './nowhere.ts';\nexport const lost = it;\n");
    const client = "import C from 'fhir-kit-client';\nexport const client = C;\n";
    write('src/hospital/client.ts', client);
    write('src/hospital/second-client.ts', client);
    const sqlite = "import { DatabaseSync } from 'node:sqlite';\nexport const D = DatabaseSync;\n";
    write('src/store/engine.ts', sqlite);
    write('src/access/engine.ts', sqlite);
    found = await cruiseLayers(root);
  });

  after(() => rmSync(root, { recursive: true, force: true }));

  for (const layer of rows.filter((row) => !row.endsWith('.ts'))) {
    it(`${layer} may import what its row names and nothing else`, () => {
      const may = (allowed[layer] ?? '').split(' ');
      const refused = rows.filter((row) => row !== layer && !may.includes(row));
      const seen = found.violations
        .filter((violation) => violation.startsWith(`layer ${layer}: ${layer}/to-`))
        .map((violation) => violation.split(' -> ')[1]?.replace('/leaf.ts', ''));
      expect(seen).to.have.members(refused);
    });
  }

  const others = [
    ['settings may not import sync', 'layer src/settings.ts: src/settings.ts -> src/sync/leaf.ts'],
    ['a folder without a row', 'no-layer: src/stray/thing.ts -> (no row in tools/layers.ts)'],
    ['a module that does not exist', 'resolvable: src/core/lost.ts -> ./nowhere.ts'],
    ['a cycle', 'no-cycle: src/core/round.ts -> src/core/trip.ts'],
    [
      'a second home for the FHIR client',
      'kept-to-one-place: src/hospital/second-client.ts -> node_modules/fhir-kit-client/i.js',
    ],
    ['SQLite outside the store', 'kept-to-one-place: src/access/engine.ts -> node:sqlite'],
  ] as const;
  for (const [what, violation] of others) {
    it(`finds ${what}`, () => expect(found.violations).to.include(violation));
  }

  it('finds nothing wrong with the client, the engine and main in their places', () => {
    const places = /: (src\/hospital\/client|src\/store\/engine|src\/main)\.ts -> /;
    expect(found.violations.filter((violation) => places.test(violation))).to.deep.equal([]);
  });
});

describe('layers: this repository', function () {
  this.timeout(60_000);

  it('is cruised whole and breaks no rule', async () => {
    const { modules, violations } = await cruiseLayers(resolve(import.meta.dirname, '..'));
    expect(violations).to.deep.equal([]);
    expect(modules).to.be.at.least(fewestModules);
  });
});
