import { expect } from 'chai';
import {
  lookAlikes,
  massageServices,
  type OrderOutline,
  select,
} from '../../src/core/selection.ts';
import { type SiteCode, siteCodesOf } from '../../src/core/site-codes.ts';

const settings = {
  codes: [...massageServices],
  categories: ['http://hospital.example/category|therapy'],
  performers: ['Organization/massage'],
  intents: ['order'],
};

const order = (more: Partial<OrderOutline> = {}): OrderOutline => ({
  status: 'active',
  intent: 'order',
  doNotPerform: false,
  code: { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] },
  categories: [],
  performers: [],
  taskedToUs: false,
  ...more,
});
const local = { coding: [{ system: 'urn:oid:1.2.3', code: '4711', display: 'Massage therapy' }] };
const watched = [{ system: 'http://hospital.example/category', code: 'therapy' }];

describe('selection', () => {
  it('selects a massage code by system and code, whatever its display', () => {
    const coding = [
      { system: 'http://snomed.info/sct', code: '387854002', display: 'Anything at all' },
    ];
    expect(select(order({ code: { coding } }), settings).outcome).to.equal('selected');
    expect(select(order({ code: { coding: [{ code: '387854002' }] } }), settings).outcome).to.equal(
      'refused',
    );
  });

  it('never selects by the word massage', () => {
    const text = { text: 'Massage therapy' };
    expect(select(order({ code: text }), settings)).to.include({
      outcome: 'refused',
      rule: 'service',
    });
    expect(select(order({ code: local }), settings)).to.include({
      outcome: 'refused',
      rule: 'service',
    });
  });

  it('lets an unknown code under a category, a performer or a Task that we watch wait for a person', () => {
    expect(select(order({ code: local, categories: watched }), settings).outcome).to.equal(
      'waiting',
    );
    const performers = ['https://fhir.hospital.example/r4/Organization/massage'];
    expect(select(order({ code: local, performers }), settings).outcome).to.equal('waiting');
    expect(select(order({ code: local, taskedToUs: true }), settings).outcome).to.equal('waiting');
  });

  for (const [code, name] of Object.entries(lookAlikes))
    it(`refuses ${name} by name, also under a category that we watch`, () => {
      const [system, value] = code.split('|');
      const verdict = select(
        order({ code: { coding: [{ system, code: value }] }, categories: watched }),
        settings,
      );
      expect(verdict).to.include({ outcome: 'refused', rule: 'look-alike' });
      expect(verdict.says).to.contain(name);
    });

  for (const text of [
    'Prostatic massage',
    'Rectal massage',
    'Massage 5-15 ml into wet hair',
    'Carotid sinus massage',
  ])
    it(`refuses the text "${text}" under a category that we watch`, () => {
      expect(select(order({ code: { text }, categories: watched }), settings)).to.include({
        rule: 'look-alike',
        outcome: 'refused',
      });
    });

  it('lets two codes that contradict each other wait for a person', () => {
    const coding = [
      { system: 'http://snomed.info/sct', code: '387854002' },
      { system: 'http://snomed.info/sct', code: '83099006' },
    ];
    expect(select(order({ code: { coding } }), settings).outcome).to.equal('waiting');
  });

  it('acts on orders only: not on plans, proposals, drafts, prohibitions or ended orders', () => {
    for (const intent of ['plan', 'proposal', 'original-order', 'instance-order', ''])
      expect(select(order({ intent }), settings)).to.include({
        outcome: 'refused',
        rule: 'intent',
      });
    for (const status of ['draft', 'revoked', 'completed', 'entered-in-error', 'unknown'])
      expect(select(order({ status }), settings)).to.include({
        outcome: 'refused',
        rule: 'status',
      });
    expect(select(order({ doNotPerform: true }), settings)).to.include({
      rule: 'do-not-perform',
      outcome: 'refused',
    });
    expect(
      select(order({ intent: 'original-order' }), {
        ...settings,
        intents: ['order', 'original-order'],
      }).outcome,
    ).to.equal('selected');
  });

  it('gives every rule’s verdict with the setting that it reads', () => {
    const { verdicts } = select(order(), settings);
    expect(verdicts.map((one) => one.rule)).to.deep.equal([
      'service',
      'look-alike',
      'intent',
      'status',
      'do-not-perform',
    ]);
    for (const one of verdicts) expect([one.says, one.setting]).to.not.include('');
  });
});

describe('selection: codes that the site has said something about', () => {
  const row = (code: string, ours?: string): SiteCode => ({
    system: 'urn:oid:1.2.3',
    code,
    ...(ours === undefined ? {} : { ours: { system: 'http://snomed.info/sct', code: ours } }),
    by: 'ana',
    date: '2026-03-02',
    file: 'codes.csv',
    line: 2,
  });
  const known = siteCodesOf(
    [row('4711', '387854002'), row('4712'), row('4713', '91251008')],
    'general',
  );
  const coded = (...codes: string[]) =>
    order({
      code: { coding: codes.map((code) => ({ system: 'urn:oid:1.2.3', code })) },
      categories: watched,
    });
  const verdict = (...codes: string[]) => {
    const { outcome, rule, says } = select(coded(...codes), settings, known);
    return [outcome, rule, says];
  };

  it('selects what stands for a service, and names who said so', () => {
    expect(verdict('4711')).to.deep.equal([
      'selected',
      'service',
      'code urn:oid:1.2.3|4711 stands for http://snomed.info/sct|387854002, said by ana on 2026-03-02 in codes.csv',
    ]);
  });

  it('refuses what is none of ours, also under a category that we watch', () => {
    expect(verdict('4712', '9999')).to.deep.equal([
      'refused',
      'service',
      'code urn:oid:1.2.3|4712 is none of ours, said by ana on 2026-03-02 in codes.csv',
    ]);
  });

  it('lets both together wait, and what stands for no service of this hospital', () => {
    expect(verdict('4711', '4712')[0]).to.equal('waiting');
    const [outcome, , says] = verdict('4713');
    expect(outcome).to.equal('waiting');
    expect(says).to.contain('4713 stands for http://snomed.info/sct|91251008, said by ana');
    expect(says).to.contain('which is no service of select.codes, but its category');
  });

  it('goes by the intent, status and look-alikes of the order all the same', () => {
    const cardiac = { system: 'http://snomed.info/sct', code: '83099006' };
    const both = { coding: [...(coded('4711').code.coding ?? []), cardiac] };
    expect(select({ ...coded('4711'), code: both }, settings, known).outcome).to.equal('waiting');
    expect(select({ ...coded('4711'), status: 'revoked' }, settings, known).outcome).to.equal(
      'refused',
    );
  });
});
