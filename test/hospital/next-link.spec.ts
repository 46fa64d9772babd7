import { expect } from 'chai';
import fc from 'fast-check';
import { nextLink } from '../../src/hospital/next-link.ts';
import { insideBase, serviceBase } from '../../src/hospital/service-base.ts';

const base = serviceBase('https://fhir.hospital.example/ehr/fhir');

describe('next link', () => {
  const taken: readonly [string, string, string, string?][] = [
    ['our own', 'https://fhir.hospital.example/ehr/fhir?page=2', '/ehr/fhir?page=2'],
    ['a query alone', '?page=2', '/ehr/fhir?page=2'],
    [
      'http for https',
      'http://fhir.hospital.example/ehr/fhir?p=2',
      '/ehr/fhir?p=2',
      'http://fhir.hospital.example',
    ],
    [
      'another port',
      'https://fhir.hospital.example:8443/ehr/fhir?p=2',
      '/ehr/fhir?p=2',
      'https://fhir.hospital.example:8443',
    ],
    [
      'a port given twice',
      'https://fhir.hospital.example:443:443/ehr/fhir/Task?p=2',
      '/ehr/fhir/Task?p=2',
      'https://fhir.hospital.example:443:443',
    ],
    [
      'an inner host',
      'http://hapi:8080/ehr/fhir/Task?p=2',
      '/ehr/fhir/Task?p=2',
      'http://hapi:8080',
    ],
    [
      'an inner host with the end of our path',
      'http://hapi:8080/fhir?p=2',
      '/ehr/fhir?p=2',
      'http://hapi:8080',
    ],
    [
      'an inner host, below the end of our path',
      'http://hapi/fhir/Task/?p=2',
      '/ehr/fhir/Task/?p=2',
      'http://hapi',
    ],
    [
      'our host with the end of our path',
      'https://fhir.hospital.example/fhir?p=2',
      '/ehr/fhir?p=2',
      'https://fhir.hospital.example',
    ],
    ['no scheme', '//hapi:8080/ehr/fhir?p=2', '/ehr/fhir?p=2', 'https://hapi:8080'],
    ['a fragment, which is dropped', 'http://hapi/fhir?p=2#x', '/ehr/fhir?p=2', 'http://hapi'],
    [
      'a query that itself holds an address',
      'http://hapi/fhir?next=http://x/y?z',
      '/ehr/fhir?next=http://x/y?z',
      'http://hapi',
    ],
  ];
  for (const [name, link, path, from] of taken) {
    it(`is taken with ${name}`, () => {
      expect(nextLink(base, link, 'rebase')).to.deep.equal({
        href: `https://fhir.hospital.example${path}`,
        ...(from !== undefined && { rebasedFrom: from }),
      });
    });
  }

  for (const [name, link] of [
    ['another path', 'http://hapi:8080/other?p=2'],
    ['a path that only begins like ours', 'http://hapi:8080/fhirbook?p=2'],
    ['a path that climbs out', 'http://hapi:8080/fhir/../other?p=2'],
    ['a path that climbs out in disguise', 'http://hapi:8080/fhir/%2e%2e/other?p=2'],
    ['no path', 'http://hapi:8080?p=2'],
    ['a user', 'http://a:b@hapi:8080/ehr/fhir?p=2'],
    ['our host as user', 'https://fhir.hospital.example@hapi/ehr/fhir?p=2'],
    ['another scheme', 'ftp://hapi/ehr/fhir?p=2'],
    ['backslashes', 'http:\\\\hapi\\ehr\\fhir?p=2'],
    ['our origin and another path', 'https://fhir.hospital.example/other?p=2'],
  ] as const) {
    it(`is refused with ${name}`, () => {
      expect(() => nextLink(base, link, 'rebase')).to.throw('it was not followed');
    });
  }

  it('is never laid elsewhere than below a server at the root either', () => {
    const root = serviceBase('https://fhir.hospital.example');
    expect(nextLink(root, 'http://hapi:8080?p=2', 'rebase').href).to.equal(
      'https://fhir.hospital.example?p=2',
    );
    expect(nextLink(root, 'http://hapi:8080/Task?p=2', 'rebase').href).to.equal(
      'https://fhir.hospital.example/Task?p=2',
    );
  });

  it('never leads out of the base, whatever it says', () => {
    const part = fc.constantFrom(
      'http://',
      'https://',
      '//',
      'hapi',
      'fhir.hospital.example',
      '@',
      ':443',
      ':80',
      '/',
      '\\',
      '..',
      '%2e%2e',
      '/ehr',
      '/fhir',
      '?',
      '#',
      'p=2',
      '%2f',
      ' ',
      '\t',
      'é',
      '[::1]',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        let href: string;
        try {
          href = nextLink(base, parts.join(''), 'rebase').href;
        } catch {
          return;
        }
        expect(insideBase(base, new URL(href)), href).to.equal(true);
      }),
      { numRuns: 5000 },
    );
  });
});
