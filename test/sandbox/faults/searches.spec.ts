import { expect } from 'chai';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { closeHospitals, hospital, order, stoppedClock } from '../hospital.ts';

type Found = fhir4.Bundle<fhir4.FhirResource>;
const selfOf = ({ link }: Found) => link?.find(({ relation }) => relation === 'self')?.url;

async function withOrders(fault: Fault) {
  const { clock, forward } = stoppedClock('2026-03-02T08:00:00.000Z');
  const at = await hospital({
    clock,
    resources: ['2026-03-01T09:00:00Z', '2026-03-01T15:00:00Z'].map((lastUpdated, n) => ({
      ...order(),
      id: `o${n + 1}`,
      meta: { lastUpdated },
    })),
  });
  at.faults.add({ always: true, ...fault });
  return { at, forward };
}

const later = '/ServiceRequest?_lastUpdated=gt2026-03-01T12:00:00Z';

describe('sandbox: faults of searches', () => {
  afterEach(closeHospitals);

  it('late-commit: a change shows later, under the time at which it was made', async () => {
    const { at, forward } = await withOrders({ do: 'late-commit', ms: 90_000 });
    at.put({ ...order({ status: 'revoked' }), id: 'o1' });
    at.put({ ...order(), id: 'o3' });
    const made = at.get('ServiceRequest', 'o3')?.meta?.lastUpdated;
    expect(await at.ids('/ServiceRequest')).to.deep.equal(['o1', 'o2']);
    expect(await at.ids('/ServiceRequest?status=revoked')).to.deep.equal([]);
    expect((await at.ask('GET', '/ServiceRequest/o3')).status).to.equal(404);
    const old = await at.ask<fhir4.ServiceRequest>('GET', '/ServiceRequest/o1');
    expect([old.body.status, old.body.meta?.versionId]).to.deep.equal(['active', '1']);
    forward(90_001);
    expect(await at.ids('/ServiceRequest?status=revoked')).to.deep.equal(['o1']);
    const [shown] = await at.find('/ServiceRequest?_id=o3');
    expect(shown?.meta?.lastUpdated).to.equal(made);
  });

  it('index-lag: a write is found after so many more searches, and can be read at once', async () => {
    const { at } = await withOrders({ do: 'index-lag', requests: 2 });
    const reply = await at.ask<fhir4.ServiceRequest>('POST', '/ServiceRequest', order());
    const id = reply.body.id ?? '';
    expect((await at.ask('GET', `/ServiceRequest/${id}`)).status).to.equal(200);
    const counts = [];
    for (let n = 0; n < 4; n += 1) counts.push((await at.ids('/ServiceRequest')).length);
    expect(counts).to.deep.equal([2, 2, 3, 3]);
  });

  it('index-lag: or after so long; what was there before is found all the time', async () => {
    const { at, forward } = await withOrders({ do: 'index-lag', ms: 5000 });
    at.put({ ...order(), id: 'o3' });
    expect(await at.ids('/ServiceRequest')).to.deep.equal(['o1', 'o2']);
    forward(5001);
    expect(await at.ids('/ServiceRequest')).to.deep.equal(['o1', 'o2', 'o3']);
  });

  it('outside-window: also what is outside, under a self link that says the window', async () => {
    const { at } = await withOrders({ do: 'outside-window' });
    const { body } = await at.ask<Found>('GET', later);
    expect(body.entry?.map(({ resource }) => resource?.id)).to.deep.equal(['o1', 'o2']);
    expect(selfOf(body)).to.equal(at.base + later);
  });

  it('refuse-window: 400 for the forms that it names, 200 for others', async () => {
    const open = '_lastUpdated=ge2026-03-01T00:00:00Z';
    const closed = `${open}&_lastUpdated=lt2026-03-02T00:00:00Z`;
    const days = '_lastUpdated=ge2026-03-01&_lastUpdated=lt2026-03-02';
    const dated = `${closed}&authored=ge2026-01-01`;
    const cases = {
      open: [open, closed],
      'date-only': [days, closed],
      timed: [closed, days],
    } as const;
    for (const [of, [refused, taken]] of Object.entries(cases)) {
      const { at } = await withOrders({ do: 'refuse-window', of } as Fault);
      expect((await at.ask('GET', `/ServiceRequest?${refused}`)).status, of).to.equal(400);
      expect((await at.ask('GET', `/ServiceRequest?${taken}`)).status, of).to.equal(200);
      expect((await at.ask('GET', '/ServiceRequest')).status, of).to.equal(200);
    }
    const { at } = await withOrders({ do: 'refuse-window', of: 'date-and-last-updated' });
    expect((await at.ask('GET', `/ServiceRequest?${dated}`)).status).to.equal(200);
    expect((await at.ask('GET', `/Procedure?${closed}&date=ge2026-01-01`)).status).to.equal(400);
  });

  it('day-precision: only the day of the window counts', async () => {
    const { at } = await withOrders({ do: 'day-precision' });
    expect(await at.ids(later)).to.deep.equal([]);
    const whole = '/ServiceRequest?_lastUpdated=ge2026-03-01T12:00:00Z';
    expect(await at.ids(whole)).to.deep.equal(['o1', 'o2']);
  });

  it('local-dates: days and times without a zone are those of the server', async () => {
    const { at } = await withOrders({ do: 'local-dates', offset: '-06:00' });
    const updated = async (value: string) => at.ids(`/ServiceRequest?_lastUpdated=${value}`);
    at.put({ ...order(), id: 'o3' });
    expect(await updated('ge2026-03-02')).to.deep.equal(['o3']);
    expect(await updated('lt2026-03-01')).to.deep.equal([]);
    expect(await updated('gt2026-03-01')).to.deep.equal(['o3']);
    expect(await updated('le2026-03-01')).to.deep.equal(['o1', 'o2']);
    expect(await updated('ge2026-03-01T09:00:00')).to.deep.equal(['o2', 'o3']);
    expect(await updated('ge2026-03-01T15:00:00Z')).to.deep.equal(['o2', 'o3']);
  });

  it('ignore-parameters: those named, or all but those of the result', async () => {
    const some = await withOrders({ do: 'ignore-parameters', names: ['code'] });
    const path = '/ServiceRequest?code=x&status=active&_count=1';
    const one = await some.at.ask<Found>('GET', path);
    expect([one.body.total, one.body.entry?.length]).to.deep.equal([2, 1]);
    expect(selfOf(one.body)).to.not.include('code');
    const none = '/ServiceRequest?status=completed&_id=o9';
    const all = await withOrders({ do: 'ignore-parameters', self: 'asked' });
    const every = await all.at.ask<Found>('GET', none);
    expect(every.body.total).to.equal(2);
    expect(selfOf(every.body)).to.equal(all.at.base + none);
  });

  it('system-required: a code alone finds nothing, with its system it does', async () => {
    const { at } = await withOrders({ do: 'system-required' });
    expect(await at.ids('/ServiceRequest?code=387854002')).to.deep.equal([]);
    const full = '/ServiceRequest?code=http://snomed.info/sct|387854002&status=active';
    expect(await at.ids(full)).to.deep.equal(['o1', 'o2']);
  });

  it('form-ignored: only the address of a POST _search counts', async () => {
    const { at } = await withOrders({ do: 'form-ignored' });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const path = '/ServiceRequest/_search?_count=1';
    const { body } = await at.ask<Found>('POST', path, 'status=completed', form);
    expect([body.total, body.entry?.length]).to.deep.equal([2, 1]);
  });
});
