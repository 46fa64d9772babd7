/** A site's own codes in what comes in: our code stands beside theirs, wherever a mapping looks for one. */
import { expect } from 'chai';
import { readAppointment } from '../../mappings/appointment-to-session.ts';
import { readOrder } from '../../mappings/order-to-referral.ts';
import { ourCodesWith, servicesOf } from '../../mappings/our-codes.ts';
import { lookAlikes, massageServices } from '../../src/core/selection.ts';
import { type SiteCode, siteCodesOf } from '../../src/core/site-codes.ts';

const ours = ourCodesWith(servicesOf(massageServices));
const rows = Object.entries({
  MT30: '387854002',
  SWED: 'swedish',
  LBK: 'lower-back',
  GONE: 'discharged',
  PT1: '',
}).map(
  ([code, mine], at): SiteCode => ({
    hospital: 'general',
    system: 'urn:h',
    code,
    ours: ours.find(mine),
    file: 'codes.csv',
    line: at + 2,
  }),
);
const codes = siteCodesOf(rows, 'general');
const concept = (code: string): fhir4.CodeableConcept => ({ coding: [{ system: 'urn:h', code }] });
const codesIn = (
  of:
    | { readonly coding?: readonly { readonly code?: string | undefined }[] | undefined }
    | undefined,
) => (of?.coding ?? []).map(({ code }) => code);

const order: fhir4.ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'o1',
  status: 'active',
  intent: 'order',
  code: concept('MT30'),
  subject: { reference: 'Patient/p1' },
  orderDetail: [concept('SWED'), concept('PT1'), concept('other')],
  bodySite: [concept('LBK')],
};

describe('codes of a site', () => {
  it('stand for a service, a technique and a place on the body in an order', () => {
    const { value, flags } = readOrder(order, { codes });
    expect(codesIn(value.service)).to.deep.equal(['MT30', '387854002']);
    expect(value.techniques.map(codesIn)).to.deep.equal([['SWED', 'swedish']]);
    expect(codesIn(value.bodySites[0])).to.include.members(['LBK', '52612000', 'lower-back']);
    expect(value.direction).to.equal('PT1\nother');
    expect(flags).to.deep.equal([]);
  });

  it('say nothing without the site', () => {
    const { value } = readOrder(order, {});
    expect(codesIn(value.service)).to.deep.equal(['MT30']);
    expect(value.techniques).to.deep.equal([]);
  });

  it('stand for the reason why a visit did not happen', () => {
    const visit: fhir4.Appointment = {
      resourceType: 'Appointment',
      id: 'a1',
      status: 'cancelled',
      participant: [],
      cancelationReason: concept('GONE'),
    };
    expect(readAppointment(visit, { codes }).value.reason?.code).to.equal('discharged');
    expect(readAppointment(visit, {}).value.reason?.code).to.equal(undefined);
  });

  it('count for the hospital that means them so', () => {
    const elsewhere = siteCodesOf(rows, 'north');
    expect(elsewhere({ system: 'urn:h', code: 'MT30' })).to.equal(undefined);
    expect(codes({ system: 'urn:other', code: 'MT30' })).to.equal(undefined);
  });

  it('may stand for what selection takes, never for what only looks like massage', () => {
    const all = ourCodesWith(
      servicesOf([...massageServices, ...Object.keys(lookAlikes), 'urn:own|MT']),
    );
    for (const one of [...massageServices, 'urn:own|MT'])
      expect(all.find(one), one).not.to.equal(undefined);
    for (const one of Object.keys(lookAlikes)) expect(all.find(one), one).to.equal(undefined);
    expect(ours.find('urn:own|MT')).to.equal(undefined);
  });
});
