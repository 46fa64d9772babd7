/** This product's own definitions are found without being asked for, and without reading those that are not needed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openDefinitions, usualPlaces } from '../../../src/fhir/definitions/definitions.ts';

describe('own definitions', () => {
  it('are all found by their canonical, with and without the version', () => {
    const { own } = usualPlaces();
    const definitions = openDefinitions();
    let found = 0;
    for (const file of readdirSync(own)) {
      const { resourceType, url, version } = JSON.parse(readFileSync(join(own, file), 'utf8'));
      const find =
        resourceType === 'StructureDefinition'
          ? definitions.structure
          : resourceType === 'ValueSet'
            ? definitions.valueSet
            : resourceType === 'CodeSystem'
              ? definitions.codeSystem
              : undefined;
      if (!find) continue;
      found += 1;
      expect(find(url)?.url, url).to.equal(url);
      expect(find(`${url}|${version}`)?.url, url).to.equal(url);
      if (resourceType === 'StructureDefinition')
        expect(definitions.structure(url)?.snapshot?.element.length, url).to.be.greaterThan(1);
      if (resourceType === 'CodeSystem')
        expect(definitions.codeSystem(url)?.complete, url).to.equal(true);
    }
    expect(found).to.be.greaterThan(30);
    expect(definitions.problems).to.deep.equal([]);
  });

  it('are found only by the canonical that they have', () => {
    const folder = mkdtempSync(join(tmpdir(), 'own-'));
    try {
      const url = 'https://ours.example/fhir/ValueSet/rooms';
      const rooms = { resourceType: 'ValueSet', url, compose: { include: [] } };
      writeFileSync(join(folder, 'ValueSet-rooms.json'), JSON.stringify(rooms));
      const { kept, packages } = usualPlaces();
      const definitions = openDefinitions({ places: { kept, packages, own: folder } });
      expect(definitions.valueSet(url)?.complete).to.equal(true);
      expect(definitions.valueSet('https://theirs.example/fhir/ValueSet/rooms')).to.equal(
        undefined,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
