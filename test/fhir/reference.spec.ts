import { expect } from 'chai';
import fc from 'fast-check';
import { localReference, parseReference, sameBase } from '../../src/fhir/reference.ts';

describe('fhir/reference: reading what servers write', () => {
  const cases: readonly [string, fhir4.Reference | string | undefined, object][] = [
    ['relative', 'Patient/p-1', { kind: 'relative', type: 'Patient', id: 'p-1' }],
    [
      'versioned',
      'Patient/p1/_history/7',
      { kind: 'relative', type: 'Patient', id: 'p1', version: '7' },
    ],
    [
      'absolute with hyphens and underscores in host, path and id',
      'https://fhir-ehr.some-site.example/tenant_1/r4-api/Practitioner/e_A-b.3',
      {
        kind: 'absolute',
        base: 'https://fhir-ehr.some-site.example/tenant_1/r4-api',
        type: 'Practitioner',
        id: 'e_A-b.3',
      },
    ],
    [
      'absolute and versioned, with an opaque version',
      'http://h.example/fhir/Slot/1-2/_history/3423957v2380283',
      {
        kind: 'absolute',
        base: 'http://h.example/fhir',
        type: 'Slot',
        id: '1-2',
        version: '3423957v2380283',
      },
    ],
    [
      'one with a slash at its end',
      'https://h.example/fhir/Patient/p1/',
      { kind: 'absolute', base: 'https://h.example/fhir', type: 'Patient', id: 'p1' },
    ],
    ['urn:uuid', 'urn:uuid:3f1c', { kind: 'urn', urn: 'urn:uuid:3f1c' }],
    ['contained', '#dr', { kind: 'contained', id: 'dr' }],
    [
      'identifier only',
      { identifier: { system: 'urn:s', value: 'v' } },
      { kind: 'identifier', system: 'urn:s', value: 'v' },
    ],
    ['display only', { display: 'Ward 3' }, { kind: 'display', display: 'Ward 3' }],
    [
      'the literal before the identifier when there are both',
      { reference: 'Encounter/e', identifier: { value: 'csn' } },
      { kind: 'relative', type: 'Encounter', id: 'e' },
    ],
    ['an empty one', {}, { kind: 'unreadable' }],
    ['none', undefined, { kind: 'unreadable' }],
    ['a search', 'Patient?identifier=x', { kind: 'unreadable' }],
    ['another scheme', 'ftp://h/Patient/1', { kind: 'unreadable' }],
    ['a path that climbs', 'Patient/..', { kind: 'unreadable' }],
  ];
  for (const [name, reference, expected] of cases) {
    it(`reads ${name}`, () => {
      expect(parseReference(reference)).to.deep.equal(expected);
    });
  }

  it('reads back every relative reference that it could have written', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,80}$/);
    fc.assert(
      fc.property(id, fc.option(id, { nil: undefined }), (id, version) => {
        const text = `Task/${id}${version === undefined ? '' : `/_history/${version}`}`;
        expect(parseReference(text)).to.deep.equal({
          kind: 'relative',
          type: 'Task',
          id,
          ...(version !== undefined && { version }),
        });
      }),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => parseReference(text).kind.length > 0));
  });
});

describe('fhir/reference: whose resource it is', () => {
  it('takes an absolute reference into the own server for a local one', () => {
    expect(
      localReference('https://h.example/r4/Task/1/_history/2', 'https://H.example/r4/'),
    ).to.equal('Task/1');
  });

  it('does not take a longer port or host for the same server', () => {
    expect(localReference('http://h:43027/fhir/Task/1', 'http://h:4302/fhir')).to.equal(undefined);
    expect(sameBase('https://h.example.evil/r4', 'https://h.example/r4')).to.equal(false);
    expect(sameBase('https://h.example/r4b', 'https://h.example/r4')).to.equal(false);
  });

  it('knows that neither urn, contained nor display-only leads to the server', () => {
    for (const reference of ['urn:uuid:1', '#a', { display: 'x' }]) {
      expect(localReference(reference, 'https://h.example/r4')).to.equal(undefined);
    }
  });
});
