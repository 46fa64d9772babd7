/** `massage-fhir codes …`, on the store and the table that others use at the same time. */
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { type CodedSite, local, massage, openCodedSite } from '../sync/codes/site.ts';
import { ioOf } from './io.ts';
import { massageFhir } from './processes.ts';

describe('massage-fhir codes', function () {
  this.timeout(60_000);
  let world: CodedSite;
  beforeEach(async () => {
    world = await openCodedSite({ files: { 'crosswalk.csv': crosswalk } });
    await world.write('massage-fhir.yaml', settings(world));
  });
  afterEach(() => world.stop());

  const run = async (...args: string[]) => {
    const io = ioOf({ cwd: world.folder });
    const code = await runCommandLine(args, io);
    return { code, stdout: io.out(), stderr: io.err() };
  };
  const teaching = (code: string, ...more: readonly string[]) => [
    ...['codes', 'teach', `${local}|${code}`],
    ...(more.length > 0 ? more : ['--as', massage]),
  ];
  const teach = (code: string, ...more: readonly string[]) => run(...teaching(code, ...more));

  it('shows what waits with suggestions, teaches it, and shows what is known then', async () => {
    world.show('one', ['MT30']);
    world.show('two', ['MT60']);
    await world.adapter.poll();
    const work = await run('work', 'list');
    expect(work.code).to.equal(1);
    expect(work.stdout).to.contain(`perhaps ${local}|MT60 is ${massage}: the same code in`);
    const before = await run('codes', 'list');
    expect(before.code).to.equal(1);
    expect(before.stdout).to.contain(`${local}|MT30 “Order MT30”\n  1 order waits on it`);
    expect(before.stdout).to.contain('in crosswalk.csv, line 2');

    const taught = await teach('MT30', '--as', massage, '--by', 'Ben', '--display', 'Massage, 30');
    expect([taught.code, taught.stderr]).to.deep.equal([0, '']);
    expect(taught.stdout).to.equal(
      `${local}|MT30 stands for ${massage} (massage-fhir.codes.csv, line 2).\nOne order waited on it; 1 of them is a referral now.\n`,
    );
    expect(await world.states('one')).to.deep.equal(['applied']);
    expect(await world.states('two')).to.deep.equal(['waiting']);
    expect(await world.table()).to.contain('"Massage, 30",Ben,');

    const after = JSON.parse((await run('codes', 'list', '--json')).stdout);
    expect(after.codes[0]).to.deep.include({
      code: `${local}|MT30`,
      as: massage,
      by: 'Ben',
      line: 2,
    });
    expect(after.waiting).to.have.length(1);
    expect(after.waiting[0]).to.deep.include({ code: `${local}|MT60`, orders: 1 });

    expect((await teach('MT60', '--refuse')).stdout).to.contain('is none of ours');
    expect(await world.states('two')).to.deep.equal(['refused']);
    const forgotten = await run('codes', 'forget', `${local}|MT30`);
    expect(forgotten.stdout).to.contain(
      'stays as it is: one open referral came in under this code.',
    );
    expect((await run('codes', 'list')).code).to.equal(0);
  });

  it('loses no row of processes that teach at once, while a sync runs', async () => {
    const codes = ['C1', 'C2', 'C3', 'C4'];
    for (const code of codes) world.show(code.toLowerCase(), [code]);
    await world.adapter.poll();
    const processes = [...codes.map((code) => teaching(code)), ['sync', '--full']];
    const ended = await Promise.all(
      processes.map((args) => massageFhir(args, { cwd: world.folder })),
    );
    expect(ended.map(({ stderr }) => stderr).join('')).not.to.contain('internal');
    const rows = (await world.table()).trim().split('\n').slice(1);
    expect(rows.map((row) => row.split(',')[2]).sort()).to.deep.equal(codes);
    await world.adapter.poll();
    for (const code of codes)
      expect(await world.states(code.toLowerCase()), code).to.deep.equal(['applied']);
    expect(await world.adapter.referrals()).to.have.length(codes.length);
    expect(await world.notes()).to.deep.equal([]);
  });

  it('says what is wrong with the files of the site before anything else, all at once', async () => {
    await world.write('massage-fhir.codes.csv', 'hospital,their system,their code\n');
    await world.write('crosswalk.csv', `${crosswalk}${local},A,38785402\n`);
    const { code, stderr } = await run('settings', 'check');
    expect(code).to.equal(2);
    expect(stderr).to.contain('settings-wrong: The settings have 4 mistakes.');
    expect(stderr).to.contain('massage-fhir.codes.csv:1: the column “our code” is missing');
    expect(stderr).to.contain(`crosswalk.csv:3: our code is "38785402"`);
    expect(stderr).to.contain(`Did you mean ${massage}?`);
  });

  for (const [says, more] of [
    ['Say what the code is: either --as or --refuse.', ['--by', 'Ben']],
    ['Say what the code is: either --as or --refuse.', ['--refuse', '--as', massage]],
    ['There is no such code of ours.', ['--as', 'http://snomed.info/sct|1']],
    ['There is no hospital nowhere in the settings.', ['--refuse', '--hospital', 'nowhere']],
  ] as const)
    it(`refuses ${more.join(' ')}`, async () => {
      const { code, stderr } = await teach('X', ...more);
      expect([code, stderr.includes(says)], stderr).to.deep.equal([2, true]);
    });
});

const crosswalk = `their system,their code,our code\nurn:old-system,MT60,${massage}\n`;

function settings({ hospital, folder }: CodedSite): string {
  return `
store: ${folder}/store.sqlite
lease: 5s
codes: { crosswalks: [crosswalk.csv] }
hospitals:
  - id: general
    base: ${hospital.base}
    timezone: America/Chicago
    organization: Organization/massage
    select: { categories: ['urn:oid:1.2.3.9|massage'] }
`;
}
