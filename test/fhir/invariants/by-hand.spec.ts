import { expect } from 'chai';
import { byFhirpath } from '../../../src/fhir/invariants/by-fhirpath.ts';
import { rules, rulesOfValues } from '../../../src/fhir/invariants/by-hand/rules.ts';
import { type Invariant, invariantOf } from '../../../src/fhir/invariants/invariants.ts';
import type { Holds } from '../../../src/fhir/invariants/predicate.ts';
import { officialDefinitions, officialExamples, visitNodes } from './official.ts';

/** What the engine cannot evaluate on official nodes, and why; each is written by hand. */
const beyondTheEngine: Readonly<Record<string, string>> = {
  'dom-3':
    '`as` of a collection, which FHIRPath since its first release allows of a single item only',
};

/** Where the engine answers otherwise than FHIR means, and why ours differs. */
const engineIsWrong: Readonly<Record<string, string>> = {
  'ele-1': 'the engine does not know that xhtml is a primitive',
  'txt-1': 'narrative is judged by its own rules, not here',
  'txt-2': 'narrative is judged by its own rules, not here',
  'que-7': '`is Boolean` is System.Boolean to the engine, and FHIR.boolean is none',
};

/** Constraints of official profiles and patterns that nobody meets in a resource: left to the engine. */
const leftToTheEngine = [
  "status='not-done' or notDoneReason.exists().not()",
  "status!='not-done' or (reasonCode.exists().not() and reasonReference.exists().not())",
  'substanceExposureRisk.exists() and code.empty()',
];

/** Official examples that break a constraint of severity error, as the engine says too. */
const brokenByExamples = [
  ['Bundle-dataelements.json', 'bdl-7'], // the fullUrls of some data elements come three times
  ['StructureDefinition-Definition.json', 'sdf-4'], // logical models without a base
  ['StructureDefinition-Event.json', 'sdf-4'],
  ['StructureDefinition-FiveWs.json', 'sdf-4'],
  ['StructureDefinition-Request.json', 'sdf-4'],
] as const;

/** Evaluations by the engine of one constraint in one place: enough to meet every shape, few enough for a quick test. */
const enough = 15;

describe('invariants by hand', () => {
  const zone = process.env.TZ;
  before(() => {
    process.env.TZ = 'UTC'; // the engine compares a day with an instant in the zone of the machine
  });
  after(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it('cover the constraints of every official definition but those named here', () => {
    const { all } = officialDefinitions();
    const others = [...all.keys()].filter(
      (expression) => !rules.has(expression) && !rulesOfValues.has(expression),
    );
    expect(others.sort()).to.deep.equal([...leftToTheEngine].sort());
    const errors = [...all.values()].filter(({ constraint }) => constraint.severity === 'error');
    expect(errors.length).to.equal(197);
  });

  it('are keyed by expressions that the official definitions have', () => {
    const { all } = officialDefinitions();
    const unknown = [...rules.keys(), ...rulesOfValues.keys()].filter(
      (expression) => !all.has(expression),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('leaves to the engine what it can evaluate', () => {
    const around = { resource: {}, root: {} };
    for (const expression of leftToTheEngine) {
      const invariant = invariantOf(expression, 'Extension');
      expect(invariant.byHand).to.equal(false);
      expect(invariant.holds({ url: 'x' }, around), expression).to.be.a('boolean');
    }
  });

  it('agree with the engine on every kind of node of the official examples', () => {
    const evaluators = new Map<string, { invariant: Invariant; engine: Holds; times: number }>();
    const unanswered = new Set<string>();
    const otherwise = new Set<string>();
    const broken = new Set<string>();
    const undecided = new Set<string>();
    const named = brokenByExamples.map(([name]) => name);
    for (const [name, example] of officialExamples(40, named))
      visitNodes(example, (node, where, constraints, resource, root) => {
        for (const { key, expression, severity } of constraints) {
          const id = `${expression} in ${where}`;
          const known = evaluators.get(id) ?? {
            invariant: invariantOf(expression, where),
            engine: byFhirpath(expression, where),
            times: 0,
          };
          evaluators.set(id, known);
          const ours = known.invariant.holds(node, { resource, root });
          if (ours === undefined) undecided.add(key);
          const breaks = ours === false && severity === 'error';
          if (breaks) broken.add(`${name} ${key}`);
          if (!breaks && known.times >= enough) continue;
          known.times += 1;
          const theirs = known.engine(node, { resource, root });
          if (theirs === undefined) unanswered.add(key);
          else if (theirs !== ours) otherwise.add(key);
        }
      });
    expect([...undecided]).to.deep.equal([]);
    expect([...unanswered].sort()).to.deep.equal(Object.keys(beyondTheEngine).sort());
    expect([...otherwise].sort()).to.deep.equal(Object.keys(engineIsWrong).sort());
    expect([...broken].sort()).to.deep.equal(brokenByExamples.map((pair) => pair.join(' ')));
  }).timeout(20_000);
});
