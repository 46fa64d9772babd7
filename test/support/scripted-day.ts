/**
 * The scripted day as a suite for any FHIR R4 server: it is lived once, then each promise is proven by plain HTTP
 * against the server, never by the adapter's own word. Only what the inbox says of a refused order is asked of the
 * adapter: that is where its reason has to be.
 */

import { expect } from 'chai';
import { latestOf, versionsOf } from '../../src/store/inbox.ts';
import type { TestAdapter } from '../sync/adapter.ts';
import {
  type Lived,
  liveTheDay,
  pushed,
  refusedOrders,
  type StoryOrder,
  storyOrders,
} from './day-events.ts';
import type { DayHospital } from './day-hospital.ts';
import { type DayWay, dayWays } from './day-ways.ts';
import { searchAll, validateResource, versions } from './fhir-http.ts';
import { inWords, minutesOf } from './observation-in-words.ts';
import { type DayServer, type OpenDay, openDay } from './open-day.ts';

export interface DayOptions {
  /** The server has a `$validate` that is worth asking. */
  readonly validates?: boolean;
  readonly timeoutMs?: number;
  /** How the orders come in; by the search for all that changed if not given. */
  readonly way?: DayWay;
}

/** Declares the suite. `open` starts the server, or says what the machine lacks for it: then the suite is skipped. */
export function scriptedDay(
  title: string,
  open: () => Promise<DayServer | { readonly missing: string }>,
  { validates = false, timeoutMs = 120_000, way = dayWays.A1 }: DayOptions = {},
): void {
  describe(`the scripted day: ${title}, orders by ${way.rung}`, function () {
    this.timeout(timeoutMs);
    let server: DayServer | undefined;
    let adapter: TestAdapter | undefined;
    let hospital: DayHospital;
    let lived: Lived;
    let day: OpenDay | undefined;

    before(async function () {
      const opened = await open();
      if ('missing' in opened) {
        console.warn(`\n  !!! SKIPPED: the scripted day on ${title}. ${opened.missing}.\n`);
        return this.skip();
      }
      server = opened;
      day = await openDay(opened, way, 'us');
      ({ hospital, adapter } = day);
      lived = await liveTheDay(day);
    });
    after(async () => {
      await day?.close();
      await server?.stop();
    });

    const inbox = () => {
      if (adapter === undefined) throw new Error('The day has not begun.');
      return adapter.store.read;
    };
    const about = <R extends fhir4.FhirResource>(query: string, name: StoryOrder) =>
      searchAll<R>(hospital.base, `${query}=${hospital.order(name)}`);
    const appointments = (name: StoryOrder) =>
      about<fhir4.Appointment>('Appointment?based-on', name);
    const procedures = (name: StoryOrder) => about<fhir4.Procedure>('Procedure?based-on', name);
    const observations = (name: StoryOrder) =>
      about<fhir4.Observation>('Observation?based-on', name);
    const tasks = (name: StoryOrder) => about<fhir4.Task>('Task?focus', name);
    const onlyOne = <R>(found: readonly R[]): R => {
      expect(found).to.have.length(1);
      return found[0] as R;
    };

    it('goes through without a problem, and nothing is left to send', () => {
      for (const { state, failed, unknown, unusable, problems } of lived.reports)
        expect({ state, failed, unknown, unusable, problems }).to.deep.equal({
          ...{ state: 'complete', failed: 0, unknown: 0, unusable: 0, problems: [] },
        });
      expect(lived.reports.at(-1)).to.include({ queued: 0, sent: 0, new: 0, changed: 0 });
    });

    it('takes each order in once, by the way on which it came', async () => {
      for (const name of storyOrders) {
        const rows = await versionsOf(inbox(), 'general', 'ServiceRequest', hospital.id(name));
        const first = rows.filter((row) => row.version_id === rows[0]?.version_id);
        expect(first.map(({ via }) => via)).to.deep.equal([
          pushed.includes(name) ? 'push' : way.via,
        ]);
      }
    });

    for (const [name, [rule]] of Object.entries(refusedOrders)) {
      it(`refuses ${name} with a reason and keeps nothing of it`, async () => {
        const row = await latestOf(inbox(), 'general', 'ServiceRequest', hospital.id(name));
        expect(row).to.include({ state: 'refused', rule, body: null, referral: null });
        expect(row?.says).to.match(/\w/);
        const [own] = await searchAll<fhir4.Task>(
          hospital.base,
          `Task?focus=${hospital.order(name)}`,
        );
        expect(own?.status).to.equal(way.asksForAll ? 'requested' : undefined);
        for (const query of ['Appointment?based-on', 'Procedure?based-on'])
          expect(await searchAll(hospital.base, `${query}=${hospital.order(name)}`)).to.be.empty;
      });
    }

    it('brings the finished visit back as one Appointment and one Procedure', async () => {
      const visit = onlyOne(await appointments('finished'));
      const result = onlyOne(await procedures('finished'));
      expect(lived.underWay).to.deep.equal({ appointment: 'arrived', task: 'in-progress' });
      expect(visit.status).to.equal('fulfilled');
      expect(result.status).to.equal('completed');
      const order = [{ reference: hospital.order('finished') }];
      expect([visit.basedOn, result.basedOn]).to.deep.equal([order, order]);
      expect(result.subject.reference).to.equal(`Patient/${hospital.id('patient-finished')}`);
      expect(result.performer?.[0]?.actor.reference).to.equal('Practitioner/ana');
      expect(minutesOf(result.performedPeriod)).to.equal(35);
    });

    it('brings back what was measured and done, each as part of the Procedure', async () => {
      const result = onlyOne(await procedures('finished'));
      const parts = await observations('finished');
      for (const { partOf } of parts)
        expect(partOf).to.deep.equal([{ reference: `Procedure/${result.id}` }]);
      expect(parts.map(inWords).sort()).to.deep.equal([
        'anxiety after: missing, not-performed asleep',
        'anxiety before: 5 {score}',
        'hands-on: 30 min',
        'pain after: 2 {score}',
        'pain before: 6 {score}',
        'pause: care-team, 5 min',
        'technique-applied: gentle-touch, hand, 1',
        'technique-applied: swedish, lower back, 3',
      ]);
    });

    it('completes the hospital’s Task with the Procedure as output', async () => {
      const task = onlyOne(await tasks('finished'));
      const result = onlyOne(await procedures('finished'));
      expect(task).to.include({ id: hospital.id('task-finished'), status: 'completed' });
      const outputs = task.output?.flatMap(({ valueReference }) => valueReference?.reference ?? []);
      expect(outputs).to.deep.equal([`Procedure/${result.id}`]);
      const progress = task.output?.find(({ valueRatio }) => valueRatio)?.valueRatio;
      expect([progress?.numerator?.value, progress?.denominator?.value]).to.deep.equal([1, 1]);
    });

    it('completes the one Task of an order for which the hospital may have had none', async () => {
      const task = onlyOne(await tasks('own-task'));
      const result = onlyOne(await procedures('own-task'));
      expect(task.status).to.equal('completed');
      expect(task.owner?.reference).to.equal('Organization/massage');
      expect(task.output?.[0]?.valueReference?.reference).to.equal(`Procedure/${result.id}`);
    });

    it('keeps one Task for each order', async () => {
      for (const name of storyOrders) onlyOne(await tasks(name));
    });

    it('follows a visit that the hospital moved, as one session', async () => {
      const visit = onlyOne(await appointments('moved'));
      expect(visit.status).to.equal('booked');
      expect([visit.start, visit.end].map(instant)).to.deep.equal(lived.newTimes.moved);
      const { sessions } = await sessionsOf('moved');
      expect(sessions.map(({ state, start }) => [state, start])).to.deep.equal([
        ['booked', lived.newTimes.moved[0]],
      ]);
    });

    it('follows a visit that the hospital cancelled and booked anew, as one session', async () => {
      const [old, anew, ...more] = (await appointments('replaced')).toSorted((a, b) =>
        (a.start ?? '').localeCompare(b.start ?? ''),
      );
      expect(more).to.be.empty;
      expect([old?.status, anew?.status]).to.deep.equal(['cancelled', 'fulfilled']);
      expect([anew?.start, anew?.end].map(instant)).to.deep.equal(lived.newTimes.replaced);
      expect(onlyOne(await procedures('replaced')).status).to.equal('completed');
      expect((await sessionsOf('replaced')).sessions).to.have.length(1);
    });

    it('says why the patient who slept was not treated', async () => {
      const visit = onlyOne(await appointments('asleep'));
      const result = onlyOne(await procedures('asleep'));
      expect([visit.status, result.status]).to.deep.equal(['cancelled', 'not-done']);
      expect(result.statusReason?.text).to.equal('Patient asleep');
      expect(await observations('asleep')).to.be.empty;
      expect(onlyOne(await tasks('asleep')).status).to.equal('accepted');
    });

    it('rejects the Task of the declined order with the reason, and books nothing', async () => {
      const task = onlyOne(await tasks('declined'));
      expect(task.status).to.equal('rejected');
      expect(task.statusReason?.text).to.equal('No therapist is trained for this.');
      expect(await appointments('declined')).to.be.empty;
      expect(await procedures('declined')).to.be.empty;
    });

    it('cancels the visit and the Task of the order that was revoked before it', async () => {
      expect(onlyOne(await appointments('revoked')).status).to.equal('cancelled');
      expect(onlyOne(await tasks('revoked')).status).to.equal('cancelled');
      expect(await procedures('revoked')).to.be.empty;
    });

    it('mirrors the hospital’s hold and its end', () => {
      expect(lived.heldTask).to.deep.equal(['accepted', 'on-hold', 'accepted']);
    });

    it('never writes an order', async () => {
      expect(await versions(hospital.base, 'ServiceRequest')).to.deep.equal({
        ...lived.foreignOrders,
        ...hospital.orderVersions,
      });
    });

    it('adds no version to anything while nothing happens', () => {
      const types = new Set(Object.keys(lived.idle.before).map((one) => one.split('/')[0]));
      for (const type of ['ServiceRequest', 'Task', 'Appointment', 'Procedure', 'Observation'])
        expect(types).to.include(type);
      expect(lived.idle.after).to.deep.equal(lived.idle.before);
    });

    if (validates)
      it('has written nothing that the server’s own validator holds an error against', async () => {
        const broken = { resourceType: 'Procedure' } as fhir4.Procedure;
        expect(await validateResource(hospital.base, broken), 'a fault that is there').not.to.be
          .empty;
        const faults: string[] = [];
        const types = new Set<string>();
        for (const name of storyOrders)
          for (const find of [appointments, procedures, observations, tasks])
            for (const resource of await find(name)) {
              types.add(resource.resourceType);
              for (const issue of await validateResource(hospital.base, resource))
                faults.push(`${resource.resourceType} of ${name}: ${issue.diagnostics}`);
            }
        expect(faults).to.deep.equal([]);
        expect([...types]).to.have.members(['Appointment', 'Procedure', 'Observation', 'Task']);
      });

    async function sessionsOf(name: StoryOrder) {
      if (adapter === undefined) throw new Error('The day has not begun.');
      return adapter.of(hospital.order(name));
    }
  });
}

/** Servers may spell an instant in another zone, and without milliseconds. */
function instant(text: string | undefined): string {
  return new Date(text ?? '').toISOString();
}
