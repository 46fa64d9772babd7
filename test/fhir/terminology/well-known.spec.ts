/** What the form of a code says in systems that nobody can list here. */
import { expect } from 'chai';
import type { Membership } from '../../../src/fhir/terminology/code-list.ts';
import { wellKnown } from '../../../src/fhir/terminology/well-known.ts';

const cases: Readonly<Record<string, Readonly<Record<Membership, readonly string[]>>>> = {
  'urn:ietf:bcp:47': {
    in: ['en', 'de-CH', 'EN-us', 'zh-Hant-TW', 'es-419', 'nl', 'haw', 'i-klingon', 'en-GB-oed'],
    unknown: [
      'de-CH-1996',
      'x-site',
      'en-x-site',
      'en-u-hc-h24',
      'zh-cmn-Hans',
      'qqx-Zsye',
      'abcd',
      'xx',
    ],
    out: [
      '',
      'e',
      'englishlanguage',
      'en_US',
      'en-',
      '-en',
      'en US',
      'en-US-',
      'en--US',
      'de-CH-x',
      'a-DE',
      'zzzzzzzzz',
    ],
  },
  'urn:ietf:bcp:13': {
    in: [
      'text/plain',
      'application/fhir+json',
      'text/plain; charset=UTF-8',
      'image/svg+xml',
      'application/fhir+json;fhirVersion=4.0',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'X-site/thing',
    ],
    unknown: ['json', 'xml', 'ttl'],
    out: [
      '',
      'text',
      'text/',
      '/plain',
      'text/plain/more',
      'text plain',
      'te xt/plain',
      'text/plain charset',
      'pdf',
      `text/${'x'.repeat(128)}`,
    ],
  },
  'urn:iso:std:iso:4217': {
    in: [],
    unknown: ['USD', 'EUR', 'ZZZ'],
    out: ['usd', 'US', 'USDX', '840', '$', ''],
  },
  'urn:iso:std:iso:3166': {
    in: [],
    unknown: ['US', 'USA', '840', 'US-CA'],
    out: ['us', 'United States', '84', ''],
  },
  'http://unitsofmeasure.org': {
    in: [],
    unknown: ['mm[Hg]', '/min', '{score}', '1', 'm2.kg'],
    out: ['mm Hg', '', 'µg', 'kg\n'],
  },
  'https://www.iana.org/time-zones': {
    in: [],
    unknown: ['Europe/Zurich', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'],
    out: ['', 'Europe/', 'new york', '+01:00'],
  },
};

describe('codes of systems that are published elsewhere', () => {
  for (const [system, answers] of Object.entries(cases))
    it(`${wellKnown(system)?.name} (${system})`, () => {
      for (const membership of ['in', 'unknown', 'out'] as const)
        for (const code of answers[membership])
          expect(wellKnown(system)?.judge?.(code), JSON.stringify(code)).to.equal(membership);
    });

  it('are judged in time however long they are', () => {
    const long = [
      `${'a'.repeat(100_000)}/`,
      'en-'.repeat(100_000),
      `text/plain${';'.repeat(100_000)}`,
      `en${'-aaaaa'.repeat(100_000)}!`,
      `${'a/'.repeat(100_000)}!`,
    ];
    const started = performance.now();
    for (const system of Object.keys(cases))
      for (const code of long) wellKnown(system)?.judge?.(code);
    expect(performance.now() - started).to.be.lessThan(1000);
  });
});
