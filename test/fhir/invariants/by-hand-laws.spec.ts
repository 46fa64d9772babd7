import { expect } from 'chai';
import fc from 'fast-check';
import { byFhirpath } from '../../../src/fhir/invariants/by-fhirpath.ts';
import { rules, rulesOfValues } from '../../../src/fhir/invariants/by-hand/rules.ts';
import { invariantOf, type Node } from '../../../src/fhir/invariants/invariants.ts';
import { junk, nodeOf, wordsOf } from './generated.ts';
import { contentOf, type Definitions, officialDefinitions } from './official.ts';

/** Rules where ours says more than the engine, or needs more than the node: by-hand-cases.spec.ts has their cases. */
const toldByCases = ['dom-3', 'ref-1', 'rng-2', 'ctm-1', 'que-7'];

/** Asks whether there are answers, not what they are. */
const neverBroken = ['eld-11'];

/** Where a constraint that stands at `path` is evaluated, or undefined where that is a bare value. */
function placeOf(known: Definitions, path: string): string | undefined {
  if (known.properties.has(path)) return path;
  const dot = path.lastIndexOf('.');
  const property = known.properties.get(path.slice(0, dot))?.get(path.slice(dot + 1));
  const place = property && contentOf(known, property);
  return place !== undefined && known.properties.has(place) ? place : undefined;
}

describe('invariants by hand: laws', () => {
  const zone = process.env.TZ;
  before(() => {
    process.env.TZ = 'UTC'; // the engine compares a day with an instant in the zone of the machine
  });
  after(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it('agree with the engine on nodes made around each expression', () => {
    const known = officialDefinitions();
    const unbroken: string[] = [];
    for (const expression of rules.keys()) {
      const { constraint, paths } = known.all.get(expression) ?? expect.fail(expression);
      if (toldByCases.includes(constraint.key)) continue;
      const places = new Set([...paths].map((path) => placeOf(known, path) ?? path));
      const [place] = [...places].filter((one) => known.properties.has(one));
      if (place === undefined) continue;
      const words = wordsOf(expression);
      const ours = invariantOf(expression, place);
      const engine = byFhirpath(expression, place);
      let broken = false;
      // A part of a resource that the rule looks at as a whole is taken from one
      const [type = place, part] = place.split('.');
      const isInside = part !== undefined && expression.includes('%resource');
      const from = isInside ? type : place;
      const wanted = isInside ? { ...words, names: new Set([...words.names, part]) } : words;
      fc.assert(
        fc.property(nodeOf(known, from, wanted), (resource) => {
          const node = isInside ? resource[part] : resource;
          fc.pre(node !== undefined);
          const around = { resource, root: resource };
          const theirs = engine(node, around);
          broken ||= theirs === false;
          if (theirs !== undefined)
            expect(ours.holds(node, around), `${constraint.key}: ${expression}`).to.equal(theirs);
        }),
        { numRuns: 120, seed: 4 },
      );
      if (!broken) unbroken.push(constraint.key);
    }
    expect(unbroken, 'rules that no node broke').to.deep.equal(neverBroken);
  }).timeout(20_000);

  it('never throw, whatever stands in the JSON', () => {
    for (const expression of [...rules.keys(), ...rulesOfValues.keys()]) {
      const { holds } = invariantOf(expression, 'Element');
      const names = [...wordsOf(expression).names, 'contained', 'id', 'meta'];
      const broken = fc.dictionary(
        fc.constantFrom(...names, ...names.map((name) => `_${name}`)),
        junk,
      );
      fc.assert(
        fc.property(fc.oneof(broken, junk), broken, (node, resource) => {
          holds(node, { resource, root: resource as Node });
        }),
        { numRuns: 60 },
      );
    }
  }).timeout(20_000);
});
