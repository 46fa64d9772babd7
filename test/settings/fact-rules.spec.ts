/** The rules file of a site: signed or refused, every mistake with its line, and read at the start. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { AdapterError } from '../../src/core/errors.ts';
import { openAdapter } from '../../src/main.ts';
import { problemSentence } from '../../src/mapping/problems.ts';
import { readFactRules } from '../../src/settings/fact-rules.ts';
import { loadSettings } from '../../src/settings.ts';

const signed = `signedBy: Dr. Example, massage lead
date: 2026-03-02
`;
const rules = `rules:
  - name: low-platelets
    says: Light pressure only.
    codes: ["http://loinc.org|777-3", "http://loinc.org|26515-7"]
    below: 50
    unit: 10*9/L
    within: 72h
  - name: blood
    says: Check for bruises.
    topic: clots-and-bleeding
`;

const mistakes = (text: string) => readFactRules(text, 'rules.yaml').problems.map(problemSentence);

describe('the signed rules of a site', () => {
  it('are read with who signed them and when', () => {
    expect(readFactRules(signed + rules, 'rules.yaml').rules).to.deep.equal({
      signedBy: 'Dr. Example, massage lead',
      date: '2026-03-02',
      rules: [
        {
          name: 'low-platelets',
          advises: 'Light pressure only.',
          on: { codes: ['http://loinc.org|777-3', 'http://loinc.org|26515-7'] },
          value: { atLeast: undefined, below: 50, unit: '10*9/L', withinMs: 72 * 3_600_000 },
        },
        { name: 'blood', advises: 'Check for bruises.', on: { topic: 'clots-and-bleeding' } },
      ],
    });
  });

  it('may be JSON', () => {
    const json = {
      signedBy: 'Dr. Example',
      date: '2026-03-02',
      rules: [{ name: 'skin', says: 'Look.', topic: 'skin' }],
    };
    expect(readFactRules(JSON.stringify(json), 'rules.json').rules?.rules).to.have.length(1);
  });

  it('are refused unsigned, or undated', () => {
    expect(mistakes(rules)).to.deep.equal([
      'rules.yaml: signedBy is missing, expected the name of the clinical owner who answers for these rules.',
      'rules.yaml: date is missing, expected the day of the signature, such as 2026-03-02.',
    ]);
    expect(mistakes(`signedBy: " "\ndate: 2026-02-30\n${rules}`)).to.have.length(2);
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    [
      'an unknown unit',
      '    codes: ["a|b"]\n    below: 1\n    unit: K/uL\n    within: 1h',
      /:8: rules\[0\]\.unit is "K\/uL"/,
    ],
    [
      'a threshold without a unit',
      '    codes: ["a|b"]\n    below: 1\n    within: 1h',
      /rules\[0\]\.unit is missing/,
    ],
    [
      'a threshold without an age',
      '    codes: ["a|b"]\n    below: 1\n    unit: "1"',
      /rules\[0\]\.within is missing/,
    ],
    [
      'a threshold over a topic',
      '    topic: bone\n    below: 1\n    unit: "1"\n    within: 1h',
      /rules\[0\]\.topic is given with a threshold/,
    ],
    [
      'a unit without a threshold',
      '    codes: ["a|b"]\n    unit: "1"',
      /:7: rules\[0\]\.unit is given/,
    ],
    ['neither topic nor codes', '', /rules\[0\]\.codes is missing/],
    [
      'both topic and codes',
      '    topic: bone\n    codes: ["a|b"]',
      /:6: rules\[0\]\.topic is given beside codes/,
    ],
    [
      'an empty range',
      '    codes: ["a|b"]\n    below: 1\n    atLeast: 2\n    unit: "1"\n    within: 1h',
      /:7: rules\[0\]\.below is not above atLeast/,
    ],
    ['another topic', '    topic: bones', /Did you mean bone\?/],
    [
      'a beginning of codes of a system that has none',
      '    codes: ["http://snomed.info/sct|1280*"]',
      /:6: rules\[0\]\.codes is .*1280\*.*expected whole codes/,
    ],
    [
      'a star in the middle',
      '    codes: ["http://hl7.org/fhir/sid/icd-10-cm|I*.4"]',
      /rules\[0\]\.codes is .*I\*\.4/,
    ],
    ['a code without system', '    codes: ["777-3"]', /rules\[0\]\.codes\[0\] is "777-3"/],
    [
      'a misspelt name',
      '    topic: bone\n    bellow: 1',
      /:7: rules\[0\]\.bellow is no setting.*Did you mean below\?/,
    ],
    [
      'a name that is used twice',
      '    topic: bone\n  - name: one\n    says: Again.\n    topic: skin',
      /which another one has/,
    ],
    [
      'a number that is none',
      '    codes: ["a|b"]\n    below: fifty\n    unit: "1"\n    within: 1h',
      /:7: rules\[0\]\.below is "fifty", expected a number/,
    ],
  ];
  for (const [what, lines, says] of wrong)
    it(`are refused with their line for ${what}`, () => {
      const text = `${signed}rules:\n  - name: one\n    says: Something.\n${lines}\n`;
      expect(mistakes(text).join('\n')).to.match(says);
    });

  it('are refused when the file is no YAML', () => {
    expect(mistakes('signedBy: [').join()).to.contain('broken here');
  });
});

describe('the rules file in the settings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rules-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function open() {
    const text = `
store: ':memory:'
hospitals:
  - id: general
    base: http://127.0.0.1:9/fhir
    timezone: UTC
    facts: { rules: rules.yaml }
`;
    const { settings } = loadSettings({ file: 'site.yaml', env: {}, readFile: () => text });
    return openAdapter({ settings, folder, env: {}, listeners: [] });
  }
  const problemsOf = (thrown: unknown) => (thrown as AdapterError).details.problems ?? [];

  it('is read from beside the settings', async () => {
    writeFileSync(join(folder, 'rules.yaml'), signed + rules);
    const adapter = await open();
    expect(adapter.sites.get('general')?.site.factRules?.rules).to.have.length(2);
    await adapter.close();
  });

  it('is refused at the start when nobody signed it', async () => {
    writeFileSync(join(folder, 'rules.yaml'), rules);
    const thrown = await open().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(thrown).to.be.instanceOf(AdapterError).and.include({ code: 'settings-wrong' });
    expect(problemsOf(thrown).join()).to.contain('rules.yaml: signedBy is missing');
  });

  it('is refused at the start when it is not there', async () => {
    const thrown = await open().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(problemsOf(thrown)).to.deep.equal([
      'rules.yaml: facts.rules of general is a file that is not there, expected the path of a file that the clinical owner has signed.',
    ]);
  });
});
