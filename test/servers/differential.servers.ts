/**
 * Our validator against the reference engine of HL7 inside HAPI, on thousands of changed official examples: where the
 * verdicts differ, a row of the table says who is right, and a row that explains nothing any more has to go.
 */
import { expect } from 'chai';
import { openDefinitions } from '../../src/fhir/definitions/definitions.ts';
import { openValidator, type Validator } from '../../src/fhir/validation/validator.ts';
import { hapiOfThisRun } from '../support/hapi-of-this-run.ts';
import type { Json } from '../support/mutations/element-places.ts';
import { type Mutation, mutationsOf } from '../support/mutations.ts';
import { exampleFiles, exampleOf, handledTypes } from '../support/official-examples.ts';
import { explanationOf, explanations } from './differential/explanations.ts';
import { type Errors, hapiErrors, ourErrors } from './differential/verdicts.ts';

/** Another number gives other changes; this one is kept so that two runs can be compared. */
const seed = 20_261_124;
const ofEachKind = 20;
/** Larger examples take HAPI long and show nothing else. */
const longestExample = 4000;
const atOnce = 3;

interface Judged extends Mutation {
  readonly ours: Errors;
  readonly hapi: Errors;
}

describe('the validator against the reference engine', function () {
  this.timeout(900_000);
  let judged: readonly Judged[] = [];

  before(async function () {
    const hapi = await hapiOfThisRun();
    if ('missing' in hapi) {
      console.warn(`\n  !!! SKIPPED: validation against HAPI FHIR. ${hapi.missing}.\n`);
      return this.skip();
    }
    const validator = openValidator(openDefinitions());
    const examples = exampleFiles(handledTypes).flatMap((file) => {
      const resource = JSON.parse(exampleOf(file).text) as Json;
      const fits = JSON.stringify(resource).length <= longestExample;
      return fits ? [{ kind: 'unchanged', makes: 'either' as const, file, resource }] : [];
    });
    const unchanged = await judge(examples, hapi.base, validator);
    // A change shows nothing where the example was refused before
    const bases = unchanged.filter(({ ours, hapi: theirs }) => ours.length + theirs.length === 0);
    const changed = await judge(mutationsOf(bases, seed, ofEachKind), hapi.base, validator);
    judged = [...unchanged, ...changed];
  });

  it('is asked about at least 3,000 changes', () => {
    expect(judged.length).to.be.greaterThan(3000);
    const differ = judged.filter(differs).length;
    console.log(
      `      ${judged.length} resources: ${judged.length - differ} same verdicts, ${differ} different`,
    );
  });

  it('differs only where a row of the table explains each error', () => {
    const open = judged.filter(differs).flatMap(({ kind, file, ours, hapi }) => {
      const side = ours.length > 0 ? 'ours' : 'hapi';
      return (side === 'ours' ? ours : hapi)
        .filter((error) => !explanationOf(kind, side, error))
        .map((error) => `${kind}, ${file}, only ${side}: ${error}`);
    });
    expect(open).to.deep.equal([]);
  });

  it('accepts what a change leaves valid, and refuses what it makes invalid', () => {
    const wrong = judged.flatMap(({ kind, makes, file, ours, hapi }) => {
      if (makes === 'valid' && ours.length > 0) return [`${kind}, ${file}: ${ours[0]}`];
      const isMissed = makes === 'invalid' && ours.length === 0;
      // Where HAPI alone refuses it, the table has the reason
      return isMissed && hapi.length === 0 ? [`${kind}, ${file}: nothing was found`] : [];
    });
    expect(wrong).to.deep.equal([]);
  });

  it('has no row that explains nothing', () => {
    const used = new Map<string, number>();
    for (const { kind, ours, hapi } of judged.filter(differs)) {
      const side = ours.length > 0 ? 'ours' : 'hapi';
      const rows = (side === 'ours' ? ours : hapi).map((error) => explanationOf(kind, side, error));
      for (const row of new Set(rows)) if (row) used.set(row.name, (used.get(row.name) ?? 0) + 1);
    }
    for (const { name, right } of explanations)
      console.log(`      ${String(used.get(name) ?? 0).padStart(4)} ${name} (right: ${right})`);
    expect(explanations.map(({ name }) => name).filter((name) => !used.has(name))).to.deep.equal(
      [],
    );
  });
});

function differs({ ours, hapi }: Judged): boolean {
  return ours.length > 0 !== hapi.length > 0;
}

/** A few at a time, in order. */
async function judge(
  mutations: readonly Mutation[],
  base: string,
  validator: Validator,
): Promise<Judged[]> {
  const found: Judged[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let place = next; place < mutations.length; place = next) {
      next += 1;
      const mutation = mutations[place];
      if (!mutation) return;
      const hapi = await hapiErrors(base, mutation);
      found[place] = { ...mutation, ours: ourErrors(validator, mutation.resource), hapi };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return found;
}
