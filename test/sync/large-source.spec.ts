/**
 * A source too large for a row of each line: what concerns us is taken in as from a small one, wherever in the files it
 * stands, and of everything else the number and the reason can be seen (invariants I1, I5).
 */
import { expect } from 'chai';
import { orderOf } from '../../bench/bench-orders.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { inboxCounts, versionsOf } from '../../src/store/inbox.ts';
import { runFolder, type SourceFile, smallSource } from '../../src/sync/folder.ts';
import type { FileOutcome, RunReport } from '../../src/sync/report.ts';
import { adapterOn, type TestAdapter } from './adapter.ts';
import { textSource } from './source.ts';

const massage = { coding: [{ system: 'http://snomed.info/sct', code: '387854002' }] };
const xray = { coding: [{ system: 'http://snomed.info/sct', code: '168731009' }] };

function order(id: string, more: Partial<fhir4.ServiceRequest> = {}): fhir4.ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    id,
    status: 'active',
    intent: 'order',
    code: massage,
    subject: { reference: `Patient/${id}` },
    ...more,
  };
}

function patient(id: string): fhir4.Patient {
  return {
    resourceType: 'Patient',
    id,
    name: [{ family: `Example ${id}` }],
    birthDate: '1961-04-02',
  };
}

/** A file that the disk says to be large, in chunks that tear its lines apart. */
function large(name: string, things: readonly (object | string)[]): SourceFile {
  const lines = things.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  return textSource(name, `${lines.join('\n')}\n`, { chunk: 777, size: smallSource + 1 });
}

const others = (count: number, from = 0) =>
  Array.from({ length: count }, (_, number) => orderOf(from + number, { every: 0 }));

describe('a large folder as source', () => {
  let hospital: Sandbox;
  let adapter: TestAdapter;

  beforeEach(async () => {
    hospital = await startSandbox();
    adapter = await adapterOn({ base: hospital.base });
  });
  afterEach(async () => {
    expect(hospital.requests, 'requests to the hospital').to.deep.equal([]);
    await adapter.close();
    await hospital.stop();
  });

  async function takeIn(...files: SourceFile[]): Promise<RunReport> {
    const connected = adapter.sites.get('general');
    if (connected === undefined) throw new Error('The test adapter has its hospital.');
    const { site, log } = connected;
    const report = await runFolder(site, log, files, new AbortController().signal);
    expect(report.state, JSON.stringify(report.problems)).to.equal('complete');
    return report;
  }

  it('takes in the orders that are ours, and tells how many lines it passed over and why', async () => {
    const report = await takeIn(
      large('orders.ndjson', [...others(40), order('ours'), ...others(40, 40)]),
      large(
        'patients.ndjson',
        Array.from({ length: 30 }, (_, number) => patient(`p${number}`)),
      ),
    );
    expect(report).to.include({ read: 111, new: 1, selected: 1, fresh: 1, ignored: 30 });
    expect(report.refused).to.deep.equal({ 'not-named': 80 });
    expect(passedOver(report)).to.deep.equal([
      'orders.ndjson: 80 refused by not-named',
      'patients.ndjson: 30 ignored by not-referred',
    ]);
    const counts = await inboxCounts(adapter.store.read, { hospital: 'general' });
    expect(counts).to.deep.equal([{ state: 'applied', rule: 'selected', count: 1 }]);
  });

  it('finds what its orders refer to, before and after them, and what that refers to', async () => {
    const encounter = {
      resourceType: 'Encounter',
      id: 'stay',
      status: 'in-progress',
      class: { code: 'IMP' },
      location: [{ status: 'active', location: { reference: 'Location/bed' } }],
    };
    const ours = order('ours', {
      subject: { reference: 'Patient/p7' },
      encounter: { reference: 'Encounter/stay' },
      requester: { reference: 'Practitioner/doc' },
    });
    const report = await takeIn(
      large('a-locations.ndjson', [
        { resourceType: 'Location', id: 'bed', name: 'Bed 4' },
        { resourceType: 'Location', id: 'other', name: 'Bed 5' },
      ]),
      large('b-patients.ndjson', [
        ...Array.from({ length: 9 }, (_, number) => patient(`p${number}`)),
      ]),
      large('c-orders.ndjson', [...others(20), ours]),
      large('d-people.ndjson', [
        // Type and id do not stand first: any line may be the one.
        {
          id: 'doc',
          name: [{ family: 'Doctor', given: ['Example'] }],
          resourceType: 'Practitioner',
        },
        { id: 'nobody', name: [{ family: 'Nobody' }], resourceType: 'Practitioner' },
        encounter,
      ]),
    );
    expect(report.new).to.equal(1);
    const { care } = (await adapter.of('ServiceRequest/ours')).referral;
    expect(JSON.stringify(care))
      .to.contain('Example p7')
      .and.contain('Doctor')
      .and.contain('Bed 4');
    expect(passedOver(report)).to.deep.equal([
      'a-locations.ndjson: 1 ignored by not-referred',
      'b-patients.ndjson: 8 ignored by not-referred',
      'c-orders.ndjson: 20 refused by not-named',
      'd-people.ndjson: 1 refused by not-named',
    ]);
  });

  it('makes an order wait that a Task for us asks for, whatever its code', async () => {
    const asked = order('asked', { code: xray });
    const task = {
      resourceType: 'Task',
      id: 't',
      status: 'requested',
      intent: 'order',
      focus: { reference: 'ServiceRequest/asked' },
      owner: { reference: 'Organization/massage' },
    };
    const report = await takeIn(large('all.ndjson', [...others(10), asked, task]));
    expect(report.waiting).to.be.greaterThan(0);
    const [row] = await versionsOf(adapter.store.read, 'general', 'ServiceRequest', 'asked');
    expect(row).to.include({ state: 'waiting' });
  });

  it('takes in what refers to an order of ours: a visit that was booked before it', async () => {
    const visit = {
      resourceType: 'Appointment',
      id: 'v',
      status: 'booked',
      basedOn: [{ reference: 'ServiceRequest/ours' }],
      start: '2026-03-01T10:00:00Z',
      end: '2026-03-01T10:30:00Z',
      participant: [{ actor: { reference: 'Patient/ours' }, status: 'accepted' }],
    };
    const stranger = { ...visit, id: 'w', basedOn: [{ reference: 'ServiceRequest/o0000001' }] };
    const report = await takeIn(
      large('a.ndjson', [JSON.stringify(visit).replaceAll('/', '\\/'), stranger]),
      large('b.ndjson', [order('ours'), patient('ours')]),
    );
    expect((await adapter.of('ServiceRequest/ours')).sessions).to.have.length(1);
    expect(passedOver(report)).to.deep.equal(['a.ndjson: 1 ignored by not-referred']);
  });

  it('follows what it knows from before, also where no code of ours is left in it', async () => {
    await takeIn(large('monday.ndjson', [order('ours'), patient('ours')]));
    const report = await takeIn(
      large('tuesday.ndjson', [
        ...others(5),
        order('ours', { code: xray }),
        { ...patient('ours'), deceasedBoolean: true },
      ]),
    );
    const versions = await versionsOf(adapter.store.read, 'general', 'ServiceRequest', 'ours');
    expect(versions).to.have.length(2);
    expect(report.refused).to.deep.equal({ 'not-named': 5 });
  });

  it('sees another version of an order of ours that came first and does not name a code', async () => {
    const newer = order('ours', { code: xray, meta: { lastUpdated: '2026-02-02T00:00:00Z' } });
    const older = order('ours', { meta: { lastUpdated: '2026-01-01T00:00:00Z' } });
    await takeIn(large('history.ndjson', [newer, ...others(5), older]));
    const versions = await versionsOf(adapter.store.read, 'general', 'ServiceRequest', 'ours');
    expect(versions).to.have.length(2);
  });

  it('reads a file again only where something may be in it that is needed and was not found yet', async () => {
    const readings = new Map<string, number>();
    const counted = (file: SourceFile): SourceFile => ({
      ...file,
      chunks() {
        readings.set(file.name, (readings.get(file.name) ?? 0) + 1);
        return file.chunks();
      },
    });
    const report = await takeIn(
      counted(large('a-patients.ndjson', [patient('ours'), patient('p1')])),
      counted(large('b-people.ndjson', [{ resourceType: 'Practitioner', id: 'nobody' }])),
      counted(large('c-orders.ndjson', [...others(20), order('ours')])),
      counted(large('d-patients.ndjson', [patient('p2')])),
    );
    expect(report.new).to.equal(1);
    expect([...readings]).to.deep.equal([
      ['a-patients.ndjson', 2],
      ['b-people.ndjson', 1],
      ['c-orders.ndjson', 1],
      // It has patients, and not every file has a list of its own.
      ['d-patients.ndjson', 2],
    ]);
  });

  it('takes in no Procedure for a code of ours that it names', async () => {
    const procedure = { resourceType: 'Procedure', id: 'p', status: 'completed', code: massage };
    const report = await takeIn(large('all.ndjson', [procedure, order('ours'), ...others(3)]));
    expect(report).to.include({ read: 5, fresh: 1, ignored: 1 });
    expect(passedOver(report)).to.deep.equal([
      'all.ndjson: 3 refused by not-named',
      'all.ndjson: 1 ignored by not-referred',
    ]);
  });

  it('takes in nothing twice when it is repeated, and says so', async () => {
    const files = [large('orders.ndjson', [...others(10), order('ours')])];
    const first = await takeIn(...files);
    const again = await takeIn(...files);
    expect([first.fresh, again.fresh]).to.deep.equal([1, 0]);
    expect(again).to.include({ read: 11, new: 0, changed: 0 });
    expect(passedOver(again)).to.deep.equal(passedOver(first));
    expect(await adapter.referrals()).to.have.length(1);
  });

  it('goes on after an interruption where nothing is lost', async () => {
    const stop = new AbortController();
    const file = large('orders.ndjson', [order('first'), ...others(60), order('last')]);
    const stopping: SourceFile = {
      ...file,
      async *chunks() {
        let read = 0;
        for await (const chunk of file.chunks()) {
          yield chunk;
          read += chunk.length;
          if (read > 20_000) stop.abort();
        }
      },
    };
    const connected = adapter.sites.get('general');
    if (connected === undefined) throw new Error('The test adapter has its hospital.');
    const report = await runFolder(connected.site, connected.log, [stopping], stop.signal);
    expect(report.state).to.equal('partial');
    await takeIn(file);
    const orders = (await adapter.referrals()).map(({ referral }) => referral.care.order.reference);
    expect(orders.toSorted()).to.deep.equal(['ServiceRequest/first', 'ServiceRequest/last']);
  });

  it('keeps a row of each of the first lines that are no JSON, and the number of the others', async () => {
    const broken = Array.from({ length: 130 }, (_, number) => `broken ${number}`);
    const report = await takeIn(large('orders.ndjson', [order('ours'), ...broken]));
    expect(report.unusable).to.equal(130);
    const unusable = (report.files ?? []).filter(({ state }) => state === 'unusable');
    expect(unusable.reduce((sum, { lines = 1 }) => sum + lines, 0)).to.equal(130);
    expect(unusable).to.have.length(101);
  });

  it('is read line by line in full where every text is escaped, and still keeps no row of what is not ours', async () => {
    const escaped = others(20).map((one) => JSON.stringify(one).replaceAll('e', '\\u0065'));
    const ours = JSON.stringify(order('ours')).replaceAll('8', '\\u0038');
    const report = await takeIn(large('orders.ndjson', [...escaped, ours]));
    expect(report).to.include({ new: 1, fresh: 1 });
    expect(report.refused).to.deep.equal({ 'not-named': 20 });
  });

  it('names a line that is too long and a file that cannot be read, and takes in the rest', async () => {
    const connected = adapter.sites.get('general');
    if (connected === undefined) throw new Error('The test adapter has its hospital.');
    const { AdapterError } = await import('../../src/core/errors.ts');
    const broken: SourceFile = {
      name: 'broken.ndjson.gz',
      stamp: '1',
      size: smallSource,
      // biome-ignore lint/correctness/useYield: it fails at its first byte
      async *chunks() {
        throw new AdapterError(
          'file-unreadable',
          'The file broken.ndjson.gz is no whole gzip file.',
        );
      },
    };
    const { site, log } = connected;
    const good = large('orders.ndjson', [order('ours')]);
    const report = await runFolder(site, log, [broken, good], new AbortController().signal);
    expect(report).to.include({ state: 'partial', new: 1 });
    expect(report.problems.map(({ code }) => code)).to.deep.equal(['file-unreadable']);
    expect((report.files ?? []).find(({ file }) => file === broken.name)).to.include({
      state: 'unusable',
      rule: 'file-unreadable',
    });
  });
});

/** What was passed over, in words. */
function passedOver({ files = [] }: RunReport): string[] {
  const groups = files.filter(
    (one): one is FileOutcome & { lines: number } => one.lines !== undefined,
  );
  return groups.map(({ file, lines, state, rule }) => `${file}: ${lines} ${state} by ${rule}`);
}
