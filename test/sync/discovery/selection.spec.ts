/** What was refused, after the rules of the site have changed: nothing stays refused by rules that no longer hold. */
import { expect } from 'chai';
import { order, task } from '../one-order.ts';
import { type Looking, looking, patient } from './looking.ts';

const local = { coding: [{ system: 'urn:oid:1.2.3', code: '4711' }] };
const names = ['a', 'b'] as const;
const hour = 3_600_000;
const orders = { type: 'ServiceRequest', method: 'GET' } as const;

describe('rules of selection that change', () => {
  let one: Looking;

  beforeEach(async () => {
    one = await looking(
      names.flatMap((id) => [
        patient(id),
        order(`of-${id}`, { subject: { reference: `Patient/${id}` }, code: local }),
      ]),
    );
    await one.list(...names.map((id) => `Patient/${id}`));
  });
  afterEach(() => one.stop());

  function takeLocal() {
    const { select } = one.site.settings;
    Object.assign(one.site.settings, {
      select: { ...select, codes: [...select.codes, 'urn:oid:1.2.3|4711'] },
    });
  }
  const partly = () =>
    one.hospital.faults.add({
      do: 'outcome-entry',
      severity: 'warning',
      mode: 'outcome',
      on: orders,
      always: true,
    });

  it('count for what a run refused that was never whole', async () => {
    partly();
    expect((await one.look({ rungs: ['A1'] })).found.complete).to.equal(false);
    takeLocal();
    one.hospital.faults.clear();
    const { found, tally } = await one.look({ rungs: ['A1'] });
    expect(found.complete).to.equal(true);
    expect(tally.new).to.equal(2);
  });

  it('count for the patients whom an unfinished sweep had seen by the old ones', async () => {
    await one.look();
    one.pass(20 * hour);
    one.hospital.faults.add({ do: 'status', status: 401, on: { path: 'Patient%2Fb' }, times: 9 });
    expect((await one.look({ mode: 'full' })).tally.patients.checked).to.equal(1);
    one.hospital.faults.clear();
    takeLocal();
    one.pass(hour);
    expect((await one.look()).tally.new).to.equal(2);
  });

  it('ask for everything once, and the nights go on where the hospital never shows all', async () => {
    await one.look({ rungs: ['A1'] });
    partly();
    takeLocal();
    const whole = /_lastUpdated=ge1970/;
    one.searches();
    expect((await one.look({ rungs: ['A1'] })).tally.new).to.equal(2);
    expect(one.searches().some((path) => whole.test(path))).to.equal(true);
    await one.look({ rungs: ['A1'] });
    expect(one.searches().some((path) => whole.test(path))).to.equal(false);
    one.hospital.faults.clear();
    expect((await one.look({ rungs: ['A1'], mode: 'full' })).found.complete).to.equal(true);
  });

  it('take no question back that a person was asked because of a Task', async () => {
    one.hospital.put(task('ask', 'ServiceRequest/of-a'));
    await one.look({ rungs: ['A1', 'A3'] });
    const waiting = async () =>
      (
        await one.adapter.store.read
          .selectFrom('inbox')
          .select('resource_id')
          .where('state', '=', 'waiting')
          .where('type', '=', 'ServiceRequest')
          .execute()
      ).map((row) => row.resource_id);
    expect(await waiting()).to.deep.equal(['of-a']);
    const { select } = one.site.settings;
    Object.assign(one.site.settings, {
      select: { ...select, codes: [...select.codes, 'urn:oid:1.2.3|other'] },
    });
    await one.look({ rungs: ['A1', 'A3'] });
    expect(await waiting()).to.deep.equal(['of-a']);
  });
});
