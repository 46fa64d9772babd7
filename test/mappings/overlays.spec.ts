/** A site's expressions over our mappings: what is wrong with them is said at the start, what does not fit is a finding. */
import { expect } from 'chai';
import fc from 'fast-check';
import { inboundTables } from '../../mappings/inbound-tables.ts';
import { outlineOrder } from '../../mappings/order-outline.ts';
import { readOrder } from '../../mappings/order-to-referral.ts';
import { misfits, openOverlays } from '../../mappings/overlays.ts';
import { explain } from '../../src/mapping/explain.ts';
import type { Overlay } from '../../src/mapping/overlay.ts';
import { problemSentence } from '../../src/mapping/problems.ts';
import { definitionsOfR4 } from '../mapping/r4.ts';

const given = {
  hospitals: ['general', 'north'],
  definitions: definitionsOfR4,
  where: (at: number, key: string) => `site.yaml:${at}.${key}`,
};
const over = (field: string, expression: string, more: Partial<Overlay> = {}): Overlay => ({
  mapping: 'order-to-referral',
  field,
  expression,
  ...more,
});
const open = (...overlays: Overlay[]) => openOverlays(overlays, given);
const said = async (...overlays: Overlay[]) =>
  (await open(...overlays)).problems.map(problemSentence);
const tableOf = async (...overlays: Overlay[]) => {
  const { problems, tablesOf } = await open(...overlays);
  expect(problems).to.deep.equal([]);
  return tablesOf('general')['order-to-referral'];
};

const order: fhir4.ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'o1',
  status: 'active',
  intent: 'order',
  priority: 'urgent',
  code: { text: 'Massage' },
  subject: { reference: 'Patient/p1' },
  encounter: { reference: 'Encounter/e1' },
  extension: [
    { url: 'http://h/visits', valueInteger: 6 },
    { url: 'http://h/words', valueString: 'Feet only' },
    { url: 'http://h/urgent', valueCode: 'stat' },
    { url: 'http://h/site', valueCodeableConcept: { coding: [{ code: 'F', display: 'Foot' }] } },
    { url: 'http://h/by', valueReference: { reference: 'Practitioner/x', display: 'Dr. X' } },
  ],
};
const ext = (name: string) => `ServiceRequest.extension('http://h/${name}').value`;

describe('overlays: at the start', () => {
  for (const [what, overlay, sentence] of [
    [
      'an unknown mapping',
      over('visits', 'id', { mapping: 'order-to-referal' }),
      'site.yaml:0.mapping: mapping.overlays[0].mapping is "order-to-referal", expected one of order-outline, order-to-referral, task-to-request, appointment-to-session. Did you mean order-to-referral?',
    ],
    [
      'an outbound mapping, with the reason',
      over('status', 'id', { mapping: 'session-to-procedure' }),
      'site.yaml:0.mapping: mapping.overlays[0].mapping is "session-to-procedure", expected one of order-outline, order-to-referral, task-to-request, appointment-to-session (it makes what we write, whose identifiers and content are ours to answer for).',
    ],
    [
      'an unknown hospital',
      over('visits', 'quantity.value', { hospital: 'sotuh', mapping: 'nothing' }),
      /^site.yaml:0.hospital: mapping.overlays\[0\].hospital is "sotuh", expected one of general, north\./,
    ],
    [
      'an unknown field',
      over('vists', 'id'),
      /is "vists", expected a field of order-to-referral: .*Did you mean visits\?$/,
    ],
    [
      'a field that no expression may change, with the reason',
      over('patient.reference', 'id'),
      /"patient.reference", which no expression may be laid over, .* \(it says which resource, patient or order this is/,
    ],
    [
      'what is not FHIRPath',
      over('visits', 'code.text)'),
      "site.yaml:0.expression: mapping.overlays[0].expression is not FHIRPath (line: 1; column: 9, extraneous input ')' expecting <EOF>), expected a FHIRPath expression.",
    ],
    [
      'what the parser falls over',
      over('visits', 'code..text'),
      /is not FHIRPath.*, expected a FHIRPath expression\.$/,
    ],
    [
      'an element that does not exist, with the nearest one',
      over('visits', 'ServiceRequest.quantitty.value'),
      'site.yaml:0.expression: mapping.overlays[0].expression is reading quantitty, which ServiceRequest does not have, expected one of its elements. Did you mean quantity?',
    ],
    [
      'a result that can never fit',
      over('visits', 'ServiceRequest.priority'),
      'site.yaml:0.expression: mapping.overlays[0].expression is giving code, expected a whole number from 1.',
    ],
  ] as const)
    it(`says ${what}`, async () => {
      const [first] = await said(overlay);
      if (typeof sentence === 'string') expect(first).to.equal(sentence);
      else expect(first).to.match(sentence);
    });

  it('says all mistakes at once, also a field that has two', async () => {
    const twice = over('direction', 'note.text');
    const sentences = await said(twice, over('visits', 'nope'), { ...twice, hospital: 'north' });
    expect(sentences).to.have.length(2);
    expect(sentences[1]).to.contain('over which mapping.overlays[0] lies');
  });

  it('allows what each hospital wants of one field', async () => {
    const { problems, tablesOf } = await open(
      over('direction', "'general'", { hospital: 'general' }),
      over('direction', "'north'", { hospital: 'north' }),
    );
    expect(problems).to.deep.equal([]);
    for (const hospital of ['general', 'north']) {
      const { value } = readOrder(order, {}, tablesOf(hospital)['order-to-referral']);
      expect(value.direction).to.equal(hospital);
    }
    expect(tablesOf(undefined)['order-to-referral']).to.equal(inboundTables['order-to-referral']);
  });

  it('costs nothing where there are none: the tables are the very same', async () => {
    const { tablesOf } = await open();
    expect(tablesOf('general')).to.equal(inboundTables);
    const some = (await open(over('visits', 'quantity.value'))).tablesOf('general');
    expect(some['task-to-request']).to.equal(inboundTables['task-to-request']);
  });

  it('are possible over what an order asks for, and over nothing that says whose it is', async () => {
    const free = inboundTables['order-to-referral'].rows.filter(({ site }) => site !== undefined);
    expect(free.map(({ field }) => field)).to.include.members([
      'visits',
      'direction',
      'service',
      'bodySites',
    ]);
    for (const { rows } of Object.values(inboundTables))
      for (const { field, site, kept } of rows)
        if (/reference$|patient|identifier/.test(field))
          expect(site, `${field} ${kept}`).to.equal(undefined);
  });
});

describe('overlays: at work', () => {
  it('fill fields with what the site’s expressions select', async () => {
    const table = await tableOf(
      over('visits', ext('visits')),
      over('direction', ext('words')),
      over('priority', ext('urgent')),
      over('bodySites', ext('site')),
      over('order.requester', ext('by')),
      over('encounter', `${ext('none')}`),
      over('reasons', "'Pain' | code.text"),
    );
    const { value, flags } = readOrder(order, {}, table);
    expect(flags).to.deep.equal([]);
    expect(value).to.deep.include({
      visits: 6,
      direction: 'Feet only',
      priority: 'stat',
      bodySites: [{ coding: [{ code: 'F', display: 'Foot' }] }],
      reasons: [{ text: 'Pain' }, { text: 'Massage' }],
    });
    expect(value.order.requester).to.deep.equal({ reference: 'Practitioner/x', display: 'Dr. X' });
    expect(value).not.to.have.property('encounter');
  });

  for (const [field, expression, says, value] of [
    [
      'priority',
      "'soon'",
      'gives something else, expected one of routine, urgent, asap, stat',
      'urgent',
    ],
    [
      'priority',
      ext('none'),
      'gives nothing, expected one of routine, urgent, asap, stat',
      'urgent',
    ],
    [
      'encounter',
      ext('words'),
      'gives something else, expected a reference to Encounter',
      'Encounter/e1',
    ],
    ['direction', "'a' | 'b'", 'gives 2 results, expected a text', undefined],
    [
      'visits',
      'extension.count() - 9',
      'gives something else, expected a whole number from 1',
      undefined,
    ],
    [
      'direction',
      '(extension | extension).value.toString().single()',
      'cannot be evaluated on this resource, expected a text',
      undefined,
    ],
  ] as const)
    it(`leave ours standing where ${expression} does not fit ${field}, and say so`, async () => {
      const read = readOrder(order, {}, await tableOf(over(field, expression)));
      const [flag, ...others] = read.flags;
      expect(others).to.deep.equal([]);
      expect(flag).to.deep.equal({
        path: expression,
        says: `the site’s expression ${says}; the mapping’s own value is used`,
      });
      const entry = Object.entries(read.value).find(([name]) => name === field);
      expect(entry?.[1]).to.equal(value);
    });

  it('change nothing of the resource', async () => {
    const before = structuredClone(order);
    readOrder(
      order,
      {},
      await tableOf(over('direction', ext('words')), over('visits', ext('visits'))),
    );
    expect(order).to.deep.equal(before);
  });

  it('are shown as the site’s when somebody asks why', async () => {
    const table = await tableOf(over('direction', ext('words'), { note: 'asked for in March' }));
    const explained = await explain(table, order, {});
    expect(explained.find(({ field }) => field === 'direction')).to.deep.equal({
      field: 'direction',
      from: ext('words'),
      found: ['Feet only'],
      value: 'Feet only',
      site: {
        over: 'ServiceRequest.orderDetail | ServiceRequest.note.text',
        note: 'asked for in March',
      },
    });
    expect(explained.filter(({ site }) => site !== undefined)).to.have.length(1);
  });

  it('reach the judgement of an order, and what does not fit there is a finding too', async () => {
    const outline = (expression: string) =>
      over('categories', expression, { mapping: 'order-outline' });
    const { tablesOf } = await open(outline("extension('http://h/site').value.coding"));
    const tables = tablesOf('general');
    const { value } = outlineOrder(order, { taskedToUs: false }, tables['order-outline']);
    expect(value.categories).to.deep.equal([{ code: 'F', display: 'Foot' }]);
    expect(misfits(tables, order)).to.deep.equal([]);
    const wrong = (await open(outline("extension('http://h/visits').value"))).tablesOf('general');
    expect(misfits(wrong, order)[0]?.says).to.contain('only results that are a Coding');
    expect(misfits(inboundTables, order)).to.deep.equal([]);
  });

  it('never throw, whatever the resource is', async () => {
    const table = await tableOf(over('direction', ext('words')), over('bodySites', ext('site')));
    fc.assert(
      fc.property(fc.json(), (json) => {
        readOrder(JSON.parse(json), {}, table);
      }),
    );
  });
});
