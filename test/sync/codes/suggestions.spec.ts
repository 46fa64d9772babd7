/** What an unknown code may be: each suggestion with its reason, the best first, and none where nothing is near. */
import { expect } from 'chai';
import { servicesOf } from '../../../mappings/our-codes.ts';
import type { Concept } from '../../../src/core/concept.ts';
import { massageServices } from '../../../src/core/selection.ts';
import type { SiteCode } from '../../../src/core/site-codes.ts';
import { suggest } from '../../../src/sync/codes/suggestions.ts';

const services = servicesOf(massageServices);
const [usual] = services;
const row = (more: Partial<SiteCode>): SiteCode => ({
  system: 'urn:n',
  code: 'X',
  ours: usual,
  file: 'orders.csv',
  line: 2,
  ...more,
});
const code = (more: object = {}): Concept => ({
  coding: [{ system: 'urn:h', code: '4711', ...more }],
});
const told = (order: Concept, rows: readonly SiteCode[] = []) =>
  suggest(order, { hospital: 'general', services, rows }).map(({ as, because, says }) => [
    because,
    as?.code,
    says,
  ]);

describe('suggestions for an unknown code', () => {
  it('has the same display first, whatever its case, accents and tag', () => {
    expect(told(code({ display: 'MASSAGE-THERAPY (regime/therapy)' }))[0]).to.deep.equal([
      'same-display',
      '25',
      '“MASSAGE-THERAPY (regime/therapy)” is the display of http://terminology.hl7.org/CodeSystem/service-type|25',
    ]);
    const taught = row({ display: 'Körperarbeit', by: 'ana', date: '2026-03-02' });
    expect(told(code({ display: 'Korperarbeit' }), [taught])).to.deep.equal([
      [
        'same-display',
        '387854002',
        '“Korperarbeit” is the display of urn:n|X, said by ana on 2026-03-02 in orders.csv',
      ],
    ]);
  });

  it('has what was said about the same code elsewhere, also that it is not ours', () => {
    const rows = [
      row({ hospital: 'north', system: 'urn:h', code: '4711' }),
      row({ hospital: 'south', system: 'urn:h', code: '4711', ours: undefined }),
      row({ system: 'urn:other', code: '4711', ours: services[1] }),
      row({ hospital: 'general', system: 'urn:h', code: '4711', ours: services[2] }),
    ];
    expect(told(code(), rows)).to.deep.equal([
      [
        'same-code-elsewhere',
        '387854002',
        'the same code is http://snomed.info/sct|387854002 at north, said in orders.csv',
      ],
      [
        'same-code-elsewhere',
        undefined,
        'the same code is none of ours at south, said in orders.csv',
      ],
      [
        'same-code-elsewhere',
        '229506003',
        'the same code in urn:other is http://snomed.info/sct|229506003, said in orders.csv',
      ],
    ]);
  });

  for (const [display, nearest] of [
    ['Massage', '387854002'],
    ['Therapeutic massage, 60 min', '8E0KX1Z'],
    ['Scar-tissue massages', '229506003'],
    ['Infant massage class', '406147003'],
    ['Masage', '387854002'],
  ] as const)
    it(`has the nearest service for ${display}`, () => {
      const [first] = told(code({ display }));
      expect([first?.[0], first?.[1]]).to.deep.equal(['nearest', nearest]);
    });

  it('looks at the text of the order, and at the code itself where there are no words', () => {
    expect(told({ ...code(), text: 'Infant massage' })[0]?.[1]).to.equal('406147003');
    expect(told(code({ code: 'MASSAGE' }))[0]?.[1]).to.equal('387854002');
  });

  for (const display of [
    'Physiotherapy gait training',
    'Renal diet',
    'Prostatic massage',
    '0815',
    '',
  ])
    it(`has none for ${display || 'nothing at all'}`, () =>
      expect(told(code({ display }))).to.deep.equal([]));

  it('gives each meaning of a code once, and the same answer every time', () => {
    const rows = [
      row({ hospital: 'north', system: 'urn:h', code: '4711', display: 'Massage therapy' }),
    ];
    const first = told(code({ display: 'Massage physiotherapy' }), rows);
    expect(first.map(([, as]) => as)).to.deep.equal(['387854002']);
    expect(told(code({ display: 'Massage physiotherapy' }), rows)).to.deep.equal(first);
  });
});
