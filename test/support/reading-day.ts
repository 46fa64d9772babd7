/**
 * The scripted day as a hospital’s own door lets us see it: it books, moves and cancels the visits itself, and we read. What
 * came in is proven, by whatever way the orders came; what may be written there is a matter of its own.
 */
import { expect } from 'chai';
import { latestOf, versionsOf } from '../../src/store/inbox.ts';
import { type Lived, liveTheDay, pushed, refusedOrders, storyOrders } from './day-events.ts';
import type { DayWay } from './day-ways.ts';
import { versions } from './fhir-http.ts';
import { type DayServer, type OpenDay, openDay } from './open-day.ts';

export function readingDay(title: string, open: () => Promise<DayServer>, way: DayWay): void {
  describe(`the scripted day, read: ${title}, orders by ${way.rung}`, function () {
    this.timeout(120_000);
    let server: DayServer;
    let day: OpenDay;
    let lived: Lived;

    before(async () => {
      server = await open();
      day = await openDay(
        server,
        { ...way, settings: `${way.settings}    write: off\n` },
        'hospital',
      );
      lived = await liveTheDay(day);
    });
    after(async () => {
      await day?.close();
      await server?.stop();
    });

    const of = (name: string) => day.adapter.of(day.hospital.order(name));
    const sessionsOf = async (name: string) =>
      (await of(name)).sessions.map(({ state, start }) => [state, start]);

    it('goes through without a problem', () => {
      for (const { state, unusable, problems } of lived.reports) {
        // Which types of a record are shown is the server’s own affair, and said.
        const others = problems.filter(({ says }) => !says.startsWith('facts on file: '));
        expect({ state, unusable, others }).to.deep.equal({
          ...{ state: 'complete', unusable: 0, others: [] },
        });
      }
      expect(lived.reports.at(-1)).to.include({ new: 0, changed: 0 });
    });

    it('takes each order in once, by the way on which it came', async () => {
      const { hospital, adapter } = day;
      for (const name of storyOrders) {
        const [first] = await versionsOf(
          adapter.store.read,
          'general',
          'ServiceRequest',
          hospital.id(name),
        );
        expect(first?.via).to.equal(pushed.includes(name) ? 'push' : way.via);
      }
      expect(await adapter.referrals()).to.have.length(storyOrders.length);
    });

    for (const [name, [rule]] of Object.entries(refusedOrders))
      it(`refuses ${name} with a reason and keeps nothing of it`, async () => {
        const { hospital, adapter } = day;
        const row = await latestOf(
          adapter.store.read,
          'general',
          'ServiceRequest',
          hospital.id(name),
        );
        expect(row).to.include({ state: 'refused', rule, body: null, referral: null });
      });

    it('follows the visits that the hospital booked, moved and booked anew, each as one session', async () => {
      expect(await sessionsOf('finished')).to.have.length(1);
      expect(await sessionsOf('moved')).to.deep.equal([['booked', lived.newTimes.moved[0]]]);
      expect(await sessionsOf('replaced')).to.deep.equal([
        ['finished', lived.newTimes.replaced[0]],
      ]);
    });

    it('knows of whom each order is, and where', async () => {
      for (const name of storyOrders) {
        const { care } = (await of(name)).referral;
        expect(care.patient.name, name).to.contain(`Abernethy-${name}`);
        expect(care.patient.reference).to.equal(`Patient/${day.hospital.id(`patient-${name}`)}`);
        expect(care.place ?? care.location).to.contain('Ward 5');
      }
    });

    it('hears that an order was revoked, put on hold and resumed', async () => {
      expect((await of('revoked')).referral.state).to.equal('cancelled');
      expect((await of('held')).referral.state).to.equal('accepted');
      const events = day.adapter.signals.flatMap(({ name, data }) =>
        name === 'referral:changed' && 'events' in data ? data.events : [],
      );
      expect(events).to.include.members(['held', 'resumed']);
    });

    it('never writes an order', async () => {
      expect(await versions(day.hospital.base, 'ServiceRequest')).to.deep.equal({
        ...lived.foreignOrders,
        ...day.hospital.orderVersions,
      });
    });

    it('adds no version to anything', () => {
      expect(lived.idle.after).to.deep.equal(lived.idle.before);
    });
  });
}
