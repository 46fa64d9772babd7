/** An unknown code that a person teaches: exactly what waited on it runs again, once, whoever else is at work. */
import { expect } from 'chai';
import { AdapterError } from '../../../src/core/errors.ts';
import { pending, versionsOf } from '../../../src/store/inbox.ts';
import { teachNote } from '../../../src/sync/codes/notes.ts';
import { forget, type Meaning, teach } from '../../../src/sync/codes/teaching.ts';
import { waitingCodes, waitingOrders } from '../../../src/sync/codes/waiting.ts';
import { task, withoutVersion } from '../one-order.ts';
import { type CodedSite, local, massage, never, openCodedSite } from './site.ts';

describe('teaching a code', () => {
  let world: CodedSite;
  beforeEach(async () => {
    world = await openCodedSite();
  });
  afterEach(() => world.stop());

  const lesson = (code: string, meaning: Meaning = { as: massage }, by = 'ana') => ({
    coding: { system: local, code },
    meaning,
    by,
  });
  const say = (code: string, meaning?: Meaning) =>
    teach(world.site, world.log, lesson(code, meaning), never);
  const kinds = async () => (await world.notes()).map(({ kind }) => kind);
  const refusal = async (trying: Promise<unknown>): Promise<AdapterError> => {
    const thrown = await trying.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (thrown instanceof AdapterError) return thrown;
    throw new Error('it was not refused');
  };

  it('makes referrals of exactly the orders that waited on it', async () => {
    world.show('one', ['MT30']);
    world.show('two', ['MT30']);
    world.show('other', ['MT60']);
    world.show('elsewhere', ['MT30'], { category: [] });
    await world.adapter.poll();
    expect(await kinds()).to.deep.equal(['unknown-code', 'unknown-code', 'unknown-code']);
    const { ranAgain, referrals, before } = await say('MT30');
    expect([ranAgain, referrals.length, before]).to.deep.equal([2, 2, false]);
    expect(await world.states('one')).to.deep.equal(['applied']);
    expect(await world.states('two')).to.deep.equal(['applied']);
    expect(await world.states('other')).to.deep.equal(['waiting']);
    expect(await world.states('elsewhere')).to.deep.equal(['refused']);
    expect((await world.notes()).map(({ says }) => says)).to.deep.equal([
      `ServiceRequest/other: code ${local}|MT60 is not known here, but its category urn:oid:1.2.3.9|massage is one we watch.`,
    ]);
    const { referral } = await world.adapter.of('ServiceRequest/one');
    expect(referral.care.service.coding?.map(({ code }) => code)).to.deep.equal([
      'MT30',
      '387854002',
    ]);
    const [row] = await versionsOf(world.adapter.store.read, 'general', 'ServiceRequest', 'one');
    expect(row?.says).to.contain(`code ${local}|MT30 stands for ${massage}, said by ana on `);
  });

  it('keeps who said it and when in the site’s own table', async () => {
    await say('MT30');
    const [header, row, ...rest] = (await world.table()).split('\n');
    expect(header).to.equal('hospital,their system,their code,our code,display,by,date');
    expect(row).to.match(
      /^general,http:\/\/hospital\.example\/orders,MT30,http:\/\/snomed\.info\/sct\|387854002,,ana,\d{4}-\d\d-\d\d$/,
    );
    expect(rest).to.deep.equal(['']);
  });

  it('ends the wait by a refusal too', async () => {
    world.show('one', ['PT1']);
    await world.adapter.poll();
    const { ranAgain, referrals } = await say('PT1', { refuse: true });
    expect([ranAgain, referrals]).to.deep.equal([1, []]);
    const [row] = await versionsOf(world.adapter.store.read, 'general', 'ServiceRequest', 'one');
    expect(row).to.include({ state: 'refused', rule: 'service', body: null });
    expect(row?.says).to.contain('none of ours, said by ana');
    expect(await world.notes()).to.deep.equal([]);
    world.show('next', ['PT1']);
    await world.adapter.poll();
    expect(await world.states('next')).to.deep.equal(['refused']);
    expect(await world.notes()).to.deep.equal([]);
  });

  it('changes nothing when it is said again', async () => {
    world.show('one', ['MT30']);
    await world.adapter.poll();
    await say('MT30');
    const table = await world.table();
    const again = await say('MT30');
    expect([again.before, again.ranAgain]).to.deep.equal([true, 0]);
    expect(await world.table()).to.equal(table);
    expect(await world.adapter.referrals()).to.have.length(1);
  });

  it('refuses another meaning until the first is forgotten', async () => {
    await say('MT30');
    const error = await refusal(say('MT30', { refuse: true }));
    expect(error.code).to.equal('not-possible-now');
    expect(error.fix).to.contain('codes forget');
    await forget(world.site, { system: local, code: 'MT30' });
    expect((await say('MT30', { refuse: true })).before).to.equal(false);
  });

  it('lets what was decided stand when it is forgotten', async () => {
    world.show('one', ['MT30']);
    await world.adapter.poll();
    await say('MT30');
    const { rows, openReferrals } = await forget(world.site, { system: local, code: 'MT30' });
    expect([rows.length, openReferrals]).to.deep.equal([1, 1]);
    world.show('next', ['MT30']);
    await world.adapter.full();
    expect(await world.states('one')).to.deep.equal(['applied']);
    expect(await world.states('next')).to.deep.equal(['waiting']);
    expect(await world.adapter.referrals()).to.have.length(1);
    expect((await refusal(forget(world.site, { system: local, code: 'MT30' }))).code).to.equal(
      'not-ours',
    );
  });

  it('takes in at the next full sweep what was refused before the code was ours', async () => {
    world.show('elsewhere', ['MT30'], { category: [] });
    await world.adapter.poll();
    expect(await world.states('elsewhere')).to.deep.equal(['refused']);
    await say('MT30');
    expect(await world.states('elsewhere')).to.deep.equal(['refused']);
    await world.adapter.full();
    expect(await world.states('elsewhere')).to.deep.equal(['applied']);
  });

  it('brings the Task along that waited with its order', async () => {
    world.show('one', ['MT30']);
    world.hospital.put(task('t1', 'ServiceRequest/one'));
    world.show('other', ['MT60']);
    world.hospital.put(task('t2', 'ServiceRequest/other'));
    await world.adapter.poll();
    expect([await world.states('t1', 'Task'), await world.states('t2', 'Task')]).to.deep.equal([
      ['waiting'],
      ['waiting'],
    ]);
    await say('MT30');
    expect(await world.states('t1', 'Task')).to.deep.equal(['applied']);
    expect(await world.states('t2', 'Task')).to.deep.equal(['waiting']);
  });

  it('asks for a person where a code of ours and one that is none of ours stand together', async () => {
    world.show('one', ['MT30', 'PT1']);
    await world.adapter.poll();
    await say('PT1', { refuse: true });
    expect(await world.states('one')).to.deep.equal(['refused']);
    await say('MT30');
    world.show('two', ['MT30', 'PT1']);
    await world.adapter.poll();
    expect(await world.states('two')).to.deep.equal(['waiting']);
    expect((await world.notes())[0]?.says).to.contain(
      'but code http://hospital.example/orders|PT1',
    );
    expect(await pending(world.adapter.store.read, 'general', 10)).to.deep.equal([]);
  });

  for (const [coding, names] of [
    [{ system: 'http://snomed.info/sct', code: '83099006' }, 'external cardiac massage'],
    [{ system: 'http://snomed.info/sct', code: '149213005' }, 'open chest massage of the heart'],
    [{ system: 'http://snomed.info/sct', code: '129090007' }, 'carotid sinus massage'],
    [{ system: 'http://snomed.info/sct', code: '395127001' }, 'infant massage education'],
    [{ system: 'http://snomed.info/sct', code: '1388791008' }, 'urine collection'],
    [{ system: local, code: 'X', display: 'Prostatic massage' }, 'prostatic or rectal massage'],
  ] as const)
    it(`refuses ${names} by name, with the reason`, async () => {
      const trying = { coding, meaning: { as: massage }, by: 'ana' };
      const error = await refusal(teach(world.site, world.log, trying, never));
      expect(error.code).to.equal('bad-request');
      expect(error.message).to.contain(names).and.to.contain('not massage therapy');
    });

  it('refuses to let a code stand for what only looks like massage, and for what it does not know', async () => {
    const lookAlike = await refusal(say('X', { as: 'http://snomed.info/sct|83099006' }));
    expect(lookAlike.message).to.contain('external cardiac massage');
    const unknown = await refusal(say('X', { as: 'http://snomed.info/sct|387854003' }));
    expect(unknown.fix).to.contain(`Did you mean ${massage}?`);
    expect((await refusal(say('has  spaces'))).code).to.equal('bad-request');
  });

  it('takes a note for what it is about, and needs to be told which of several codes', async () => {
    world.show('one', ['MT30', 'MT31']);
    await world.adapter.poll();
    const [note] = await world.notes();
    const answer = { meaning: { as: massage }, by: 'ana' };
    const trying = (more: { code?: string; meaning?: Meaning } = {}) =>
      teachNote(world.site, world.log, note?.id ?? '', { ...answer, ...more }, never);
    expect((await refusal(trying())).fix).to.contain(`${local}|MT30 or ${local}|MT31`);
    expect((await refusal(trying({ code: `${local}|MT32` }))).code).to.equal('bad-request');
    const technique = { code: `${local}|MT30`, meaning: { as: 'massage-technique|swedish' } };
    expect((await refusal(trying(technique))).message).to.contain('no service');
    const { row, ranAgain } = await trying({ code: `${local}|MT30` });
    expect([row.display, ranAgain]).to.deep.equal(['Order MT30', 1]);
    expect((await trying({ code: `${local}|MT30` })).before).to.equal(true);
  });

  describe('while others are at work', () => {
    it('makes one referral of an order when a sync and a second teacher are at it too', async () => {
      for (let at = 0; at < 5; at++) world.show(`o${at}`, ['MT30']);
      await world.adapter.poll();
      const [one, two] = await Promise.all([say('MT30'), say('MT30'), world.adapter.full()]);
      expect([one.before, two.before].sort()).to.deep.equal([false, true]);
      expect(one.ranAgain + two.ranAgain).to.equal(5);
      await world.adapter.poll();
      expect(await world.adapter.referrals()).to.have.length(5);
      expect(await world.notes()).to.deep.equal([]);
      for (let at = 0; at < 5; at++)
        expect(await world.states(`o${at}`)).to.deep.equal(['applied']);
    });

    it('is noticed by a process that is running, at its next sync', async () => {
      const other = await world.another();
      await say('MT30');
      world.show('one', ['MT30']);
      await other.poll();
      expect(await world.states('one')).to.deep.equal(['applied']);
    });

    it('is taken up by the next sync where the process that taught died before it could', async () => {
      world.show('one', ['MT30']);
      await world.adapter.poll();
      await world.write(
        'massage-fhir.codes.csv',
        `# ours\nhospital,their system,their code,our code,by,date\ngeneral,${local},MT30,${massage},ana,2026-03-02\n`,
      );
      await world.adapter.poll();
      expect(await world.states('one')).to.deep.equal(['applied']);
      expect(await world.notes()).to.deep.equal([]);
    });

    it('is not undone by a version of the order that comes again', async () => {
      world.show('one', ['MT30']);
      await world.adapter.poll();
      await say('MT30');
      const [shown] = world.hospital.all('ServiceRequest');
      if (shown === undefined) throw new Error('no order');
      world.hospital.put(withoutVersion(shown));
      await world.adapter.poll();
      expect(await world.adapter.referrals()).to.have.length(1);
    });
  });

  describe('a table that gets broken while we run', () => {
    it('keeps the rows that were known, and says so with the line', async () => {
      await say('MT30');
      const good = await world.table();
      await world.write('massage-fhir.codes.csv', `${good}general,${local},MT60,nonsense,,,\n`);
      world.show('one', ['MT30']);
      const report = await world.adapter.poll();
      expect(await world.states('one')).to.deep.equal(['applied']);
      const says = 'massage-fhir.codes.csv:3: our code is "nonsense"';
      expect(report.problems.map((one) => one.says).join()).to.contain(says);
      const faults = world.adapter.signals.filter(({ name }) => name === 'fault');
      expect(JSON.stringify(faults.map(({ data }) => data))).to.contain('massage-fhir.codes.csv:3');
      expect((await refusal(say('MT90'))).code).to.equal('settings-wrong');
      await world.write('massage-fhir.codes.csv', good);
      expect((await world.adapter.poll()).problems).to.deep.equal([]);
    });

    it('that is gone or emptied keeps them too', async () => {
      await say('MT30');
      await world.write('massage-fhir.codes.csv', '');
      const report = await world.adapter.poll();
      expect(report.problems[0]?.says).to.contain(
        'massage-fhir.codes.csv: the file is gone or empty',
      );
      world.show('one', ['MT30']);
      await world.adapter.poll();
      expect(await world.states('one')).to.deep.equal(['applied']);
    });

    it('is said in a few sentences, however many mistakes it has', async () => {
      await say('MT30');
      const good = await world.table();
      await world.write(
        'massage-fhir.codes.csv',
        good + `general,${local},X,nonsense,,,\n`.repeat(500),
      );
      const { problems } = await world.adapter.poll();
      expect(problems).to.have.length(21);
      expect(problems.at(-1)?.says).to.contain('480 more');
      const faults = world.adapter.signals.filter(({ name }) => name === 'fault');
      expect(faults).to.have.length(21);
    });
  });

  describe('beside a crosswalk', () => {
    let other: CodedSite;
    const walk = `their system,their code,our code\n${local},MT60,${massage}\n`;
    beforeEach(async () => {
      const settings = 'codes: { crosswalks: [walk.csv] }\n';
      other = await openCodedSite({ settings, files: { 'walk.csv': walk } });
    });
    afterEach(() => other.stop());
    const teachThere = (code: string, as = massage) =>
      teach(
        other.site,
        other.log,
        { coding: { system: local, code }, meaning: { as }, by: 'ana' },
        never,
      );

    it('that got broken refuses, since nothing new would be in force', async () => {
      other.show('one', ['MT30']);
      await other.adapter.poll();
      await other.write('walk.csv', `${walk}nonsense\n`);
      const error = await refusal(teachThere('MT30'));
      expect(error.code).to.equal('settings-wrong');
      expect(JSON.stringify(error.details)).to.contain('walk.csv:3');
      await other.write('walk.csv', walk);
      expect((await teachThere('MT30')).ranAgain).to.equal(1);
      expect(await other.states('one')).to.deep.equal(['applied']);
    });

    it('shows an order that waits on although its code is said to be a technique', async () => {
      other.show('one', ['MT30']);
      await other.adapter.poll();
      await teachThere('MT30', 'massage-technique|swedish');
      const orders = await waitingOrders(other.adapter.store.read, other.site);
      expect(waitingCodes(other.site, orders).map(({ coding }) => coding.code)).to.deep.equal([
        'MT30',
      ]);
    });
  });
});
