/**
 * The filter may let through what is none of ours, but never keep out what a rule selects or makes wait: it is held against
 * the rules themselves, over orders in every spelling that JSON allows.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { orderOf } from '../../bench/bench-orders.ts';
import { inboundTables } from '../../mappings/inbound-tables.ts';
import { massageServices } from '../../src/core/selection.ts';
import { type SiteCode, siteCodesOf } from '../../src/core/site-codes.ts';
import { selectOrder } from '../../src/sync/codes/waiting.ts';
import { lineFilter } from '../../src/sync/line-filter.ts';
import type { Site } from '../../src/sync/site.ts';

interface Named {
  readonly codes?: readonly string[];
  readonly categories?: readonly string[];
  readonly performers?: readonly string[];
  readonly organization?: string;
  readonly said?: readonly SiteCode[];
}

const said: SiteCode[] = [
  {
    system: 'urn:oid:1.2.3',
    code: 'MASS-1',
    ours: { system: 'http://snomed.info/sct', code: '387854002' },
    file: 'f',
    line: 2,
  },
  {
    system: '',
    code: '4711',
    ours: { system: 'http://snomed.info/sct', code: '387854002' },
    file: 'f',
    line: 3,
  },
  { system: 'urn:oid:1.2.3', code: 'XRAY', file: 'f', line: 4 },
];

function siteWith({
  codes = massageServices,
  categories = [],
  performers = [],
  organization,
  said: rows = [],
}: Named): Site {
  const select = { codes, categories, performers, intents: ['order'], organization };
  return {
    settings: { id: 'general', organization, select },
    codes: { rows, of: (hospital: string) => siteCodesOf(rows, hospital) },
    tables: inboundTables,
    // the filter and the rules read no more of a site
  } as unknown as Site;
}

const site = siteWith({
  categories: [
    'http://snomed.info/sct|386053000',
    'http://hospital.example/klasse|Körper',
    'http://hospital.example/kind|7',
  ],
  performers: ['Practitioner/ana', 'http://hospital.example/npi|1234567', 'massage-team'],
  organization: 'Organization/massage',
  said,
});

function passes(one: Site, line: string): boolean {
  const filter = lineFilter(one);
  if (filter === undefined) throw new Error('the filter can tell');
  const { resourceType } = JSON.parse(line) as fhir4.FhirResource;
  const kind = resourceType === 'ServiceRequest' ? 'orders' : 'all';
  return filter.search(Buffer.from(line, 'utf8').toString('latin1'), kind)(0) < Infinity;
}

/** JSON in any spelling: keys in any order, white space, slashes and characters escaped or not. */
function spelled(value: unknown, dice: () => number): string {
  const blank = () => ['', '', ' ', '\t', '  '][dice() % 5] ?? '';
  const text = (one: string): string =>
    JSON.stringify(one).replace(/[^"\\]|\\./g, (piece) => {
      const roll = dice() % 24;
      if (piece === '/' && roll < 12) return '\\/';
      if (piece.length === 1 && roll === 0)
        return `\\u${piece.charCodeAt(0).toString(16).padStart(4, '0')}`;
      return piece;
    });
  const write = (one: unknown): string => {
    if (typeof one === 'string') return text(one);
    if (Array.isArray(one)) return `[${blank()}${one.map(write).join(`,${blank()}`)}${blank()}]`;
    if (typeof one !== 'object' || one === null) return JSON.stringify(one) ?? 'null';
    const entries = Object.entries(one);
    if (dice() % 2 === 0) entries.reverse();
    return `{${blank()}${entries.map(([key, inner]) => `${text(key)}${blank()}:${blank()}${write(inner)}`).join(`,${blank()}`)}}`;
  };
  return write(value);
}

const codings = [
  ...massageServices.map((one) => ({
    system: one.slice(0, one.lastIndexOf('|')),
    code: one.slice(one.lastIndexOf('|') + 1),
  })),
  { system: 'http://snomed.info/sct', code: 387854002 },
  { system: 'urn:oid:1.2.3', code: 'MASS-1' },
  { code: '4711' },
  { code: 4711 },
  { system: 'urn:oid:1.2.3', code: 'XRAY' },
  { system: 'http://loinc.org', code: '58410-2' },
  { system: 'http://snomed.info/sct', code: '386053000' },
  { system: 'http://hospital.example/klasse', code: 'Körper' },
  { system: 'http://hospital.example/kind', code: 7 },
  { system: 'http://hospital.example/kind', code: ['7'] },
];
const performers = [
  { reference: 'Practitioner/ana' },
  { reference: 'https://fhir.example/r4/Practitioner/ana' },
  { reference: 'Practitioner/other' },
  { reference: 'Organization/massage' },
  { reference: 'CareTeam/massage-team' },
  { reference: 'massage-team' },
  { identifier: { system: 'http://hospital.example/npi', value: '1234567' } },
  { identifier: { system: 'http://hospital.example/npi', value: 1234567 } },
  { identifier: { value: 'massage-team' } },
];

const anyOrder = fc.record({
  resourceType: fc.constant('ServiceRequest'),
  id: fc.constant('o1'),
  status: fc.constantFrom('active', 'on-hold', 'completed'),
  intent: fc.constantFrom('order', 'plan'),
  code: fc.record({
    coding: fc.oneof(fc.subarray(codings, { maxLength: 2 }), fc.constantFrom(...codings)),
  }),
  category: fc.array(fc.record({ coding: fc.subarray(codings, { maxLength: 1 }) }), {
    maxLength: 2,
  }),
  performer: fc.oneof(fc.subarray(performers, { maxLength: 2 }), fc.constantFrom(...performers)),
  note: fc.constant([{ text: 'as “usual” \\ with / slashes' }]),
});

describe('the filter over lines of NDJSON', () => {
  it('lets through whatever the rules select or make wait, in every spelling', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(
        anyOrder,
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        (order, rolls) => {
          let roll = 0;
          const line = spelled(order, () => rolls[roll++ % rolls.length] ?? 0);
          expect(JSON.parse(line)).to.deep.equal(JSON.parse(JSON.stringify(order)));
          const { outcome } = selectOrder(site, JSON.parse(line) as fhir4.ServiceRequest, false);
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          if (outcome !== 'refused') expect(passes(site, line), line).to.equal(true);
        },
      ),
      { numRuns: 4_000 },
    );
    for (const outcome of ['selected', 'waiting', 'refused'])
      expect(outcomes.get(outcome), outcome).to.be.greaterThan(100);
  });

  it('keeps out nearly all orders of other services, with the settings as they are by default', () => {
    const plain = siteWith({ organization: 'Organization/massage' });
    const through = Array.from({ length: 1_000 }, (_, number) =>
      JSON.stringify(orderOf(number, { every: 0 })),
    ).filter((line) => passes(plain, line));
    expect(through.length).to.be.lessThan(10);
    expect(passes(plain, JSON.stringify(orderOf(100, { every: 100 })))).to.equal(true);
  });

  it('takes a code that was sent as a number, however it is written', () => {
    const plain = siteWith({});
    for (const number of ['387854002', '387854002.0', '3.87854002E8', '387854002e0'])
      expect(passes(plain, `{"code":{"coding":[{"code":${number}}]}}`), number).to.equal(true);
    expect(passes(siteWith({ codes: ['|25'] }), '{"code": 25.0 }')).to.equal(true);
  });

  it('lets through a Task for us, however it names us, and what we wrote ourselves', () => {
    for (const reference of [
      'Organization/massage',
      'https:\\/\\/h.example\\/r4\\/Organization\\/massage',
      'Organization/massage/_history/3',
    ])
      expect(passes(site, `{"owner":{"reference":"${reference}"}}`), reference).to.equal(true);
    expect(
      passes(
        site,
        '{"identifier":[{"system":"https://massage-fhir.org/fhir/identifier/intention"}]}',
      ),
    ).to.equal(true);
  });

  it('finds the next place only from where it is asked', () => {
    const line = '{"code":"387854002"}';
    const search = lineFilter(siteWith({}))?.search(`${line}\n{}\n${line}`, 'orders');
    expect(search?.(0)).to.be.lessThan(line.length);
    expect(search?.(line.length)).to.be.greaterThan(line.length + 3);
    expect(search?.(line.length * 2 + 4)).to.equal(Number.POSITIVE_INFINITY);
  });

  it('does without where bytes cannot tell: codes that JSON writes in several ways, and expressions of the site', () => {
    for (const code of [
      'http://x.example|a\tb',
      'http://x.example|',
      'http://x.example|\uFFFD',
      'a|b|c',
    ])
      expect(lineFilter(siteWith({ codes: [code] })), code).to.equal(undefined);
    const table = inboundTables['order-outline'];
    const rows = table.rows.map((row) =>
      row.field === 'code' ? { ...row, overlay: { over: row.from } } : row,
    );
    const laidOver = {
      ...siteWith({}),
      tables: { ...inboundTables, 'order-outline': { ...table, rows } },
    };
    expect(lineFilter(laidOver as unknown as Site)).to.equal(undefined);
  });
});
