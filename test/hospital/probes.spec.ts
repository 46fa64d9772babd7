/** Cheap questions to a server, over real sockets: what each answer means for the rung, and how few they are. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { Capabilities } from '../../src/hospital/capabilities.ts';
import { readCapabilities } from '../../src/hospital/capabilities.ts';
import { probe } from '../../src/hospital/probes.ts';
import type { SurveyGiven } from '../../src/hospital/rungs.ts';
import { habitsOf } from '../../src/hospital/survey/habits.ts';
import type { ProbeResult } from '../../src/hospital/survey.ts';
import { overrideOf } from '../../src/hospital/survey.ts';
import type { VendorName } from '../../src/hospital/vendors/vendor.ts';
import { vendors } from '../../src/hospital/vendors/vendors.ts';
import { served, statementOf } from './statements.ts';
import {
  closeAll,
  listening,
  order,
  searchset,
  sendJson,
  wireTo,
  withRealSockets,
} from './wire.ts';

const now = '2026-03-02T09:30:00.500Z';
const ours: SurveyGiven = {
  locations: ['Location/massage', 'Location/second'],
  practitioners: ['Practitioner/ana'],
  roster: false,
  folder: false,
  push: false,
};

interface Asking {
  readonly vendor?: VendorName;
  readonly statement?: fhir4.CapabilityStatement;
  readonly given?: SurveyGiven;
  readonly discovery?: 'A6';
}

type Answering = (request: URL, response: ServerResponse) => void;

describe('probes', () => {
  withRealSockets();
  afterEach(closeAll);

  async function ask(
    answer: Answering,
    { vendor = 'generic', statement, given = ours, discovery }: Asking = {},
  ): Promise<{ results: readonly ProbeResult[]; asked: URL[] }> {
    const asked: URL[] = [];
    const { origin } = await listening((request: IncomingMessage, response) => {
      const url = new URL(request.url ?? '', 'http://hospital.invalid');
      asked.push(url);
      answer(url, response);
    });
    const capabilities: Capabilities = readCapabilities(statement ?? served.aidbox.statement());
    const results = await probe({
      client: wireTo(`${origin}/r4`).client,
      capabilities,
      vendor: vendors[vendor],
      searches: habitsOf(vendors[vendor], capabilities),
      override: overrideOf(vendor, discovery === undefined ? {} : { discovery }),
      given,
      now,
    });
    return { results, asked };
  }

  const self = (url: URL, without?: string) => {
    const params = new URLSearchParams(url.searchParams);
    if (without !== undefined) params.delete(without);
    return { link: [{ relation: 'self', url: `http://hospital.invalid/r4/x?${params}` }] };
  };
  const shows =
    (resources: readonly fhir4.FhirResource[]): Answering =>
    (url, response) =>
      sendJson(response, 200, searchset(resources, self(url)));
  const issue = (severity: 'warning' | 'information' | 'error', code: string, own?: string) =>
    ({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity,
          code,
          ...(own && { details: { coding: [{ system: 'urn:oid:1.2', code: own }] } }),
        },
      ],
    }) as fhir4.OperationOutcome;

  it('asks for one change of the last hour, and is content with it', async () => {
    const { results, asked } = await ask(shows([order('1', '2026-03-02T09:10:00Z')]));
    expect(asked).to.have.length(1);
    const [url] = asked;
    expect(url?.pathname).to.equal('/r4/ServiceRequest');
    expect([...(url?.searchParams ?? [])]).to.deep.equal([
      ['_lastUpdated', 'ge2026-03-02T08:30:00Z'],
      ['_lastUpdated', 'lt2026-03-02T09:30:00Z'],
      ['_count', '1'],
    ]);
    expect(results).to.deep.equal([
      {
        rung: 'A1',
        outcome: 'holds',
        says: 'ServiceRequest by _lastUpdated: the server answered it',
      },
    ]);
  });

  it('takes an empty answer, and one without meta, for an answer', async () => {
    for (const resources of [[], [order('1')]]) {
      const { results } = await ask(shows(resources));
      expect(results.map(({ outcome }) => outcome)).to.deep.equal(['holds']);
    }
  });

  for (const [what, answer, says] of [
    [
      '403',
      (_url, response) => sendJson(response, 403, issue('error', 'forbidden')),
      'it was refused (not-allowed, 403)',
    ],
    [
      '400 in plain text',
      (_url, response) => {
        response.writeHead(400, { 'content-type': 'text/plain' });
        response.end('no supported search parameters provided');
      },
      'it was refused (hospital-refused, 400)',
    ],
    [
      'a self link without the parameter',
      (url, response) => sendJson(response, 200, searchset([], self(url, '_lastUpdated'))),
      'the server ignores _lastUpdated',
    ],
    [
      'an entry from outside the window',
      (url, response) =>
        sendJson(response, 200, searchset([order('1', '2020-01-01T00:00:00Z')], self(url))),
      'the server shows what was not asked for',
    ],
  ] as readonly (readonly [string, Answering, string])[])
    it(`a rung fails by ${what}`, async () => {
      const { results } = await ask(answer, {
        given: { ...ours, locations: [], practitioners: [] },
      });
      expect(results).to.have.length(1);
      expect(results[0]).to.include({ rung: 'A1', outcome: 'fails' });
      expect(results[0]?.says).to.contain(says);
    });

  for (const [what, answer] of [
    ['503', (_url, response) => sendJson(response, 503, issue('error', 'transient'))],
    ['401', (_url, response) => sendJson(response, 401, issue('error', 'login'))],
    [
      'a page for people',
      (_url, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
    [
      'a warning that something was suppressed',
      (url, response) =>
        sendJson(response, 200, searchset([issue('warning', 'suppressed')], self(url))),
    ],
    [
      'a warning that nobody knows',
      (url, response) =>
        sendJson(response, 200, searchset([issue('warning', 'business-rule', '99')], self(url))),
    ],
  ] as readonly (readonly [string, Answering])[])
    it(`${what} says nothing of a rung`, async () => {
      const { results } = await ask(answer);
      expect(results.map(({ outcome }) => outcome)).to.deep.equal(['unclear']);
    });

  it('an information that nothing was found is an answer', async () => {
    const { results } = await ask((url, response) =>
      sendJson(response, 200, searchset([issue('information', 'not-found')], self(url))),
    );
    expect(results[0]?.outcome).to.equal('holds');
  });

  const visit = (actor: string) =>
    ({
      resourceType: 'Appointment',
      id: '1',
      status: 'booked',
      participant: [{ status: 'accepted', actor: { reference: actor } }],
    }) as fhir4.Appointment;

  it('asks for one calendar of each kind where changes cannot be searched', async () => {
    const { results, asked } = await ask(
      (url, response) =>
        url.searchParams.has('location')
          ? shows([visit('Location/massage')])(url, response)
          : sendJson(response, 403, issue('error', 'forbidden')),
      { vendor: 'epic', statement: served.epic.statement() },
    );
    expect(asked.map(({ pathname }) => pathname)).to.deep.equal([
      ...['/r4/Appointment', '/r4/Appointment'],
    ]);
    expect([...(asked[0]?.searchParams ?? [])]).to.deep.equal([
      ['location', 'Location/massage'],
      ['service-category', 'appointment'],
      ['date', 'ge2026-03-02T00:00:00Z'],
      ['date', 'lt2026-03-03T00:00:00Z'],
      ['_count', '1'],
    ]);
    expect(results.map(({ rung, outcome, param }) => [rung, outcome, param])).to.deep.equal([
      ['A5', 'holds', 'location'],
      ['A5', 'fails', 'practitioner'],
    ]);
  });

  it('a calendar that shows somebody else’s visits is not ours', async () => {
    const { results } = await ask(shows([visit('Location/other')]), {
      vendor: 'epic',
      statement: served.epic.statement(),
      given: { ...ours, practitioners: [] },
    });
    expect(results[0]).to.include({ rung: 'A5', outcome: 'fails' });
  });

  for (const [own, outcome] of [
    ['59204', 'unclear'],
    ['4111', 'fails'],
    ['4127', 'holds'],
    ['4101', 'holds'],
    ['12345', 'unclear'],
  ] as const)
    it(`knows Epic’s warning ${own}: ${outcome}`, async () => {
      const { results } = await ask(
        (url, response) =>
          sendJson(response, 200, searchset([issue('warning', 'processing', own)], self(url))),
        {
          vendor: 'epic',
          statement: served.epic.statement(),
          given: { ...ours, practitioners: [] },
        },
      );
      expect(results.map((one) => one.outcome)).to.deep.equal([outcome]);
    });

  it('asks what was refused in one way in the next, three requests in all', async () => {
    const { results, asked } = await ask((_url, response) =>
      sendJson(response, 403, issue('error', 'forbidden')),
    );
    expect(asked).to.have.length(3);
    expect(results.map(({ rung }) => rung)).to.deep.equal(['A1', 'A5', 'A5']);
  });

  it('asks nothing that statement, record or settings have decided', async () => {
    const never: Answering = () => expect.fail('asked');
    const { base: _base, statement } = served.oracle;
    const given = { ...ours, locations: [], practitioners: [] };
    for (const asking of [
      { vendor: 'oracle-health', statement: statement(), given },
      { vendor: 'athenahealth', statement: served.athenahealth.statement() },
      { statement: statementOf({ Patient: ['R S'] }) },
      { discovery: 'A6' },
    ] as const)
      expect((await ask(never, asking)).results).to.deep.equal([]);
  });

  it('uses the window and the page size that the product takes', async () => {
    const { asked } = await ask(shows([]), {
      vendor: 'nextgen',
      statement: served.nextgen.statement(),
    });
    expect(asked[0]?.searchParams.get('_maxresults')).to.equal('1');
    expect(asked[0]?.searchParams.has('_count')).to.equal(false);
  });
});
