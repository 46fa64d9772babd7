/** Settings that are wrong: each kind of mistake is named with its line, what was found, what is expected and what was meant. */
import { expect } from 'chai';
import { AdapterError } from '../../src/core/errors.ts';
import { loadSettings } from '../../src/settings.ts';
import { hospital, load, mistakes } from './loading.ts';

type Row = readonly [name: string, line: string, ...parts: readonly (string | RegExp)[]];

/** A line that is put below `- id: general …` as line 5, and what must be said about it. */
const rows: readonly Row[] = [
  ['a misspelt name', 'dialct: core', 'hospitals[0].dialct is no setting', 'Did you mean dialect?'],
  ['a name of another place', 'level: info', 'is no setting', 'It belongs to log.'],
  ['a misspelt value', 'dialect: cwo', 'is "cwo", expected one of core, cow', 'Did you mean cow?'],
  ['yes for on', 'write: yes', 'is "yes"', 'Did you mean on?'],
  ['false for off', 'write: false', 'is false', 'Did you mean off?'],
  ['no value at all', 'poll:', 'hospitals[0].poll is empty'],
  ['a bare number for a time span', 'poll: 30', 'is 30', 'Did you mean 30s?'],
  ['a time span in words', 'poll: 5 minutes', 'a time span', 'Did you mean 5m?'],
  ['a time span in weeks', 'lag: 2 weeks', 'a time span', 'Did you mean 14d?'],
  ['a time span that is too short', 'poll: 10ms', 'at least 5s'],
  ['a time of day without its zero', 'nightly: 2:30', 'is "2:30"', 'Did you mean "02:30"?'],
  ['a time of day that does not exist', 'nightly: "24:00"', 'is "24:00"'],
  ['a page size of nothing', 'pageSize: 0', 'is 0, expected a whole number from 1 to 1000'],
  ['half a page', 'pageSize: 2.5', 'is 2.5'],
  [
    'an organization without its type',
    'organization: massage',
    'Did you mean Organization/massage?',
  ],
  ['a code without its system', 'select: { codes: ["387854002"] }', 'sct|387854002?'],
  ['a text for a list', 'select: { intents: order }', 'a list', 'Did you mean ["order"]?'],
  ['an intent that FHIR does not have', 'select: { intents: [ordre] }', 'Did you mean order?'],
  ['an unknown sign-in', 'signIn: { type: baerer }', 'signIn.type is "baerer"', 'mean bearer?'],
  ['a sign-in without a type', 'signIn: { user: u }', 'signIn.type is missing'],
  ['a sign-in that lacks its secret', 'signIn: { type: bearer }', 'signIn.token is missing'],
  ['what another sign-in has', 'signIn: { type: none, user: u }', 'no setting of type none'],
  [
    'a therapist twice',
    'therapists: [{ id: a, name: A, practitioner: Practitioner/a }, { id: a, name: B, practitioner: Practitioner/b }]',
    'therapists[1].id is "a", which another one has',
  ],
  ['a key that is a list', '? [a, b]', 'something that is not a plain name'],
  ['an alias', 'poll: *other', 'an alias'],
  ['a name twice', 'id: again', 'a name that is written twice'],
  ['a tab', '\tpoll: 5m', 'indented with a tab'],
];

describe('settings: a mistake is named with its line', () => {
  for (const [name, line, ...parts] of rows)
    it(name, () => {
      const [mistake, ...others] = mistakes(hospital(line));
      expect(others).to.deep.equal([]);
      expect(mistake).to.match(/^site\.yaml:5: /);
      for (const part of parts) expect(mistake).to.contain(part);
    });
});

describe('settings: the address of a hospital', () => {
  const bases: readonly (readonly [string, string])[] = [
    ['fhir.hospital.example/r4', 'Did you mean https://fhir.hospital.example/r4?'],
    ['https://h.example/r4?a=b', 'Did you mean https://h.example/r4?'],
    ['ftp://h.example/r4', 'expected the http(s) address'],
    ['https://u:hunter2@h.example/r4', 'belong into signIn'],
  ];
  for (const [base, says] of bases)
    it(`may not be ${base.replace('hunter2', '…')}`, () => {
      const text = hospital().replace('https://fhir.hospital.example/r4', base);
      expect(mistakes(text)).to.have.length(1);
      expect(mistakes(text)[0]).to.match(/^site\.yaml:3: /);
      expect(mistakes(text)[0]).to.contain(says);
    });
});

describe('settings: the top level', () => {
  const texts: readonly (readonly [string, string, string])[] = [
    ['store', 'postgres://db.example/x', 'keeps its store in a SQLite file only'],
    ['listen', '8300', 'Did you mean 127.0.0.1:8300?'],
    ['listen', '127.0.0.1:83000', 'only 65535 ports'],
    ['timezone', 'UTC', 'It belongs to hospitals.'],
  ];
  for (const [key, value, says] of texts)
    it(`does not take ${key}: ${value}`, () => {
      const found = mistakes(`${key}: ${value}\n${hospital()}`);
      expect(found).to.have.length(1);
      expect(found[0]).to.contain(says);
    });

  it('needs a hospital', () => {
    expect(mistakes('')[0]).to.contain('hospitals is missing');
    expect(mistakes('hospitals: []')[0]).to.contain('at least one hospital');
  });

  it('is a group of settings', () => {
    expect(mistakes('- a')[0]).to.contain('settings is a list');
  });

  it('has no two hospitals of one id, and no time zone that does not exist', () => {
    const text = `${hospital()}  - { id: general, base: "https://b.example", timezone: America/Chicgo }`;
    expect(mistakes(text).join('\n'))
      .to.contain('hospitals[1].id is "general", which another one has')
      .and.to.contain('Did you mean America/Chicago?');
  });
});

describe('settings: all mistakes at once', () => {
  it('lists them in the order of the file, from file and environment', () => {
    const found = mistakes(`${hospital('dialect: cwo', 'poll: 1', 'write: maybe')}lisen: 1\n`, {
      MASSAGE_FHIR_STROE: 'x',
      MASSAGE_FHIR_HOSPITALS_3_ID: 'x',
    });
    expect(found.map((one) => one.split(': ')[0])).to.deep.equal([
      'environment',
      'MASSAGE_FHIR_HOSPITALS_3_ID',
      'site.yaml:5',
      'site.yaml:6',
      'site.yaml:7',
      'site.yaml:8',
    ]);
    expect(found[0]).to.contain('Did you mean MASSAGE_FHIR_STORE?');
  });

  it('names the variable where the mistake came from one', () => {
    const found = mistakes(hospital(), { MASSAGE_FHIR_HOSPITALS_0_DIALECT: 'cwo' });
    expect(found[0]).to.match(/^MASSAGE_FHIR_HOSPITALS_0_DIALECT: .*Did you mean cow\?$/);
  });
});

describe('settings: a secret that is written into the file', () => {
  const texts = [
    'signIn: { type: bearer, token: hunter2 }',
    'signIn: { type: bearer, token: { value: hunter2 } }',
    'signIn: { type: basic, user: u, password: 2222 }',
    'signIn: hunter2',
    'token: hunter2',
    'signIn: { type: bearer, token: *hunter2 }',
    'signIn: { type: bearer, token: !hunter2 x }',
  ];
  for (const text of texts)
    it(`is refused and not repeated: ${text.replaceAll(/hunter2|2222/g, '…')}`, () => {
      const found = mistakes(hospital(text)).join('\n');
      expect(found).not.to.equal('');
      expect(found).not.to.match(/hunter2|2222/);
    });

  it('says how it is done', () => {
    const found = mistakes(hospital('signIn: { type: bearer, token: hunter2 }'));
    expect(found[0]).to.contain('Put the secret into a file or an environment variable');
  });
});

describe('settings: a file that is not there', () => {
  it('is file-unreadable', () => {
    const readFile = () => {
      throw new Error('ENOENT');
    };
    expect(() => loadSettings({ file: 'gone.yaml', env: {}, readFile }))
      .to.throw(AdapterError)
      .with.property('code', 'file-unreadable');
  });

  it('has a fix that says where to start, when none was named', () => {
    expect(() => loadSettings({ env: {}, readFile: () => '' }))
      .to.throw(AdapterError)
      .with.property('fix')
      .that.contains('massage-fhir.example.yaml');
    expect(() => load('')).to.throw(AdapterError);
  });
});
