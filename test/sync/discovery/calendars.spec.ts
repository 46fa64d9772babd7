/** Rung A5: who is booked with us, and their orders. */
import { expect } from 'chai';
import { latestOf } from '../../../src/store/inbox.ts';
import { order } from '../one-order.ts';
import { type Looking, looking, patient } from './looking.ts';

const hour = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * hour).toISOString();

function booked(id: string, who: string, start: string, actor: string): fhir4.Appointment {
  const end = new Date(Date.parse(start) + 30 * 60_000).toISOString();
  const at = (reference: string) => ({ status: 'accepted', actor: { reference } }) as const;
  return {
    resourceType: 'Appointment',
    id,
    status: 'booked',
    start,
    end,
    participant: [at(`Patient/${who}`), at(actor)],
  };
}

describe('discovery by calendars (A5)', () => {
  let one: Looking;

  beforeEach(async () => {
    one = await looking([
      ...['a', 'b', 'c'].map(patient),
      ...['a', 'b', 'c'].map((id) =>
        order(`of-${id}`, { subject: { reference: `Patient/${id}` } }),
      ),
      { resourceType: 'Location', id: 'massage' },
      { resourceType: 'Location', id: 'surgery' },
      booked('visit-a', 'a', inHours(20), 'Location/massage'),
      booked('visit-b', 'b', inHours(20), 'Location/surgery'),
      booked('visit-c', 'c', inHours(20), 'Practitioner/ana'),
    ]);
    one.set({ hasList: false });
    await one.list();
    one.searches();
  });
  afterEach(() => one.stop());

  const orders = async () =>
    (await one.adapter.referrals()).map(({ referral }) => referral.care.order.reference).sort();
  const look = () => one.look({ rungs: ['A5'] });

  it('leads from our place to the patients, and from them to their orders', async () => {
    one.set({ locations: ['Location/massage'] });
    const { found } = await look();
    expect(found).to.deep.equal({ complete: true, some: true });
    expect(await orders()).to.deep.equal(['ServiceRequest/of-a']);
    const [calendar, ...patients] = one.searches();
    expect(calendar).to.match(
      /^Appointment\?location=Location\/massage&date=ge[^&]+Z&date=lt[^&]+Z$/,
    );
    expect(patients).to.deep.equal(['ServiceRequest?patient=Patient/a']);
  });

  it('reads the calendars of our therapists where no place is named', async () => {
    await look();
    expect(await orders()).to.deep.equal(['ServiceRequest/of-c']);
    expect(one.searches()[0]).to.contain('practitioner=Practitioner/ana');
  });

  it('keeps nothing of a visit that is based on no order of ours', async () => {
    one.set({ locations: ['Location/massage'] });
    await look();
    const row = await latestOf(one.adapter.store.read, 'general', 'Appointment', 'visit-a');
    expect(row).to.include({ state: 'ignored', rule: 'no-order', body: null, via: 'A5' });
  });

  it('remembers who was booked for a month, so that a change after the visit is seen', async () => {
    one.set({ locations: ['Location/massage'] });
    await look();
    one.hospital.remove('Appointment', 'visit-a');
    one.hospital.put(order('of-a', { subject: { reference: 'Patient/a' }, status: 'revoked' }));
    one.searches();
    one.pass(10 * 24 * hour);
    await look();
    expect(one.searches().slice(1)).to.deep.equal(['ServiceRequest?patient=Patient/a']);
    one.pass(21 * 24 * hour);
    await look();
    expect(one.searches().slice(1)).to.be.empty;
  });

  it('goes on with the other calendars where one cannot be read, and is not whole then', async () => {
    one.set({ locations: ['Location/surgery', 'Location/massage'] });
    one.hospital.faults.add({ do: 'status', status: 403, on: { path: 'surgery' }, times: 9 });
    const { found, tally } = await look();
    expect(found.complete).to.equal(false);
    expect(await orders()).to.deep.equal(['ServiceRequest/of-a']);
    expect(tally.problems.map(({ says }) => says)).to.have.length(1);
    expect(tally.problems[0]?.says).to.match(/^A5: Location\/surgery: /);
  });
});

describe('discovery where the statement promises too much', () => {
  let one: Looking;
  before(async () => {
    one = await looking([patient('a'), order('of-a', { subject: { reference: 'Patient/a' } })]);
    await one.list('Patient/a');
  });
  after(() => one.stop());

  it('asks for the patients of the roster when the search for all changes is refused', async () => {
    const refused = { do: 'status', status: 403, on: { path: '_lastUpdated' }, times: 99 } as const;
    one.hospital.faults.add(refused);
    const { found, tally } = await one.look({ rungs: ['A1'] });
    expect(found).to.deep.equal({ complete: false, some: true });
    expect(await one.adapter.referrals()).to.have.length(1);
    expect(tally.problems.map(({ code }) => code)).to.deep.equal(['not-allowed']);
  });
});
