/** What is kept on disk between runs is never trusted further than it deserves. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Definitions, openDefinitions } from '../../../src/fhir/definitions/definitions.ts';
import { type Packages, packagesIn } from '../../../src/fhir/definitions/packages.ts';
import { DefinitionsMissing } from '../../../src/fhir/definitions/r4.ts';
import { makeDefinitions } from '../../../tools/definitions.ts';

describe('kept definitions', () => {
  let folder: string;
  let kept: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'definitions-'));
    kept = join(folder, 'build/definitions');
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  /** Packages of a made-up release with one type, one value set and one code system. */
  function release(version: string, max = '1'): Packages {
    const put = (name: string, files: Record<string, object>): string => {
      const path = join(folder, `${name}-${version}`);
      mkdirSync(path, { recursive: true });
      for (const [file, content] of Object.entries({ 'package.json': { name, version }, ...files }))
        writeFileSync(join(path, file), JSON.stringify(content));
      return path;
    };
    const examples = put('examples', {
      'StructureDefinition-Thing.json': {
        resourceType: 'StructureDefinition',
        url: 'http://hl7.org/fhir/StructureDefinition/Thing',
        kind: 'resource',
        abstract: false,
        type: 'Thing',
        derivation: 'specialization',
        text: { status: 'generated' },
        snapshot: { element: [{ id: 'Thing', path: 'Thing', min: 0, max }] },
      },
      'CodeSystem-colours.json': {
        resourceType: 'CodeSystem',
        url: 'http://example.org/colours',
        content: 'complete',
        caseSensitive: true,
        concept: [{ code: 'red', display: 'Red' }],
      },
      'ValueSet-colours.json': {
        resourceType: 'ValueSet',
        url: 'http://example.org/ValueSet/colours',
        compose: { include: [{ system: 'http://example.org/colours' }] },
      },
    });
    return packagesIn(examples, put('expansions', {}));
  }

  function open(packages: Packages | undefined): Definitions {
    return openDefinitions({ places: { kept, own: join(folder, 'none'), packages } });
  }

  function maxOf(definitions: Definitions): string | undefined {
    return definitions.type('Thing')?.snapshot?.element[0]?.max;
  }

  function change(file: string, to: (text: string) => string): void {
    const path = join(kept, file);
    writeFileSync(path, to(readFileSync(path, 'utf8')));
  }

  it('are made when they are first used, each in a file of its own', () => {
    const definitions = open(release('1'));
    const indexes = ['CodeSystem', 'StructureDefinition', 'ValueSet', 'types'];
    const index = indexes.map((each) => `index-${each}.json`);
    expect(readdirSync(kept).sort()).to.deep.equal(index);
    expect(maxOf(definitions)).to.equal('1');
    expect(readdirSync(kept).sort()).to.deep.equal(['StructureDefinition-Thing.json', ...index]);
    expect(
      definitions.valueSet('http://example.org/ValueSet/colours')?.has(undefined, 'red'),
    ).to.equal('in');
    expect(readdirSync(kept)).to.have.length(index.length + 3);
  });

  it('are read and not made again', () => {
    maxOf(open(release('1')));
    const file = join(kept, 'StructureDefinition-Thing.json');
    utimesSync(file, 1000, 1000);
    change('index-types.json', (text) => text); // the same content is as good
    expect(maxOf(open(release('1')))).to.equal('1');
    expect(statSync(file).mtimeMs).to.equal(1_000_000);
  });

  it('are made again of another release', () => {
    maxOf(open(release('1')));
    expect(maxOf(open(release('2', '*')))).to.equal('*');
    expect(readFileSync(join(kept, 'StructureDefinition-Thing.json'), 'utf8')).to.include(
      'examples 2',
    );
  });

  it('are made again where another form of slimming made them', () => {
    maxOf(open(release('1')));
    change('StructureDefinition-Thing.json', (text) => text.replace('"1"', '"7"'));
    expect(maxOf(open(release('1')))).to.equal('7');
    change('StructureDefinition-Thing.json', (text) => text.replace(/form \d+/, 'form 0'));
    expect(maxOf(open(release('1')))).to.equal('1');
  });

  it('are made again where a file is damaged, whichever it is', () => {
    const packages = release('1');
    maxOf(open(packages));
    for (const file of readdirSync(kept))
      for (const damage of [
        (text: string) => text.slice(0, -20),
        () => '',
        () => 'null',
        () => '[]',
        () => '{"from":"nothing"}',
      ]) {
        change(file, damage);
        const definitions = open(packages);
        expect(maxOf(definitions), file).to.equal('1');
        const colours = definitions.valueSet('http://example.org/ValueSet/colours');
        expect(colours?.has(undefined, 'red'), file).to.equal('in');
        expect(() => JSON.parse(readFileSync(join(kept, file), 'utf8')), file).not.to.throw();
      }
  });

  it('are not needed: where the folder cannot be written, work goes on from memory', () => {
    writeFileSync(join(folder, 'build'), 'a file where a folder has to be');
    expect(maxOf(open(release('1')))).to.equal('1');
    expect(readFileSync(join(folder, 'build'), 'utf8')).to.include('a file');
  });

  it('are enough: a published package has them and not what they were made from', () => {
    const made = makeDefinitions({ kept, packages: release('1') });
    expect(Object.fromEntries(made.counts)).to.deep.equal({
      StructureDefinition: 1,
      ValueSet: 1,
      CodeSystem: 1,
      index: 4,
    });
    expect(made.bytes).to.be.greaterThan(500);
    const definitions = open(undefined);
    expect(maxOf(definitions)).to.equal('1');
    expect(
      definitions.valueSet('http://example.org/ValueSet/colours')?.has(undefined, 'blue'),
    ).to.equal('out');
  });

  it('say what to do where there are none, where one is damaged, and where they are too old', () => {
    expect(() => open(undefined)).to.throw(
      DefinitionsMissing,
      /^The definitions of FHIR R4 are not in .*npm install/,
    );
    makeDefinitions({ kept, packages: release('1') });
    change('StructureDefinition-Thing.json', (text) => text.slice(0, 9));
    expect(() => maxOf(open(undefined))).to.throw(
      DefinitionsMissing,
      /^StructureDefinition-Thing\.json in .* is missing or damaged.*install massage-fhir again/,
    );
    change('index-types.json', (text) => text.replace(/form \d+/, 'form 0'));
    expect(() => open(undefined)).to.throw(DefinitionsMissing, /are not in/);
  });

  it('leave nothing unfinished behind', () => {
    makeDefinitions({ kept, packages: release('1') });
    makeDefinitions({ kept, packages: release('2') });
    expect(readdirSync(kept).every((file) => file.endsWith('.json'))).to.equal(true);
    expect(existsSync(join(kept, 'index-types.json'))).to.equal(true);
  });
});
