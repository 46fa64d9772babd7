/** One survey of a server, what it notices, and what changed since the one before. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readCapabilities } from '../../src/hospital/capabilities.ts';
import type { SurveyGiven } from '../../src/hospital/rungs.ts';
import { scopeContradictions } from '../../src/hospital/survey/contradictions.ts';
import { habitsOf } from '../../src/hospital/survey/habits.ts';
import { summaryOf, surveyedTypes } from '../../src/hospital/survey/summary.ts';
import { takeSurvey } from '../../src/hospital/survey/take-survey.ts';
import { overrideOf, type ProbeResult } from '../../src/hospital/survey.ts';
import { vendors } from '../../src/hospital/vendors/vendors.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { served, statementOf } from './statements.ts';
import { survey } from './surveyed.ts';
import {
  closeAll,
  failureOf,
  listening,
  searchset,
  sendJson,
  wireTo,
  withRealSockets,
} from './wire.ts';

const given: SurveyGiven = {
  organization: 'Organization/massage',
  locations: ['Location/massage'],
  practitioners: [],
  roster: true,
  folder: false,
  push: true,
};
const at = '2026-03-02T09:30:00Z';
const _nowhere = 'https://fhir.hospital.example/r4';

describe('survey: the summary of a statement', () => {
  it('keeps the types that something depends on, sorted, and survives as JSON', () => {
    const summary = summaryOf(readCapabilities(served.aidbox.statement()));
    expect(Object.keys(summary?.types ?? {})).to.deep.equal(
      surveyedTypes.filter((type) => type in (summary?.types ?? {})),
    );
    expect(summary?.types.Task?.searchParams).to.deep.equal([
      ...['_id', '_lastUpdated', 'identifier', 'owner', 'patient', 'status'],
    ]);
    expect(JSON.parse(JSON.stringify(summary))).to.deep.equal(summary);
  });

  it('of two megabytes leaves a few kilobytes', () => {
    const big = statementOf(
      Object.fromEntries(
        Array.from({ length: 140 }, (_none, index) => [
          index === 0 ? 'ServiceRequest' : `Type${index}`,
          ['R S', 'a b c', { a: 'x'.repeat(15_000) }] as const,
        ]),
      ),
    );
    expect(JSON.stringify(big).length).to.be.greaterThan(2_000_000);
    expect(JSON.stringify(summaryOf(readCapabilities(big))).length).to.be.lessThan(2000);
  });
});

describe('survey: habits', () => {
  const habits = (statement: fhir4.CapabilityStatement, name: keyof typeof vendors = 'generic') =>
    habitsOf(vendors[name], readCapabilities(statement));

  it('takes from the statement what no record knows', () => {
    const closed = statementOf({
      ServiceRequest: ['S', 'patient _lastUpdated', { _lastUpdated: 'A closed range.' }],
      Task: ['S', 'owner authored'],
    });
    expect(habits(closed)).to.deep.equal({
      ServiceRequest: { since: '_lastUpdated', window: 'closed' },
      Task: { since: 'authored' },
    });
  });

  it('asks by nothing that the statement does not list, whatever the record knows', () => {
    const older = statementOf({ Procedure: ['R S', 'patient date'] });
    expect(habits(older, 'oracle-health').Procedure).to.deep.equal({
      scope: 'patient',
      window: 'half-open',
    });
    const named = habitsOf(vendors['oracle-health'], { declared: false });
    expect(named.Procedure).to.include({ since: '_lastUpdated' });
  });
});

describe('survey: contradictions', () => {
  const summary = summaryOf(readCapabilities(served.meditech.statement()));

  it('names the types whose scopes are wider than their interactions, as on MEDITECH', () => {
    expect(
      scopeContradictions(summary, [
        'system/DocumentReference.crus',
        'system/Communication.crs',
        'system/Appointment.rs',
        'system/Procedure.write',
        'system/Observation.cud?category=x',
      ]),
    ).to.deep.equal([
      'SMART scopes allow more writing than the statement declares: DocumentReference, Observation, Procedure. The statement is followed.',
    ]);
  });

  it('finds none in narrower scopes, in those of all types, in words that are no scopes', () => {
    for (const scope of [
      'system/*.cruds',
      'system/Task.r',
      'openid',
      'system/Task.sr',
      'launch/patient',
    ])
      expect(scopeContradictions(summary, [scope]), scope).to.deep.equal([]);
    expect(scopeContradictions(undefined, ['system/Task.cruds'])).to.deep.equal([]);
  });
});

describe('survey: of a server', () => {
  withRealSockets();
  afterEach(closeAll);

  interface Server {
    readonly metadata?: object | number;
    readonly smart?: object | number;
    readonly search?: number;
  }

  async function surveyed(
    { metadata = 404, smart = 404, search = 200 }: Server,
    earlier?: readonly ProbeResult[],
  ) {
    const paths: string[] = [];
    const { origin } = await listening((request, response) => {
      const url = new URL(request.url ?? '', 'http://hospital.invalid');
      paths.push(url.pathname);
      const body =
        url.pathname === '/r4/metadata'
          ? metadata
          : url.pathname.endsWith('smart-configuration')
            ? smart
            : search === 200
              ? searchset([])
              : search;
      if (typeof body === 'number') sendJson(response, body, {});
      else sendJson(response, 200, body);
    });
    const hospital = wireTo(`${origin}/r4`);
    const take = () =>
      takeSurvey({
        client: hospital.client,
        capabilities: () => hospital.freshCapabilities(),
        override: overrideOf('auto', {}),
        given,
        now: at,
        earlier,
      });
    return { take, paths };
  }

  it('brings statement, sign-in and probes together in three requests', async () => {
    const { take, paths } = await surveyed({
      metadata: served.aidbox.statement(),
      smart: { token_endpoint: '/token', scopes_supported: ['system/*.cruds'] },
    });
    const one = await take();
    expect(one.discovery.map(({ rung }) => rung)).to.deep.equal(['A1', 'A3', 'push']);
    expect(one.discovery[0]?.by).to.equal('probe');
    expect(paths).to.deep.equal([
      '/r4/metadata',
      '/r4/.well-known/smart-configuration',
      '/r4/ServiceRequest',
    ]);
  });

  it('notes scopes that are wider than the statement', async () => {
    const { take } = await surveyed({
      metadata: served.meditech.statement(),
      smart: { scopes_supported: ['system/DocumentReference.crus'] },
    });
    expect((await take()).notes.join('\n')).to.match(/wider|more writing .*: DocumentReference\./);
  });

  it('follows an open server without statement and without SMART configuration', async () => {
    const { take } = await surveyed({ smart: 501 });
    const one = await take();
    expect(one.statement).to.equal(undefined);
    expect(one.discovery[0]).to.include({ rung: 'A1', by: 'probe' });
    expect(one.notes).to.deep.equal(['The server shows no statement: its first answers decide.']);
  });

  it('goes on without a statement that may not be read, and says so', async () => {
    const { take } = await surveyed({ metadata: 403, search: 403 });
    const one = await take();
    expect(one.notes[1]).to.equal('The statement may not be read (not-allowed, 403).');
    expect(one.discovery.map(({ rung }) => rung)).to.deep.equal(['A6', 'A3', 'push']);
  });

  it('what an earlier probe showed counts while the server gives no answer', async () => {
    const earlier: ProbeResult[] = [
      { rung: 'A5', outcome: 'holds', says: 'it answered', param: 'location' },
    ];
    const server = { metadata: served.meditech.statement(), search: 503 };
    const first = await (await surveyed(server)).take();
    expect(first.discovery.map(({ rung }) => rung)).to.deep.equal(['A6', 'push']);
    const later = await (await surveyed(server, earlier)).take();
    expect(later.discovery.map(({ rung }) => rung)).to.deep.equal(['A5', 'A6', 'push']);
    expect(later.probes?.map(({ outcome }) => outcome)).to.deep.equal(['unclear', 'holds']);
  });

  for (const [what, server, code] of [
    ['a server that is down', { metadata: 503 }, 'hospital-fault'],
    ['a sign-in that fails', { metadata: 401 }, 'sign-in-refused'],
    ['another FHIR', { metadata: statementOf({}, { fhirVersion: '3.0.2' }) }, 'not-fhir-r4'],
  ] as const)
    it(`throws for ${what}`, async () => {
      const { take } = await surveyed(server);
      expect((await failureOf(take())).code).to.equal(code);
    });
});

describe('survey: of servers that behave so', () => {
  withRealSockets();
  afterEach(closeAll);

  for (const [vendor, discovery, booking, result] of [
    ['generic', 'A1 A3 push', 'B3', 'C1'],
    ['epic', 'A6 push', 'B5', 'C1'],
    ['oracle-health', 'A5 A6 push', 'B5', 'C1'],
    ['meditech', 'A5 A6 push', 'B5', 'C6'],
    ['read-only', 'A1 A3 push', 'B5', 'C6'],
  ] as const)
    it(`${vendor}: ${discovery} ${booking} ${result}, within five requests`, async () => {
      const sandbox = await startSandbox({ vendor });
      try {
        const hospital = wireTo(sandbox.base);
        const one = await takeSurvey({
          client: hospital.client,
          capabilities: () => hospital.freshCapabilities(),
          override: overrideOf('auto', {}),
          given,
          now: new Date().toISOString(),
        });
        const used = [one.discovery, one.booking, one.result];
        expect(used.map((some) => some.map(({ rung }) => rung).join(' '))).to.deep.equal([
          ...[discovery, booking, result],
        ]);
        expect(hospital.exchanges.length).to.be.at.most(5);
      } finally {
        await sandbox.stop();
      }
    });
});

describe('survey: statements that others published', () => {
  const fixtures =
    process.env.MASSAGE_FHIR_FIXTURES ??
    fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));
  for (const file of [
    'subscriptions-backport/CapabilityStatement-r4-capabilitystatement-example-server.json',
    'sdoh-clinicalcare/CapabilityStatement-SDOHCC-ReferralSource.json',
    'sdoh-clinicalcare/CapabilityStatement-SDOHCC-ReferralRecipient.json',
  ])
    it(`reads ${file}`, function () {
      if (!existsSync(`${fixtures}/${file}`)) {
        console.warn(`      SKIPPED: NO FIXTURES at ${fixtures} (set MASSAGE_FHIR_FIXTURES)`);
        this.skip();
      }
      const statement = JSON.parse(readFileSync(`${fixtures}/${file}`, 'utf8'));
      const one = survey({ statement });
      // What the client part wants of others is not what this server has
      const ofServer = statement.rest
        .filter(({ mode }: { mode: string }) => mode === 'server')
        .flatMap(({ resource = [] }) => resource.map(({ type }: { type: string }) => type));
      expect(ofServer).to.not.be.empty;
      expect(Object.keys(one.statement?.types ?? {})).to.have.members(
        surveyedTypes.filter((type) => ofServer.includes(type)),
      );
    });
});
