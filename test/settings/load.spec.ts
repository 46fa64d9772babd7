/** Settings that are right: defaults, the environment over the file, and where each value came from. */

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { massageServices } from '../../src/core/selection.ts';
import { loadSettings } from '../../src/settings.ts';
import { hospital, load } from './loading.ts';

describe('settings: a file that says only what it must', () => {
  const { settings, origin } = load(hospital());

  it('has the default of everything else', () => {
    expect(settings.store).to.equal('./data/massage-fhir.sqlite');
    expect(settings.listen).to.equal('127.0.0.1:8300');
    expect(settings.lease).to.equal('1m');
    expect(settings.log).to.deep.equal({ level: 'info', format: 'auto' });
    expect(settings.hospitals[0]).to.deep.include({
      signIn: { type: 'none' },
      therapists: [],
      dialect: 'core',
      tasks: 'create',
      poll: '5m',
      nightly: '02:30',
      write: 'on',
      overlap: '10m',
      pageSize: 50,
      maxPages: 2000,
      timeout: '30s',
    });
    expect(settings.hospitals[0]?.select).to.deep.equal({
      codes: [...massageServices],
      categories: [],
      performers: [],
      intents: ['order'],
    });
  });

  it('says of each value where it came from', () => {
    expect(origin('hospitals[0].timezone')).to.equal('site.yaml:4');
    expect(origin('hospitals[0].select.codes')).to.equal('default');
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(settings.hospitals[0]?.select.codes)).to.equal(true);
  });
});

describe('settings: environment variables', () => {
  it('win over the file', () => {
    const { settings, origin } = load(hospital('poll: 1m'), {
      MASSAGE_FHIR_HOSPITALS_0_POLL: '2m',
    });
    expect(settings.hospitals[0]?.poll).to.equal('2m');
    expect(origin('hospitals[0].poll')).to.equal('MASSAGE_FHIR_HOSPITALS_0_POLL');
  });

  it('are enough without any file', () => {
    const { settings } = loadSettings({
      env: {
        MASSAGE_FHIR_STORE: '/var/lib/massage-fhir.sqlite',
        MASSAGE_FHIR_HOSPITALS_0_ID: 'general',
        MASSAGE_FHIR_HOSPITALS_0_BASE: 'https://fhir.hospital.example/r4',
        MASSAGE_FHIR_HOSPITALS_0_TIMEZONE: 'UTC',
        MASSAGE_FHIR_HOSPITALS_0_PAGE_SIZE: '20',
        MASSAGE_FHIR_HOSPITALS_0_SELECT_CODES: 'http://a.example|1, http://a.example|2',
        MASSAGE_FHIR_HOSPITALS_0_THERAPISTS_0_ID: 'ana',
        MASSAGE_FHIR_HOSPITALS_0_THERAPISTS_0_NAME: 'Ana Example',
        MASSAGE_FHIR_HOSPITALS_0_THERAPISTS_0_PRACTITIONER: 'Practitioner/ana',
        HOME: '/root',
      },
      readFile: () => {
        throw new Error('no file may be read');
      },
    });
    expect(settings.store).to.equal('/var/lib/massage-fhir.sqlite');
    expect(settings.hospitals[0]?.pageSize).to.equal(20);
    expect(settings.hospitals[0]?.select.codes).to.deep.equal([
      'http://a.example|1',
      'http://a.example|2',
    ]);
    expect(settings.hospitals[0]?.therapists).to.deep.equal([
      { id: 'ana', name: 'Ana Example', practitioner: 'Practitioner/ana' },
    ]);
  });

  it('name a secret by the variable that holds it, without reading it into the settings', () => {
    const { settings } = load(hospital(), {
      MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_TYPE: 'bearer',
      MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_TOKEN: 'open-sesame',
    });
    expect(settings.hospitals[0]?.signIn).to.deep.equal({
      type: 'bearer',
      token: { env: 'MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_TOKEN' },
    });
    expect(JSON.stringify(settings)).not.to.contain('open-sesame');
  });

  it('name the place of a secret with _FILE', () => {
    const { settings } = load(hospital('signIn: { type: bearer }'), {
      MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_TOKEN_FILE: '/run/secrets/token',
    });
    expect(settings.hospitals[0]?.signIn).to.deep.equal({
      type: 'bearer',
      token: { file: '/run/secrets/token' },
    });
  });

  it('may be called anything where a secret names them', () => {
    const text = hospital('signIn: { type: bearer, token: { env: MASSAGE_FHIR_TOKEN } }');
    const { warnings } = load(text, { MASSAGE_FHIR_TOKEN: 'open-sesame' });
    expect(warnings.join()).not.to.contain('MASSAGE_FHIR_TOKEN');
  });
});

describe('settings: what is allowed and probably not meant', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['http to another machine', hospital().replace('https:', 'http:'), /base is http.*unencrypted/],
    ['no organization', hospital(), /organization is not set/],
    [
      'a look-alike among the codes',
      hospital('select: { codes: ["http://snomed.info/sct|83099006"] }'),
      /external cardiac massage/,
    ],
    [
      'a secret whose variable is not set',
      hospital('signIn: { type: bearer, token: { env: NOWHERE } }'),
      /environment variable NOWHERE is not set/,
    ],
    [
      'a secret whose file is not there',
      hospital('signIn: { type: basic, user: u, password: { file: /nowhere } }'),
      /file \/nowhere cannot be read/,
    ],
    [
      'two hospitals with one address',
      `${hospital()}  - { id: second, base: "https://fhir.hospital.example/r4/", timezone: UTC }\n`,
      /general and second have the same base/,
    ],
  ];
  for (const [name, text, says] of rows)
    it(`warns of ${name}`, () => {
      expect(load(text).warnings.join('\n')).to.match(says);
    });

  it('says nothing of http to this machine', () => {
    const text = hospital('organization: Organization/us').replace(
      'https://fhir.hospital.example',
      'http://127.0.0.1:8080',
    );
    expect(load(text).warnings).to.deep.equal([]);
  });
});

describe('settings: the example in docs', () => {
  it('is right', () => {
    const { settings } = load(readFileSync('docs/massage-fhir.example.yaml', 'utf8'));
    expect(settings.hospitals[0]?.therapists.map(({ id }) => id)).to.deep.equal(['ana', 'ben']);
  });
});
