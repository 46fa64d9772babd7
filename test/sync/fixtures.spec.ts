/**
 * What others wrote and what nobody should write, taken in as a folder: each file ends in a visible state with a reason
 * (invariants I1, I5), nothing crashes, nothing is asked of the hospital and nothing is sent.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { inboxCounts } from '../../src/store/inbox.ts';
import { listWork } from '../../src/store/work.ts';
import { runFolder } from '../../src/sync/folder.ts';
import type { FileOutcome, RunReport } from '../../src/sync/report.ts';
import { runSync } from '../../src/sync/run.ts';
import { adapterOn, type TestAdapter } from './adapter.ts';
import { textSource } from './source.ts';

/** Examples that others published; they live beside the repository, never in it. */
const fixtures =
  process.env.MASSAGE_FHIR_FIXTURES ??
  fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));

const order = {
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  code: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] },
  subject: { reference: 'Patient/p' },
};

/** Elements and words of FHIR, so that what is made of them gets past the first check. */
const elements = `
  status intent code coding system subject reference display text identifier value category performer requester
  basedOn replaces focus for owner occurrenceTiming occurrencePeriod quantityQuantity repeat count period start end
  participant actor name given family birthDate note meta versionId lastUpdated extension url bodySite reasonCode
  orderDetail priority doNotPerform authoredOn link other type deceasedBoolean active cancelationReason input output
  businessStatus valueCodeableConcept __proto__ constructor`
  .trim()
  .split(/\s+/);
const words = `
  active revoked order requested booked cancelled fulfill abort urgent http://snomed.info/sct 387854002 Patient/p
  ServiceRequest/r-1 Task/r-2 Organization/massage Practitioner/ana 2026-03-01 2026-03-01T10:00:00Z #p replaced-by
  urn:uuid:1 https://elsewhere.example/fhir/Patient/1`
  .trim()
  .split(/\s+/);

const soundOnes: Readonly<Record<string, object>> = {
  ServiceRequest: order,
  Task: {
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
    focus: { reference: 'ServiceRequest/r-1' },
    owner: { reference: 'Organization/massage' },
  },
  Appointment: {
    status: 'booked',
    basedOn: [{ reference: 'ServiceRequest/r-1' }],
    start: '2026-03-01T10:00:00Z',
    end: '2026-03-01T10:30:00Z',
    participant: [{ actor: { reference: 'Patient/p' }, status: 'accepted' }],
  },
  Patient: { name: [{ family: 'Prüfstein' }], birthDate: '1961-04-02' },
};

describe('a folder as source', () => {
  let hospital: Sandbox;
  let adapter: TestAdapter;

  beforeEach(async () => {
    hospital = await startSandbox();
    adapter = await adapterOn({ base: hospital.base });
  });
  afterEach(async () => {
    await adapter.close();
    await hospital.stop();
  });

  /** Takes the files in, proves that all of them ended and that the hospital heard nothing, and says how they ended. */
  async function takeIn(files: Readonly<Record<string, string>>): Promise<readonly FileOutcome[]> {
    const { site, log } = connected(adapter);
    const sources = Object.entries(files).map(([name, text]) => textSource(name, text));
    const report = await runFolder(site, log, sources, new AbortController().signal);
    expect(report.state, JSON.stringify(report.problems)).to.equal('complete');
    expect(report.problems).to.deep.equal([]);
    const outcomes = filesOf(report);
    expect(new Set(outcomes.map(({ file }) => file)), 'files with an end').to.deep.equal(
      new Set(Object.keys(files)),
    );
    for (const { file, state, rule, says } of outcomes) {
      expect(state, file).not.to.equal('received');
      expect(rule, `${file}: rule`).not.to.equal('');
      expect(says, `${file}: reason`).not.to.equal('');
      expect(rule, `${file}: ${says}`).not.to.equal('our-fault');
    }
    for (const { state, rule } of await inboxCounts(adapter.store.read, { hospital: 'general' })) {
      expect(state, `inbox rows by rule ${rule}`).not.to.equal('received');
      expect(rule, `rule of inbox rows that are ${state}`).to.be.a('string');
    }
    expect(hospital.requests, 'requests to the hospital').to.deep.equal([]);
    return outcomes;
  }

  async function endOf(text: string, name = 'file.json'): Promise<string> {
    return (await takeIn({ [name]: text })).map(({ state, rule }) => `${state}/${rule}`).join(' ');
  }

  it('takes every published example to an end with a reason', async function () {
    if (!existsSync(fixtures)) {
      console.warn(`      SKIPPED: NO FIXTURES at ${fixtures} (set MASSAGE_FHIR_FIXTURES)`);
      return this.skip();
    }
    this.timeout(60_000);
    const names = (await readdir(fixtures, { recursive: true })).filter((name) =>
      name.endsWith('.json'),
    );
    expect(names.length, 'JSON files').to.be.greaterThan(200);
    const texts = await Promise.all(names.map((name) => readFile(join(fixtures, name), 'utf8')));
    const outcomes = await takeIn(
      Object.fromEntries(names.map((name, i) => [name, texts[i] ?? ''])),
    );
    const ends = Map.groupBy(outcomes, ({ state, rule }) => `${state} by ${rule}`);
    const counts = [...ends].map(([end, all]) => `${all.length} ${end}`).sort();
    console.log(`      ${names.length} files, ${outcomes.length} things: ${counts.join(', ')}`);
  });

  describe('of nasty files', () => {
    const deep = (open: string, close: string, levels: number) =>
      open.repeat(levels) + close.repeat(levels);
    const withId = JSON.stringify({ ...order, id: 'o' });

    const cases: readonly [what: string, text: string, end: string, name?: string][] = [
      ['no JSON', 'MSH|^~\\&|HIS|massage', 'unusable/no-json'],
      ['XML', '<ServiceRequest xmlns="http://hl7.org/fhir"/>', 'unusable/no-json'],
      ['JSON that was cut off', withId.slice(0, -9), 'unusable/no-json'],
      ['nothing', '', 'unusable/no-json'],
      ['white space', ' \n\t', 'unusable/no-json'],
      ['null', 'null', 'unusable/no-json'],
      ['a number', '12', 'unusable/no-json'],
      ['a text', '"ServiceRequest"', 'unusable/no-json'],
      ['a list', `[${withId}]`, 'unusable/no-json'],
      ['an empty list', '[]', 'unusable/no-json'],
      ['an empty object', '{}', 'unusable/no-type'],
      ['a type that is no text', '{"resourceType":5,"id":"x"}', 'unusable/no-type'],
      ['a type that does not exist', '{"resourceType":"Massage","id":"x"}', 'ignored/other-type'],
      [
        'a type with the name of an inherited member',
        '{"resourceType":"constructor","id":"x"}',
        'ignored/other-type',
      ],
      ['the type __proto__', '{"resourceType":"__proto__","id":"x"}', 'ignored/other-type'],
      ['an order without id', JSON.stringify(order), 'unusable/no-id'],
      ['an order whose id is a number', JSON.stringify({ ...order, id: 5 }), 'unusable/no-id'],
      ['an order with a BOM', `\uFEFF${withId}`, 'applied/selected'],
      [
        'an order with a prototype in it',
        withId.replace('{', '{"__proto__":{"status":"revoked"},'),
        'applied/selected',
      ],
      ['lists nested 10,000 deep', deep('[', ']', 10_000), 'unusable/no-json'],
      [
        'objects nested 10,000 deep',
        `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
        'unusable/no-type',
      ],
      [
        'an order with an extension nested 10,000 deep',
        withId.replace('{', `{"extension":${deep('[', ']', 10_000)},`),
        'applied/selected',
      ],
      [
        'an order with a text of 5 MB',
        withId.replace('{', `{"note":[{"text":"${'x'.repeat(5e6)}"}],`),
        'applied/selected',
      ],
      [
        'an order with NUL and half a character',
        withId.replace('{', '{"note":[{"text":"a\\u0000b\\ud800c"}],'),
        'applied/selected',
      ],
      [
        'an order whose patient is a number',
        JSON.stringify({ ...order, id: 'o', subject: 5 }),
        'waiting/service',
      ],
      [
        'an order whose code is a list',
        JSON.stringify({ ...order, id: 'o', code: [] }),
        'refused/service',
      ],
      [
        'a Bundle without entries',
        '{"resourceType":"Bundle","type":"collection"}',
        'ignored/other-type',
      ],
      [
        'a Bundle whose entry is no list',
        '{"resourceType":"Bundle","entry":5}',
        'ignored/other-type',
      ],
      [
        'a Bundle with empty entries',
        '{"resourceType":"Bundle","entry":[null,5,{},{"resource":null}]}',
        'unusable/no-json',
      ],
      [
        'a Bundle in a Bundle',
        JSON.stringify({
          resourceType: 'Bundle',
          entry: [
            { resource: { resourceType: 'Bundle', entry: [{ resource: { ...order, id: 'o' } }] } },
          ],
        }),
        'ignored/other-type',
      ],
      [
        'the same order twice',
        JSON.stringify({
          resourceType: 'Bundle',
          entry: [{ resource: { ...order, id: 'o' } }, { resource: { ...order, id: 'o' } }],
        }),
        'applied/selected applied/selected',
      ],
      [
        'NDJSON with a broken line',
        `${withId}\n{"resourceType":\n${JSON.stringify({ ...order, id: 'second' })}\n`,
        'applied/selected unusable/no-json applied/selected',
        'orders.ndjson',
      ],
      ['NDJSON with Windows line ends', `${withId}\r\n\r\n`, 'applied/selected', 'orders.ndjson'],
    ];
    for (const [what, text, end, name] of cases)
      it(`takes in ${what}: ${end}`, async () => {
        expect(await endOf(text, name)).to.equal(end);
      });

    it('keeps two versions of one order under one id as one referral', async () => {
      const outcomes = await takeIn({
        'a.json': withId,
        'b.json': JSON.stringify({ ...order, id: 'o', priority: 'urgent' }),
      });
      expect(outcomes.map(({ rule }) => rule)).to.deep.equal(['selected', 'followed']);
      expect(await adapter.referrals()).to.have.length(1);
    });
  });

  describe('of anything', () => {
    const word = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 }));
    /** JSON with the words of FHIR in it, so that readers get further than the first check. */
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        word,
        fc.constantFrom(null, true, false, 0, -1, 5, 1e308, ''),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...elements), tie('json'), { maxKeys: 4 }),
      ),
    }));

    for (const type of ['ServiceRequest', 'Task', 'Appointment', 'Patient'])
      it(`never fails on a ${type} with any elements`, async function () {
        this.timeout(60_000);
        // A referral to be about: with nothing open, little is read of a Patient or a Task.
        const known = { ...order, id: 'r-1', subject: { reference: 'Patient/r-1' } };
        await takeIn({ 'known.json': JSON.stringify(known) });
        let number = 0;
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.dictionary(fc.constantFrom(...elements), json, { maxKeys: 8 }), {
              minLength: 1,
              maxLength: 6,
            }),
            async (bodies) => {
              const files = bodies.map((body, index) => {
                // Some are odd variants of a sound one, so that they are not all refused at the door.
                const sound = index % 2 === 0 ? soundOnes[type] : {};
                const resource = { ...sound, ...body, resourceType: type, id: `r-${number++ % 4}` };
                return [`${number}.json`, JSON.stringify(resource)] as const;
              });
              await takeIn(Object.fromEntries(files));
            },
          ),
          { numRuns: 60 },
        );
      });
  });

  it('sets a row aside that our own code cannot take in, shows it, and takes in the others', async () => {
    for (const id of ['before', 'poison', 'after']) {
      const subject = { reference: `Patient/${id}` };
      hospital.put({ resourceType: 'Patient', id } as fhir4.Patient);
      hospital.put({ ...order, id, subject } as fhir4.ServiceRequest);
    }
    const { site, log } = connected(adapter);
    const { client } = site.hospital;
    const faulty: typeof client.read = (reference) => {
      if (reference === 'Patient/poison') throw new TypeError('a fault of our own');
      return client.read(reference);
    };
    const sick = { ...site, hospital: { ...site.hospital, client: { ...client, read: faulty } } };
    const never = new AbortController().signal;
    const report = await runSync(sick, log, { mode: 'poll', signal: never });
    expect(report.new).to.equal(2);
    expect(report.problems.map(({ code }) => code)).to.deep.equal(['internal']);
    const work = await listWork(adapter.store.read);
    expect(work.map(({ kind }) => kind)).to.deep.equal(['not-taken-in']);

    const healthy = await runSync(site, log, { mode: 'full', signal: never });
    expect(healthy.new).to.equal(1);
    expect(await listWork(adapter.store.read)).to.deep.equal([]);
  });
});

function connected(adapter: TestAdapter) {
  const found = adapter.sites.get('general');
  if (found === undefined) throw new Error('The test adapter has its hospital.');
  return found;
}

function filesOf({ files }: RunReport): readonly FileOutcome[] {
  return files ?? [];
}
