/** map with settings: what a site has of its own counts, and is shown as the site's. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { ioOf } from './io.ts';
import { folder } from './processes.ts';

const order = {
  resourceType: 'ServiceRequest',
  id: 'o1',
  status: 'active',
  intent: 'order',
  code: { coding: [{ system: 'urn:h', code: 'MT30' }] },
  orderDetail: [{ coding: [{ system: 'urn:h', code: 'SWED', display: 'Swedish, slow' }] }],
  subject: { reference: 'Patient/p1' },
  extension: [{ url: 'http://h/bed', valueString: '4 West, bed 12' }],
};

const settings = `
codes: { crosswalks: [codes.csv] }
mapping:
  overlays:
    - hospital: general
      mapping: order-to-referral
      field: place
      expression: extension('http://h/bed').value
      note: beds stand in an extension
    - mapping: order-outline
      field: intent
      expression: "'order'"
hospitals:
  - { id: general, base: 'https://a.example/r4', timezone: UTC }
  - { id: north, base: 'https://b.example/r4', timezone: UTC }
`;

describe('map: with settings', () => {
  const cwd = folder();
  const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);
  put('order.json', JSON.stringify(order));
  put('site.yaml', settings);
  put('wrong.yaml', settings.replace("extension('http://h/bed')", 'extensoin'));
  put('codes.csv', 'their system;their code;our code\nurn:h;MT30;387854002\nurn:h;SWED;swedish\n');

  const mapped = async (...args: string[]) => {
    const io = ioOf({ cwd });
    const code = await runCommandLine(['map', 'order.json', ...args], io);
    return { code, out: io.out(), err: io.err() };
  };

  it('lays the overlays of the hospital over our mappings, and shows them as the site’s', async () => {
    const args = ['--explain', '--settings', 'site.yaml', '--hospital', 'general'];
    const { code, out, err } = await mapped(...args);
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.contain(
      '  place: 4 West, bed 12\n' +
        "      from   extension('http://h/bed').value\n" +
        '      site   the site’s, over ServiceRequest.locationReference.display | %place | %location.name | ServiceRequest.locationCode (beds stand in an extension)\n' +
        '      found  4 West, bed 12\n',
    );
    expect(out).to.contain('order.json: order-outline\n').and.to.contain("      from   'order'\n");
  });

  it('reads the codes of the site', async () => {
    const { out } = await mapped('--json', '--settings', 'site.yaml', '--hospital', 'north');
    const { value } = JSON.parse(out).mapped.at(-1);
    expect(value.service.coding.map(({ code }: fhir4.Coding) => code)).to.deep.equal([
      'MT30',
      '387854002',
    ]);
    expect(value.techniques[0].coding.at(-1).code).to.equal('swedish');
    expect(value).not.to.have.any.keys('place', 'direction');
  });

  it('leaves out what single hospitals have, and says so, where none is named', async () => {
    const { out, err } = await mapped('--settings', 'site.yaml');
    expect(out).not.to.contain('bed 12');
    expect(err).to.contain('say which with --hospital');
    const unknown = await mapped('--settings', 'site.yaml', '--hospital', 'south');
    expect([unknown.code, unknown.err.includes('Use one of: general, north.')]).to.deep.equal([
      2,
      true,
    ]);
  });

  for (const command of [['settings', 'check'], ['map', 'order.json'], ['sync']])
    it(`names the element that does not exist: ${command.join(' ')}`, async () => {
      const io = ioOf({ cwd });
      expect(await runCommandLine([...command, '--settings', 'wrong.yaml'], io)).to.equal(2);
      expect(io.err()).to.contain(
        'wrong.yaml:8: mapping.overlays[0].expression is reading extensoin, which ServiceRequest does not have, expected one of its elements. Did you mean extension?',
      );
    });
});
