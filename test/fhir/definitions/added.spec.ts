/** What a site adds with `--definitions`: folders, files and packages, sound ones and others. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { DefinitionsUnreadable } from '../../../src/fhir/definitions/archive.ts';
import { type Definitions, openDefinitions } from '../../../src/fhir/definitions/definitions.ts';
import { packageOf } from './tar.ts';

const profileUrl = 'https://site.example/StructureDefinition/order';

function profile(change: object = {}): object {
  return {
    resourceType: 'StructureDefinition',
    url: profileUrl,
    version: '1.0.0',
    name: 'Order',
    status: 'active',
    kind: 'resource',
    abstract: false,
    type: 'ServiceRequest',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/ServiceRequest',
    derivation: 'constraint',
    text: { status: 'generated', div: '<div/>' },
    snapshot: { element: [{ id: 'ServiceRequest', path: 'ServiceRequest', min: 0, max: '*' }] },
    ...change,
  };
}

function codeSystem(change: object = {}): object {
  return {
    resourceType: 'CodeSystem',
    url: 'https://site.example/CodeSystem/rooms',
    content: 'complete',
    caseSensitive: true,
    concept: [{ code: 'north' }],
    ...change,
  };
}

function valueSet(change: object = {}): object {
  return {
    resourceType: 'ValueSet',
    url: 'https://site.example/ValueSet/rooms',
    title: 'Rooms',
    compose: { include: [{ system: 'https://site.example/CodeSystem/rooms' }] },
    ...change,
  };
}

describe('added definitions', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'added-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function put(file: string, content: object | string | Buffer): string {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(path, isText ? content : JSON.stringify(content));
    return path;
  }

  function open(...added: string[]): Definitions {
    return openDefinitions({ added });
  }

  function expectRooms(definitions: Definitions): void {
    expect(definitions.problems).to.deep.equal([]);
    expect(definitions.structure(profileUrl)?.type).to.equal('ServiceRequest');
    expect(definitions.structure(profileUrl)).not.to.have.property('text');
    const rooms = definitions.valueSet('https://site.example/ValueSet/rooms');
    expect(rooms?.title).to.equal('Rooms');
    expect(rooms?.has('https://site.example/CodeSystem/rooms', 'north')).to.equal('in');
    expect(rooms?.has('https://site.example/CodeSystem/rooms', 'south')).to.equal('out');
    expect(definitions.codeSystem('https://site.example/CodeSystem/rooms')?.complete).to.equal(
      true,
    );
    expect(definitions.type('ServiceRequest')?.url).to.equal(
      'http://hl7.org/fhir/StructureDefinition/ServiceRequest',
    );
  }

  it('come from a folder, however deep, with other resources and files beside them', () => {
    put('package/StructureDefinition-order.json', profile());
    put('package/deep/rooms.json', codeSystem());
    put('package/deep/er/rooms.json', `\uFEFF${JSON.stringify(valueSet())}`);
    put('package/package.json', { name: 'a.package' });
    put('package/Patient-1.json', { resourceType: 'Patient' });
    put('package/numbers.json', '[1, null, "x"]');
    put('package/readme.md', '# no JSON');
    expectRooms(open(folder));
  });

  it('come from single files', () => {
    expectRooms(
      open(put('a.json', profile()), put('b.json', codeSystem()), put('c.json', valueSet())),
    );
  });

  it('come in a Bundle', () => {
    const resources = [profile(), codeSystem(), { resourceType: 'Patient' }, valueSet()];
    const entry = [...resources.map((resource) => ({ resource })), { fullUrl: 'urn:x' }, null];
    expectRooms(open(put('bundle.json', { resourceType: 'Bundle', type: 'collection', entry })));
    expect(open(put('bundle.json', { resourceType: 'Bundle', entry: 7 })).problems).to.deep.equal(
      [],
    );
  });

  it('come in a package', () => {
    const bytes = packageOf({
      'package/StructureDefinition-order.json': profile(),
      'package/CodeSystem-rooms.json': codeSystem(),
      'package/other/ValueSet-rooms.json': valueSet(),
      'package/example/StructureDefinition-wrong.json': profile({ type: 'Patient' }),
      'package/.index.json': { files: [] },
    });
    expectRooms(open(put('site.tgz', bytes)));
  });

  it('come through links to files, as containers mount them, and not through links to folders', () => {
    put('..data/order.json', profile());
    symlinkSync(join(folder, '..data/order.json'), join(folder, 'order.json'));
    symlinkSync(folder, join(folder, 'again'));
    expect(open(folder).structure(profileUrl)?.type).to.equal('ServiceRequest');
  });

  it('leave out examples and installed packages', () => {
    for (const place of ['example', 'examples', 'node_modules/x', '.git'])
      put(`${place}/order.json`, profile());
    expect(open(folder).structure(profileUrl)).to.equal(undefined);
  });

  it('win over what is there, and later ones over earlier ones', () => {
    const gender = 'http://hl7.org/fhir/ValueSet/administrative-gender';
    const include = (code: string) => ({ include: [{ system: 'urn:x', concept: [{ code }] }] });
    const one = put('1.json', valueSet({ url: gender, version: '9', compose: include('one') }));
    const two = put('2.json', valueSet({ url: gender, version: '9', compose: include('two') }));
    expect(open(one, two).valueSet(gender)?.has(undefined, 'two')).to.equal('in');
    expect(open(one, two).valueSet(gender)?.has(undefined, 'male')).to.equal('out');
    expect(open(two, one).valueSet(gender)?.has(undefined, 'one')).to.equal('in');
    expect(open(one).valueSet(`${gender}|4.0.1`)?.has(undefined, 'male')).to.equal('in');
  });

  it('do not change what the types of R4 are', () => {
    const url = 'http://hl7.org/fhir/StructureDefinition/ServiceRequest';
    const definitions = open(put('a.json', profile({ url, derivation: 'specialization' })));
    expect(definitions.type('ServiceRequest')?.snapshot?.element).to.have.length.greaterThan(40);
    expect(definitions.structure(url)?.snapshot?.element).to.have.length(1);
  });

  it('give the version that is asked for, and say which one stands in for one that is not here', () => {
    const one = put('1.json', profile({ version: '1.0.0', name: 'One' }));
    const two = put('2.json', profile({ version: '2.0.0', name: 'Two' }));
    const definitions = open(one, two);
    expect(definitions.structure(profileUrl)?.name).to.equal('Two');
    expect(definitions.structure(`${profileUrl}|1.0.0`)?.name).to.equal('One');
    expect(definitions.problems).to.deep.equal([]);
    for (const _ of [1, 2])
      expect(definitions.structure(`${profileUrl}|3.0.0`)?.name).to.equal('Two');
    expect(definitions.problems).to.deep.equal([
      {
        file: `${profileUrl}|3.0.0`,
        says: 'Version 3.0.0 is asked for and not here: version 2.0.0 is used.',
      },
    ]);
  });

  it('say of a profile without snapshot that it cannot be checked', () => {
    const file = put('order.json', profile({ snapshot: undefined, differential: { element: [] } }));
    const definitions = open(folder);
    expect(definitions.problems).to.deep.equal([
      { file, says: `${profileUrl} has no snapshot: it cannot be checked.` },
    ]);
    expect(definitions.structure(profileUrl)?.type).to.equal('ServiceRequest');
  });

  it('leave out structures of another release of FHIR', () => {
    const file = put('order.json', profile({ fhirVersion: '5.0.0' }));
    const definitions = open(folder);
    expect(definitions.structure(profileUrl)).to.equal(undefined);
    expect(definitions.problems).to.deep.equal([
      { file, says: `${profileUrl} is for FHIR 5.0.0, not for R4: it is not used.` },
    ]);
  });

  it('do not hide a code system that lists its codes behind one that only names it', () => {
    const full = put('1.json', codeSystem());
    const hollow = put('2.json', codeSystem({ content: 'not-present', concept: undefined }));
    const list = open(full, hollow).codeSystem('https://site.example/CodeSystem/rooms');
    expect(list?.has(undefined, 'north')).to.equal('in');
  });

  it('name each file that is no JSON or not of its shape, and use the rest', () => {
    const wrong: [content: object | string, says: RegExp][] = [
      ['{"resourceType":"ValueSet"', /^It is no JSON: /],
      ['', /^It is no JSON: /],
      [profile({ url: undefined }), /^StructureDefinition has no url\.$/],
      [profile({ url: 7 }), /^StructureDefinition\.url is no text\.$/],
      [profile({ snapshot: [] }), /^StructureDefinition\.snapshot is no object\.$/],
      [profile({ snapshot: { element: [{}] } }), /element\[0\] has no path\.$/],
      [
        profile({ snapshot: { element: [{ path: 'A', min: '1' }] } }),
        /element\[0\]\.min is no number\.$/,
      ],
      [
        profile({ snapshot: { element: [{ path: 'A', type: ['x'] }] } }),
        /type\[0\] is no object\.$/,
      ],
      [profile({ snapshot: { element: [{ path: 'A', type: [{}] }] } }), /type\[0\] has no code\.$/],
      [valueSet({ compose: {} }), /^ValueSet\.compose has no include\.$/],
      [
        valueSet({ compose: { include: [{ concept: [{ display: 'x' }] }] } }),
        /concept\[0\] has no code\.$/,
      ],
      [codeSystem({ concept: {} }), /^CodeSystem\.concept is no list\.$/],
      [
        codeSystem({ concept: [{ code: 'a', concept: [{ code: 1 }] }] }),
        /concept\[0\]\.code is no text\.$/,
      ],
      [codeSystem({ concept: nested(100_000) }), /is nested too deeply\.$/],
    ];
    for (const [at, [content]] of wrong.entries())
      put(
        `${String(at).padStart(2, '0')}.json`,
        typeof content === 'string' ? content : lean(content),
      );
    put('rooms.json', codeSystem());
    const definitions = open(folder);
    expect(definitions.problems).to.have.length(wrong.length);
    for (const [at, [, says]] of wrong.entries())
      expect(definitions.problems[at]?.says).to.match(says);
    expect(definitions.codeSystem('https://site.example/CodeSystem/rooms')?.complete).to.equal(
      true,
    );
  });

  it('are refused where the place is not there, is no place for definitions, or is too large', () => {
    expect(() => open(join(folder, 'none'))).to.throw(
      DefinitionsUnreadable,
      'is not there, or may not be read.',
    );
    expect(() => open(put('a.txt', ''))).to.throw(
      DefinitionsUnreadable,
      'is no folder, no package (.tgz) and no JSON file.',
    );
    expect(() => open(put('a.tgz', 'no archive at all'))).to.throw(
      DefinitionsUnreadable,
      'a.tgz is no gzip archive',
    );
    truncateSync(put('large.json', ''), 200 * 1024 * 1024);
    expect(() => open(join(folder, 'large.json'))).to.throw(
      DefinitionsUnreadable,
      'large.json is larger than 128 MB.',
    );
  });
});

/** A hierarchy of so many levels, as text, since no program writes it by nesting calls. */
function nested(levels: number): object {
  return { levels };
}

function lean(content: object): string {
  return JSON.stringify(content).replace(
    /\{"levels":(\d+)\}/,
    (_, levels) =>
      `${'[{"code":"a","concept":'.repeat(Number(levels))}[]${'}]'.repeat(Number(levels))}`,
  );
}
