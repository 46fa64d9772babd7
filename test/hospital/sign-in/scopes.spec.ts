/** Scopes in both spellings: what is asked for, and what of it an answer covers. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultScopes,
  missingScopes,
  scopesToAsk,
  sortedScopes,
} from '../../../src/hospital/sign-in/scopes.ts';

const suffix = fc.subarray(['c', 'r', 'u', 'd', 's'], { minLength: 1 });
const type = fc.constantFrom('Task', 'Patient', 'Procedure', '*');

describe('scopes', () => {
  it('have their letters in the order of cruds, whatever order the settings have', () => {
    expect(
      sortedScopes([
        'system/Task.sur',
        'system/Patient.sr?x=1',
        'launch',
        'system/*.read',
        'launch',
      ]),
    ).to.deep.equal(['launch', 'system/*.read', 'system/Patient.rs?x=1', 'system/Task.rus']);
  });

  it('sorted once are sorted for good, and no permission is gained or lost', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            type,
            suffix.chain((s) => fc.shuffledSubarray(s, { minLength: s.length })),
          ),
        ),
        (wishes) => {
          const written = wishes.map(([on, may]) => `system/${on}.${may.join('')}`);
          const sorted = sortedScopes(written);
          expect(sortedScopes(sorted)).to.deep.equal(sorted);
          for (const one of sorted) expect(one).to.match(/\.c?r?u?d?s?$/);
          expect(missingScopes(written, sorted)).to.deep.equal([]);
          expect(missingScopes(sorted, written)).to.deep.equal([]);
        },
      ),
    );
  });

  it('that are built in are sorted already, and name each type once', () => {
    expect(sortedScopes(defaultScopes)).to.have.members(defaultScopes);
    const types = defaultScopes.map((one) => one.split('.')[0]);
    expect(new Set(types).size).to.equal(types.length);
  });

  const v1 = ['permission-v1'];
  it('are v2 unless the server lists v1 alone', () => {
    for (const capabilities of [
      undefined,
      [],
      ['permission-v2'],
      ['permission-v1', 'permission-v2'],
    ])
      expect(scopesToAsk(undefined, capabilities)).to.include('system/Task.crus');
    expect(scopesToAsk(undefined, v1)).to.include.members([
      'system/Task.read',
      'system/Task.write',
    ]);
    expect(scopesToAsk(undefined, v1)).to.not.include('system/Patient.write');
  });

  it('in v1 names cover what the built-in ones ask for', () => {
    expect(missingScopes(defaultScopes, scopesToAsk(undefined, v1))).to.deep.equal([]);
  });

  it('of the settings go out as they are written', () => {
    expect(scopesToAsk(['system/*.read'], v1)).to.deep.equal(['system/*.read']);
    expect(scopesToAsk(['system/Task.sr'], v1)).to.deep.equal(['system/Task.rs']);
  });

  const rows: readonly (readonly [asked: string, granted: string, missing: string])[] = [
    ['system/Task.crus', 'system/Task.rs', 'system/Task.cu'],
    ['system/Task.crus', 'system/Task.read', 'system/Task.cu'],
    ['system/Task.crus', 'system/Task.cruds', ''],
    ['system/Task.crus', 'system/Task.rs system/Task.write', ''],
    ['system/Task.rs', 'system/*.rs', ''],
    ['system/Task.rs', 'system/*.*', ''],
    ['system/Task.rs', 'user/Task.rs patient/*.rs', 'system/Task.rs'],
    ['system/Task.rs', 'system/Task.rs?owner=Organization/7', 'system/Task.rs'],
    ['system/Task.rs?owner=Organization/7', 'system/Task.rs', ''],
    ['system/Task.rs', '', 'system/Task.rs'],
    ['system/Task.rs', 'system/Tasks.rs nonsense', 'system/Task.rs'],
    ['fhirUser', 'system/Task.rs', 'fhirUser'],
  ];
  for (const [asked, granted, missing] of rows)
    it(`${asked} of which ${granted || 'nothing'} is granted lacks ${missing || 'nothing'}`, () => {
      const words = (text: string) => text.split(' ').filter(Boolean);
      expect(missingScopes(words(asked), words(granted))).to.deep.equal(words(missing));
    });
});
