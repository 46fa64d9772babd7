/** What a survey finds on servers that others wrote: nothing was arranged between them and our records of products. */
import { expect } from 'chai';
import { takeSurvey } from '../../src/hospital/survey/take-survey.ts';
import { overrideOf, type Survey } from '../../src/hospital/survey.ts';
import { closeAll, wireTo, withRealSockets } from '../hospital/wire.ts';
import { hapiOfThisRun } from '../support/hapi-of-this-run.ts';
import { startMedplum } from '../support/medplum-server.ts';

for (const [name, vendor, start] of [
  ['HAPI FHIR', 'hapi', hapiOfThisRun],
  ['MemoryRepository of @medplum/fhir-router', 'medplum', startMedplum],
] as const)
  describe(`survey: of ${name}`, () => {
    withRealSockets();
    afterEach(closeAll);

    it('recognises it, proves its searches, and finds the best way of each', async function () {
      this.timeout(300_000);
      const server = await start();
      if ('missing' in server) {
        console.warn(`      SKIPPED: ${server.missing}`);
        return this.skip();
      }
      try {
        const hospital = wireTo(server.base);
        const survey: Survey = await takeSurvey({
          client: hospital.client,
          capabilities: () => hospital.freshCapabilities(),
          override: overrideOf('auto', {}),
          given: {
            organization: 'Organization/massage',
            locations: ['Location/massage'],
            practitioners: [],
            roster: true,
            folder: false,
            push: false,
          },
          now: new Date().toISOString(),
        });
        expect(survey.vendor.name).to.equal(vendor);
        expect(survey.discovery.map(({ rung, by }) => `${rung} ${by}`)).to.deep.equal([
          ...['A1 probe', 'A3 statement'],
        ]);
        const writing = [survey.booking, survey.result, survey.once, survey.update].flat();
        expect(writing.map(({ rung }) => rung).join(' ')).to.equal('B3 C1 D1 E1');
        expect(hospital.exchanges.length).to.be.at.most(5);
      } finally {
        await server.stop();
      }
    });
  });
