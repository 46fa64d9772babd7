/** Every fault that a server can cause when something is written: one Appointment, one Procedure, and what a person is told. */
import { expect } from 'chai';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { type OneOrder, openOneOrder, visit } from '../one-order.ts';

interface WriteRow {
  readonly quirk: string;
  readonly when: string;
  readonly fault: Fault;
  /** Kinds of work that people have in the end. */
  readonly work?: readonly string[];
  /** `Appointment.status` in the end. */
  readonly appointment?: string;
}

const rows: readonly WriteRow[] = [
  ...(['bare', 'weak', 'mandatory', 'ignored'] as const).map(
    (wants): WriteRow => ({
      quirk: 'Q16',
      when: `If-Match is ${wants}`,
      fault: { do: 'if-match', wants, always: true },
    }),
  ),
  {
    quirk: 'Q17',
    when: 'a stale version is answered with 409',
    fault: { do: 'stale-409', always: true },
  },
  ...(['zero', 'odd'] as const).map(
    (as): WriteRow => ({
      quirk: 'Q18',
      when: `versions are ${as}`,
      fault: { do: 'version-names', as, always: true },
    }),
  ),
  {
    quirk: 'Q19',
    when: 'a write is answered with an empty page of HTML',
    fault: { do: 'empty-answer', type: 'text/html', always: true },
  },
  {
    quirk: 'Q20',
    when: 'elements of what is created are left out',
    fault: { do: 'drop-elements', names: ['note', 'reasonCode', 'bodySite'], always: true },
  },
  {
    quirk: 'Q34',
    when: 'a write is found by searches only later',
    fault: { do: 'index-lag', requests: 3, always: true },
  },
  { quirk: 'Q23', when: 'nothing has meta or an ETag', fault: { do: 'no-meta', always: true } },
];

describe('what goes wrong at a server when something is written', function () {
  this.timeout(30_000);

  for (const { quirk, when, fault, work = [], appointment = 'fulfilled' } of rows)
    it(`${quirk}: ${when}`, async () => {
      const one: OneOrder = await openOneOrder();
      const { hospital, adapter } = one;
      try {
        hospital.faults.add(fault);
        const { id, session } = await one.booked();
        await adapter.session(session, { type: 'move', ...visit(90) });
        await adapter.poll();
        await adapter.session(session, { type: 'start' });
        await adapter.poll();
        await adapter.session(session, { type: 'finish', scores: [], techniques: [] });
        await adapter.poll();
        await adapter.referral(id, { type: 'complete' });
        for (let run = 0; run < 4; run += 1) {
          one.pass(30 * 60_000);
          await adapter.poll();
        }
        expect(await one.work()).to.deep.equal(work);
        expect(hospital.all('Appointment').map(({ status }) => status)).to.deep.equal([
          appointment,
        ]);
        expect(hospital.all('Procedure').map(({ status }) => status)).to.deep.equal(['completed']);
        expect(hospital.all('Task').map(({ status }) => status)).to.deep.equal(['completed']);
        const report = await adapter.poll();
        expect(report).to.include({ state: 'complete', queued: 0, sent: 0, unknown: 0 });
      } finally {
        await one.stop();
      }
    });
});
