/** The path of a request as it may be logged, whatever a link of the hospital holds. */
import { expect } from 'chai';
import fc from 'fast-check';
import { loggedPath, serviceBase } from '../../src/hospital/service-base.ts';

const base = serviceBase('https://fhir.hospital.example/r4');
const logged = (below: string) => loggedPath(base, new URL(`${base.href}/${below}`).href);

describe('hospital: a path as it may be logged', () => {
  it('has type, id and the names of parameters, each once, and no values', () => {
    expect(logged('Patient/1')).to.equal('Patient/1');
    expect(
      logged('ServiceRequest?_lastUpdated=ge1&_lastUpdated=lt2&_has:Task:focus:owner=x'),
    ).to.equal('ServiceRequest?_lastUpdated&_has:Task:focus:owner');
  });

  it('leaves out what is no name of a parameter', () => {
    expect(logged('Patient?a%0Ab%1B[2J=1&Abernethy,%20Wendeline=&_id=1')).to.equal('Patient?…&_id');
  });

  it('is one short line of what can be printed, whatever the link is', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 200 }), (words) => {
        const query = words.map((word) => `${encodeURIComponent(word.toWellFormed())}=1`).join('&');
        const path = logged(`${'x'.repeat(words.length * 5)}?${query}`);
        expect(path.length).to.be.at.most(301);
        expect(path).to.match(/^[\x21-\x7e…]+$/);
      }),
    );
  });
});
