/** Rung A6: the patients of the roster, one by one. */
import { expect } from 'chai';
import { latestOf } from '../../../src/store/inbox.ts';
import { order } from '../one-order.ts';
import { type Looking, looking, patient } from './looking.ts';

const hour = 3_600_000;
const names = ['a', 'b', 'c', 'd'] as const;
const ofPatient = (id: string) => ({ subject: { reference: `Patient/${id}` } });

describe('discovery by the roster (A6)', () => {
  let one: Looking;

  beforeEach(async () => {
    one = await looking([
      ...names.map(patient),
      ...names.map((id) => order(`of-${id}`, ofPatient(id))),
      order('draft-of-a', { ...ofPatient('a'), status: 'draft' }),
    ]);
    await one.list(...names.map((id) => `Patient/${id}`));
    one.searches();
  });
  afterEach(() => one.stop());

  const orders = async () =>
    (await one.adapter.referrals()).map(({ referral }) => referral.care.order.reference).sort();
  const asked = () => one.searches().map((path) => path.replace(/^.*patient=Patient\//, ''));

  it('finds the orders of each patient on the list, and says why others are not ours', async () => {
    const { found, tally } = await one.look();
    expect(found).to.deep.equal({ complete: true, some: true });
    expect(await orders()).to.deep.equal(names.map((id) => `ServiceRequest/of-${id}`));
    expect(tally.patients).to.deep.equal({ checked: 4, waiting: 0, failed: 0 });
    const refused = await latestOf(
      one.adapter.store.read,
      'general',
      'ServiceRequest',
      'draft-of-a',
    );
    expect(refused).to.include({ state: 'refused', rule: 'status', body: null, via: 'A6' });
  });

  it('asks for whoever waited longest first, so many in a run, and counts the others', async () => {
    one.set({ perRun: 2 });
    const { tally } = await one.look();
    expect(asked()).to.deep.equal(['a', 'b']);
    expect(tally.patients).to.deep.equal({ checked: 2, waiting: 2, failed: 0 });
    one.pass(1000);
    await one.look();
    expect(asked()).to.deep.equal(['c', 'd']);
    one.pass(2 * hour);
    await one.look();
    expect(asked()).to.deep.equal(['a', 'b']);
  });

  it('leaves a patient alone until the time has come again', async () => {
    await one.list('Patient/d');
    one.hospital.put({
      ...order('of-d', ofPatient('d')),
      status: 'revoked',
    } as fhir4.ServiceRequest);
    await one.look();
    expect(asked()).to.deep.equal(['d']);
    one.pass(59 * 60_000);
    await one.look();
    expect(asked()).to.be.empty;
    one.pass(60_000);
    await one.look();
    expect(asked()).to.deep.equal(['d']);
  });

  it('follows the patients of open referrals also when no list names them, and sooner', async () => {
    await one.look();
    await one.list();
    asked();
    one.pass(14 * 60_000);
    await one.look();
    expect(asked()).to.be.empty;
    one.pass(60_000);
    one.hospital.put({
      ...order('of-b', ofPatient('b')),
      status: 'revoked',
    } as fhir4.ServiceRequest);
    await one.look();
    expect(asked()).to.deep.equal(['a', 'b', 'c', 'd']);
    const states = (await one.adapter.referrals()).map(({ referral }) => referral.state).sort();
    expect(states).to.deep.equal(['cancelled', 'requested', 'requested', 'requested']);
    one.pass(hour);
    await one.look();
    expect(asked()).to.deep.equal(['a', 'c', 'd']);
  });

  it('asks for what changed only, where the server knows that, and for all where it does not', async () => {
    await one.list('Patient/a');
    const habits = { since: '_lastUpdated', window: 'closed' } as const;
    await one.look({ habits });
    expect(one.searches()).to.deep.equal(['ServiceRequest?patient=Patient/a']);
    one.pass(2 * hour);
    await one.look({ habits });
    const [path = ''] = one.searches();
    expect(path).to.match(
      /^ServiceRequest\?patient=Patient\/a&_lastUpdated=ge[^&]+Z&_lastUpdated=le[^&]+Z$/,
    );
    one.pass(2 * hour);
    // By the time of writing the end of an order would never be seen.
    await one.look({ habits: { since: 'authored' } });
    expect(one.searches()).to.deep.equal(['ServiceRequest?patient=Patient/a']);
  });

  it('says once what may be missing where the hospital cuts the orders of patients short', async () => {
    for (const id of names)
      one.hospital.put({ ...order(`more-of-${id}`, ofPatient(id)), authoredOn: '2026-02-01' });
    one.hospital.faults.add({
      do: 'cap',
      rows: 1,
      refuses: true,
      on: { type: 'ServiceRequest' },
      always: true,
    });
    const { tally } = await one.look();
    const notes = tally.notes.filter((says) => says.startsWith('A6: '));
    expect(notes).to.have.length(1);
    expect(notes[0]).to.contain('those without one (authoredOn) may be missing');
    expect(notes[0]).not.to.match(/Patient|Larkmead/);
  });

  it('says whom the hospital refuses, goes on with the others, and is not whole then', async () => {
    one.hospital.faults.add({ do: 'status', status: 403, on: { path: 'Patient%2Fb' }, times: 9 });
    const { found, tally } = await one.look();
    expect(found).to.deep.equal({ complete: false, some: false });
    expect(tally.patients).to.deep.equal({ checked: 3, waiting: 0, failed: 1 });
    expect(tally.problems.map(({ code }) => code)).to.deep.equal(['not-allowed']);
    expect(tally.problems[0]?.says).to.contain(
      'one patient could not be read, Patient/b among them',
    );
    const [row] = (await one.roster()).filter((row) => row.patient === 'Patient/b');
    expect(row?.checked_at).to.equal(null);
    expect(row?.says).to.contain('403');
  });

  it('misses nothing by a patient whom the hospital does not have', async () => {
    one.hospital.faults.add({ do: 'status', status: 404, on: { path: 'Patient%2Fb' }, times: 9 });
    const { found, tally } = await one.look();
    expect(found.complete).to.equal(true);
    expect(tally.problems).to.have.length(1);
  });

  it('ends where the server itself fails, and the others wait for a later run', async () => {
    one.hospital.faults.add({ do: 'status', status: 401, on: { path: 'Patient%2Fb' }, times: 9 });
    const { found, tally } = await one.look();
    expect(found.complete).to.equal(false);
    expect(asked()).not.to.include('c');
    expect(tally.patients).to.deep.equal({ checked: 1, waiting: 3, failed: 0 });
  });

  it('gives up early where everybody is refused', async () => {
    one.hospital.faults.add({ do: 'status', status: 403, times: 99 });
    const { found } = await one.look();
    expect(found).to.deep.equal({ complete: false, some: false });
    expect(asked()).to.deep.equal(['a', 'b', 'c']);
  });

  it('takes the members of a Group of the hospital, and drops who left it', async () => {
    await one.list();
    const group = (...ids: string[]) =>
      one.hospital.put({
        resourceType: 'Group',
        id: 'massage',
        type: 'person',
        actual: true,
        member: ids.map((id) => ({ entity: { reference: `Patient/${id}` } })),
      } as fhir4.Group);
    group('a', 'b');
    one.set({ group: 'Group/massage', hasList: false });
    await one.look();
    expect((await one.roster()).map((row) => row.patient).sort()).to.deep.equal([
      'Patient/a',
      'Patient/b',
    ]);
    group('b');
    one.pass(1000);
    await one.look();
    expect((await one.roster()).map((row) => row.patient)).to.deep.equal(['Patient/b']);
  });

  it('keeps the roster as it was where the Group cannot be read, and says so', async () => {
    await one.look();
    one.set({ group: 'Group/gone' });
    const { found, tally } = await one.look();
    expect(found.complete).to.equal(false);
    expect(tally.problems[0]?.says).to.match(/^A6: the list of patients was not read: /);
    expect(await one.roster()).to.have.length(4);
  });

  it('sweeps everybody at night, and goes on where the sweep was ended', async () => {
    await one.look();
    asked();
    one.hospital.faults.add({ do: 'status', status: 401, on: { path: 'Patient%2Fc' } });
    one.pass(1000);
    expect((await one.look({ mode: 'full' })).found.complete).to.equal(false);
    expect(asked()).to.deep.equal(['a', 'b', 'c']);
    one.pass(1000);
    expect((await one.look({ mode: 'full' })).found.complete).to.equal(true);
    expect(asked()).to.deep.equal(['d', 'c']);
    one.pass(1000);
    expect((await one.look({ mode: 'full' })).found.complete).to.equal(true);
    expect(asked()).to.have.members(['a', 'b', 'c', 'd']);
  });
});
