/** What a hospital’s server can do, kept over the nights: read again, compared, and never in the way of a run. */
import { expect } from 'chai';
import type { Tally } from '../../src/sync/report.ts';
import { emptyTally } from '../../src/sync/report.ts';
import type { Site } from '../../src/sync/site.ts';
import { keptSurvey, refreshSurvey, surveyFor } from '../../src/sync/survey.ts';
import { served, statementOf } from '../hospital/statements.ts';
import {
  closeAll,
  failureOf,
  listening,
  searchset,
  sendJson,
  withRealSockets,
} from '../hospital/wire.ts';
import { adapterOn, type TestAdapter } from './adapter.ts';
import { connected } from './one-order.ts';

const hour = 3_600_000;

describe('survey: kept for the runs of a hospital', () => {
  withRealSockets();

  /** What the server answers: a body, or a status without one. */
  let metadata: object | number | 'page';
  let searches: object | number;
  let paths: string[];
  let ahead: number;
  let adapter: TestAdapter;
  let site: Site;
  let tally: Tally;

  async function start(hospital = ''): Promise<void> {
    const { origin } = await listening((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://hospital.invalid');
      paths.push(pathname);
      const isStatement = pathname === '/r4/metadata';
      const body = isStatement ? metadata : pathname.includes('.well-known') ? 404 : searches;
      if (body === 'page')
        response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Later</p>');
      else if (typeof body === 'number') sendJson(response, body, {});
      else sendJson(response, 200, body);
    });
    adapter = await adapterOn({
      base: `${origin}/r4`,
      clock: () => new Date(Date.parse('2026-03-02T09:30:00Z') + ahead),
      hospital,
    });
    ({ site } = connected(adapter));
  }

  beforeEach(() => {
    metadata = served.aidbox.statement();
    searches = searchset([]);
    paths = [];
    ahead = 0;
    tally = emptyTally();
  });
  afterEach(async () => {
    await adapter.close();
    await closeAll();
  });

  const asked = () => paths.splice(0).filter((path) => path === '/r4/metadata').length;
  const said = (code: string) =>
    tally.problems.flatMap((one) => (one.code === code ? [one.says] : []));
  const used = async (mode: 'poll' | 'full' = 'poll') =>
    (await surveyFor(site, mode, tally)).discovery.map(({ rung }) => rung).join(' ');

  it('the first run takes one, polls use it, and each full run takes a new one', async () => {
    await start();
    expect(await used()).to.equal('A1 A3 push');
    expect(asked()).to.equal(1);
    ahead = 35 * hour;
    await used();
    expect(asked()).to.equal(0);
    await used('full');
    expect(asked()).to.equal(1);
    expect(tally.problems).to.deep.equal([]);
  });

  it('a poll takes a new one when two nights were missed', async () => {
    await start();
    await used();
    ahead = 37 * hour;
    asked();
    await used();
    expect(asked()).to.equal(1);
  });

  it('what is read anew counts for the whole hospital', async () => {
    await start();
    await used();
    metadata = served.meditech.statement();
    await used('full');
    const capabilities = await site.hospital.capabilities();
    expect(capabilities.declared && capabilities.types.get('Task')?.interactions.size).to.equal(1);
    expect(asked()).to.equal(2);
  });

  it('other settings make a new one, which is no change of the server', async () => {
    await start();
    await used();
    Object.assign(site.settings, { override: { vendor: 'auto', rungs: { discovery: ['A6'] } } });
    expect(await used()).to.equal('A6');
    expect(asked()).to.equal(2);
    expect(said('server-changed')).to.deep.equal([]);
    expect(said('rung-lost')).to.deep.equal([]);
  });

  it('comes back from the store as it was taken', async () => {
    await start();
    const taken = await refreshSurvey(site, tally);
    expect(await keptSurvey(site)).to.deep.equal({ survey: taken, sameSettings: true });
    expect(adapter.signals.findLast(({ name }) => name === 'survey:taken')?.data).to.deep.equal({
      hospital: 'general',
      vendor: 'a server that is not recognised',
      rungs: 'A1 A3 push B3 C1 D1 E1',
      changes: 0,
      lost: 0,
    });
  });

  it('tells what changed, and once', async () => {
    await start();
    await used();
    const statement = served.aidbox.statement();
    const task = statement.rest?.[0]?.resource?.find(({ type }) => type === 'Task');
    if (task) task.interaction = task.interaction?.filter(({ code }) => code !== 'delete') ?? [];
    metadata = statement;
    await used('full');
    expect(said('server-changed')).to.deep.equal([
      'The server changed: Task: interaction delete is gone.',
    ]);
    tally = emptyTally();
    await used('full');
    expect(tally.problems).to.deep.equal([]);
  });

  it('a way that is lost is told in the report and among the faults, and the next best is used', async () => {
    await start('    discover: { locations: [Location/massage] }\n');
    await used();
    searches = 403;
    expect(await used('full')).to.equal('A6 A3 push');
    expect(said('rung-lost')).to.deep.equal([
      'A1 (search ServiceRequest by the time of its last change) does not work here any more: ' +
        'ServiceRequest by _lastUpdated: it was refused (not-allowed, 403).',
    ]);
    const faults = adapter.signals.filter(({ name }) => name === 'fault');
    expect(faults.map(({ data }) => data)).to.have.length(1);
    expect(faults[0]?.data).to.include({ where: 'survey of general', code: 'rung-lost' });
  });

  for (const [what, broken] of [
    ['is down', 503],
    ['refuses our sign-in', 401],
    ['shows a page for people', 'page'],
  ] as const)
    it(`a server that ${what} is taken as it was`, async () => {
      await start();
      const before = await refreshSurvey(site, tally);
      metadata = broken;
      expect(await surveyFor(site, 'full', tally)).to.deep.equal(before);
      expect(tally.problems.map(({ says }) => says).join('\n')).to.match(
        /^What the server can do could not be read: .* Until it can, what was found on 2026-03-02 counts\.$/,
      );
      metadata = served.aidbox.statement();
      tally = emptyTally();
      await used('full');
      expect(tally.problems).to.deep.equal([]);
    });

  it('a server that is down at first contact is taken for one without a statement, and asked again', async () => {
    await start();
    metadata = 503;
    expect(await used()).to.equal('A1 A3 push');
    expect(said('hospital-fault')).to.have.length(1);
    expect(await keptSurvey(site)).to.equal(undefined);
    metadata = served.meditech.statement();
    asked();
    expect(await used()).to.equal('A1 push');
    expect(asked()).to.equal(1);
  });

  it('another FHIR ends the run, also where R4 was before', async () => {
    await start();
    await used();
    metadata = statementOf({}, { fhirVersion: '5.0.0' });
    expect((await failureOf(surveyFor(site, 'full', tally))).code).to.equal('not-fhir-r4');
  });

  it('says with every run that new patients are not found by themselves', async () => {
    metadata = served.veradigm.statement();
    searches = 403;
    await start();
    await used();
    tally = emptyTally();
    await used();
    const [says, ...more] = said('rung-missing');
    expect(more).to.be.empty;
    expect(says).to.match(/^No new patient is found by itself: .* A1 is not used: .*403/);
  });

  it('says with every run that nothing is written here, unless nothing is to be written', async () => {
    metadata = served.meditech.statement();
    await start();
    const told = () => tally.notes.filter((one) => one.includes('write: off'));
    await used();
    expect(told()).to.have.length(1);
    tally = emptyTally();
    await used();
    expect(told()).to.have.length(1);
    tally = emptyTally();
    Object.assign(site.settings, { write: 'off' });
    await used();
    expect(told()).to.be.empty;
  });

  it('takes product and ways as the settings name them', async () => {
    await start('    vendor: epic\n    rungs: { discovery: [A6], booking: B5, once: D4 }\n');
    const survey = await surveyFor(site, 'poll', tally);
    expect(survey.vendor.name).to.equal('epic');
    const words = [survey.discovery, survey.booking, survey.once].flat();
    expect(words.map(({ rung, by }) => `${rung} ${by}`)).to.deep.equal([
      ...['A6 operator', 'B5 operator', 'D4 operator'],
    ]);
    expect(paths).to.deep.equal(['/r4/metadata', '/r4/.well-known/smart-configuration']);
  });
});
