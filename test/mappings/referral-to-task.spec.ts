/** What we tell the hospital on its Task, and that we touch nothing else of it (invariant I4). */
import { expect } from 'chai';
import fc from 'fast-check';
import { sameTask, type TaskGiven, writeTask } from '../../mappings/referral-to-task.ts';
import type { Episode } from '../../src/core/episode.ts';
import type { ReferralState } from '../../src/core/referral.ts';
import type { SessionState } from '../../src/core/session.ts';
import { type DialectName, taskDialects } from '../../src/core/task-dialects.ts';
import { episode, instant, referral, session } from './arbitraries.ts';

const organization = 'Organization/massage';
const dialects = Object.keys(taskDialects) as DialectName[];
const given: TaskGiven = { organization, outputs: [], lastModified: instant(60) };

const requested: fhir4.Task = {
  resourceType: 'Task',
  id: 't1',
  status: 'requested',
  intent: 'order',
  focus: { reference: 'ServiceRequest/o1' },
  for: { reference: 'Patient/p1' },
  authoredOn: instant(-30),
  owner: { reference: organization },
};

const [anyReferral] = fc.sample(referral(['accepted']), { numRuns: 1, seed: 1 });
const [anySession] = fc.sample(session(['booked']), { numRuns: 1, seed: 1 });

interface Now {
  readonly state: ReferralState;
  readonly started?: boolean;
  readonly sessions?: readonly SessionState[];
  readonly visits?: number;
  readonly heldFrom?: ReferralState;
  readonly reason?: string;
}

function episodeOf({
  state,
  started = false,
  sessions = [],
  visits,
  heldFrom,
  reason,
}: Now): Episode {
  if (anyReferral === undefined || anySession === undefined) throw new Error('no sample');
  return {
    referral: {
      ...anyReferral,
      state,
      started,
      reason,
      care: { ...anyReferral.care, visits },
      held: heldFrom && { from: heldFrom, by: 'service' },
    },
    sessions: sessions.map((one, index) => ({
      ...anySession,
      id: `s${index}`,
      state: one,
      start: instant(index * 100),
    })),
  };
}

const says = (now: Now, dialect: DialectName = 'core', more: Partial<TaskGiven> = {}) =>
  writeTask(episodeOf(now), dialect, { ...given, previous: requested, ...more }).value;

const businessStatus = (task: fhir4.Task) => task.businessStatus?.coding?.at(-1)?.code;

describe('referral to Task: status', () => {
  const rows: readonly (readonly [Now, Partial<Record<DialectName, string>> & { core: string }])[] =
    [
      [{ state: 'requested' }, { core: 'received', sdohcc: 'requested' }],
      [{ state: 'accepted' }, { core: 'accepted' }],
      [
        { state: 'scheduled', sessions: ['booked'] },
        { core: 'accepted', bser: 'in-progress' },
      ],
      [{ state: 'in-series', started: true }, { core: 'in-progress' }],
      [
        { state: 'on-hold', heldFrom: 'accepted' },
        { core: 'on-hold', cow: 'accepted', bser: 'accepted' },
      ],
      [
        { state: 'on-hold', heldFrom: 'scheduled' },
        { core: 'on-hold', cow: 'accepted', bser: 'in-progress' },
      ],
      [
        { state: 'on-hold', heldFrom: 'requested' },
        { core: 'on-hold', cow: 'received', bser: 'received' },
      ],
      [
        { state: 'on-hold', heldFrom: 'in-series', started: true },
        { core: 'on-hold', bser: 'in-progress' },
      ],
      [{ state: 'cancellation-requested', started: true }, { core: 'in-progress' }],
      [{ state: 'declined' }, { core: 'rejected' }],
      [{ state: 'completed', started: true }, { core: 'completed' }],
      [
        { state: 'failed', started: true },
        { core: 'failed', bser: 'rejected' },
      ],
      [{ state: 'cancelled' }, { core: 'cancelled' }],
      [
        { state: 'cancelled', started: true },
        { core: 'failed', sdohcc: 'cancelled', bser: 'cancelled' },
      ],
      [{ state: 'superseded' }, { core: 'cancelled' }],
      [
        { state: 'superseded', started: true },
        { core: 'failed', sdohcc: 'cancelled', bser: 'cancelled' },
      ],
      [{ state: 'closed-by-hospital' }, { core: 'cancelled' }],
      [
        { state: 'closed-by-hospital', started: true },
        { core: 'failed', sdohcc: 'cancelled', bser: 'cancelled' },
      ],
    ];
  for (const [now, expected] of rows) {
    const when = [now.heldFrom && `from ${now.heldFrom}`, now.started && 'started'].filter(Boolean);
    it(`${[now.state, ...when].join(', ')} is ${Object.values(expected).join(' or ')} by dialect`, () => {
      for (const dialect of dialects)
        expect(says(now, dialect).status, dialect).to.equal(expected[dialect] ?? expected.core);
    });
  }

  it('is completed when the hospital closes an order that has a result', () => {
    const outputs = [{ reference: 'Procedure/1' }];
    const now = { state: 'closed-by-hospital', started: true } as const;
    expect(says(now, 'core', { outputs }).status).to.equal('completed');
  });

  it('does not go back when a visit falls away', () => {
    const previous: fhir4.Task = { ...requested, status: 'in-progress' };
    const now = { state: 'accepted', sessions: ['no-show'] } as const;
    const task = says(now, 'bser', { previous });
    expect(task.status).to.equal('in-progress');
    expect(businessStatus(task)).to.equal('visit-missed');
  });

  it('comes back out of a hold', () => {
    const previous: fhir4.Task = { ...requested, status: 'on-hold', statusReason: { text: 'x' } };
    const task = says({ state: 'accepted' }, 'core', { previous });
    expect(task.status).to.equal('accepted');
    expect(task).not.to.have.property('statusReason');
  });
});

describe('referral to Task: reasons and businessStatus', () => {
  it('says why it is rejected, cancelled, on hold or failed, always in words', () => {
    fc.assert(
      fc.property(episode, fc.constantFrom(...dialects), (one, dialect) => {
        const { status, statusReason } = writeTask(one, dialect, given).value;
        if (['rejected', 'cancelled', 'on-hold', 'failed'].includes(status))
          expect(statusReason?.text).to.be.a('string').and.not.equal('');
        else expect(statusReason).to.equal(undefined);
      }),
    );
  });

  it('leaves the hospital’s words for its own cancellation', () => {
    const previous: fhir4.Task = {
      ...requested,
      status: 'cancelled',
      statusReason: { text: 'Twice' },
    };
    const task = says({ state: 'cancelled', reason: 'order revoked' }, 'core', { previous });
    expect(task.statusReason).to.deep.equal({ text: 'Twice' });
  });

  const rows: readonly (readonly [Now, string | undefined])[] = [
    [{ state: 'accepted' }, 'to-be-scheduled'],
    [{ state: 'scheduled', sessions: ['booked'] }, 'visit-scheduled'],
    [{ state: 'in-series', sessions: ['finished', 'paused'] }, 'visit-under-way'],
    [{ state: 'in-series', sessions: ['finished'] }, 'visit-complete'],
    [{ state: 'in-series', sessions: ['finished', 'no-show'] }, 'visit-missed'],
    [{ state: 'in-series', sessions: ['finished', 'not-done'] }, 'visit-cancelled'],
    [{ state: 'in-series', sessions: ['no-show', 'planned'] }, 'visit-scheduled'],
    [{ state: 'on-hold' }, 'on-hold'],
    [{ state: 'cancellation-requested' }, 'cancellation-requested'],
    [{ state: 'completed' }, 'visit-complete'],
    [{ state: 'cancelled', started: true }, 'cancelled-as-requested'],
    [{ state: 'cancelled' }, undefined],
    [{ state: 'declined' }, undefined],
  ];
  for (const [now, code] of rows) {
    it(`${now.state} with ${now.sessions?.join(', ') ?? 'no visits'} is ${code ?? 'none'}`, () => {
      expect(businessStatus(says(now))).to.equal(code);
    });
  }

  it('writes the code of the guide before ours, where the guide has one', () => {
    const codes = (dialect: DialectName, visit: SessionState) =>
      says({ state: 'in-series', sessions: [visit] }, dialect).businessStatus?.coding?.map(
        ({ system, code }) => [new URL(system ?? '').pathname.split('/').at(-1), code],
      );
    expect(codes('core', 'no-show')).to.deep.equal([['business-status', 'visit-missed']]);
    expect(codes('cow', 'no-show')).to.deep.equal([['business-status', 'visit-missed']]);
    expect(codes('bser', 'no-show')).to.deep.equal([
      ['TaskBusinessStatusCS', '5.1.2'],
      ['business-status', 'visit-missed'],
    ]);
    expect(codes('cow', 'booked')).to.deep.equal([
      ['temp', 'visit-scheduled'],
      ['business-status', 'visit-scheduled'],
    ]);
  });

  it('clears an old businessStatus once we have answered, and not before', () => {
    const previous: fhir4.Task = { ...requested, businessStatus: { text: 'Queued' } };
    expect(says({ state: 'requested' }, 'core', { previous }).businessStatus?.text).to.equal(
      'Queued',
    );
    expect(says({ state: 'declined' }, 'core', { previous })).not.to.have.property(
      'businessStatus',
    );
    const kept = says({ state: 'declined' }, 'sdohcc', { previous });
    expect(kept.businessStatus).to.deep.equal({ text: 'Queued' });
  });
});

describe('referral to Task: output', () => {
  const outputs = [
    { reference: 'Procedure/1', display: '2026-03-02' },
    { reference: 'Procedure/2', display: '2026-03-05' },
  ];
  const inSeries = {
    state: 'in-series',
    started: true,
    sessions: ['finished', 'stopped'],
  } as const;

  it('lists each Procedure once and counts the sessions, also when it is written again', () => {
    const first = says({ ...inSeries, visits: 8 }, 'core', { outputs });
    const again = says({ ...inSeries, visits: 8 }, 'core', { outputs, previous: first });
    expect(first.output?.map((one) => one.valueReference?.reference)).to.deep.equal([
      ...['Procedure/1', 'Procedure/2', undefined],
    ]);
    expect(first.output?.[2]?.valueRatio?.numerator?.value).to.equal(2);
    expect(first.output?.[2]?.valueRatio?.denominator?.value).to.equal(8);
    expect(again).to.deep.equal(first);
  });

  it('takes a result that the hospital lists by its full address for the same', () => {
    const theirs = {
      type: { text: 'Result' },
      valueReference: { reference: 'https://fhir.hospital.example/r4/Procedure/1/_history/2' },
    };
    const previous = { ...requested, output: [theirs] };
    const task = says(inSeries, 'core', { outputs, previous });
    expect(task.output?.map((one) => one.valueReference?.reference)).to.deep.equal([
      ...[theirs.valueReference.reference, 'Procedure/2'],
    ]);
  });

  it('brings the count up to date in its place, and takes it back when nobody knows how many', () => {
    const first = says({ ...inSeries, visits: 8 }, 'core', { outputs: outputs.slice(0, 1) });
    const more = says({ ...inSeries, visits: 10 }, 'core', { outputs, previous: first });
    expect(more.output?.map((one) => one.valueRatio?.denominator?.value)).to.deep.equal([
      ...[undefined, 10, undefined],
    ]);
    const unknown = says(inSeries, 'core', { outputs, previous: more });
    expect(unknown.output?.every((one) => one.valueRatio === undefined)).to.equal(true);
  });

  it('has no output before there is something to show', () => {
    expect(says({ state: 'accepted', visits: 8 })).not.to.have.property('output');
  });
});

describe('referral to Task: what is not ours', () => {
  const changing = ['status', 'statusReason', 'businessStatus', 'output', 'lastModified', 'owner'];
  const status = fc.constantFrom<fhir4.Task['status']>(
    ...(['requested', 'received', 'accepted', 'in-progress', 'on-hold', 'draft', 'ready'] as const),
    ...(['completed', 'cancelled', 'failed', 'rejected', 'entered-in-error'] as const),
  );
  /** A Task with anything at all in it, known to FHIR or not. */
  const theirs = fc
    .record({
      anything: fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()),
      status,
      output: fc.option(fc.array(fc.jsonValue()), { nil: undefined }),
      owned: fc.boolean(),
    })
    .map(({ anything, output, owned, ...rest }) => {
      const task = { ...anything, ...requested, ...rest, ...(output && { output }) };
      if (!owned) delete task.owner;
      // the point is a Task that need not be valid
      return task as fhir4.Task;
    });

  it('stays as it was: only what the fulfiller may change does', () => {
    fc.assert(
      fc.property(theirs, episode, fc.constantFrom(...dialects), (previous, one, dialect) => {
        const before = structuredClone(previous);
        const outputs = [{ reference: 'Procedure/new' }];
        const { value } = writeTask(one, dialect, { ...given, outputs, previous });
        expect(without(value, changing)).to.deep.equal(without(before, changing));
        expect(previous).to.deep.equal(before);
        if (before.owner !== undefined) expect(value.owner).to.deep.equal(before.owner);
        expect(value.output ?? []).to.deep.include.members(before.output ?? []);
        if (!taskDialects[dialect].businessStatus)
          expect(value.businessStatus).to.deep.equal(before.businessStatus);
      }),
    );
  });

  it('is left alone when it has ended otherwise, is a draft, or belongs to somebody else', () => {
    const cases: readonly [Partial<fhir4.Task>, string][] = [
      [{ status: 'cancelled' }, 'Task.status'],
      [{ status: 'entered-in-error' }, 'Task.status'],
      [{ status: 'draft' }, 'Task.status'],
      [{ owner: { reference: 'Organization/other' } }, 'Task.owner'],
      [{ owner: { identifier: { value: 'somebody' } } }, 'Task.owner'],
    ];
    for (const [more, path] of cases) {
      const previous = { ...requested, ...more };
      const { value, flags } = writeTask(episodeOf({ state: 'accepted' }), 'core', {
        ...given,
        previous,
      });
      expect(value).to.equal(previous);
      expect(flags.map((flag) => flag.path)).to.deep.equal([path]);
    }
  });

  it('is claimed when nobody owns it, and recognised by our full address', () => {
    const { owner: _, ...unowned } = requested;
    expect(says({ state: 'accepted' }, 'core', { previous: unowned }).owner).to.deep.equal({
      reference: organization,
    });
    const owner = { reference: `https://fhir.hospital.example/r4/${organization}` };
    const task = says({ state: 'accepted' }, 'core', { previous: { ...requested, owner } });
    expect([task.status, task.owner]).to.deep.equal(['accepted', owner]);
  });

  it('is never modified before it was authored', () => {
    const previous = { ...requested, authoredOn: instant(500) };
    expect(says({ state: 'accepted' }, 'core', { previous }).lastModified).to.equal(instant(500));
  });

  function without(task: object, names: readonly string[]): object {
    return Object.fromEntries(Object.entries(task).filter(([name]) => !names.includes(name)));
  }
});

describe('sameTask', () => {
  it('is true for a Task that is written again unchanged, whatever the clock says', () => {
    fc.assert(
      fc.property(episode, fc.constantFrom(...dialects), (one, dialect) => {
        const previous = writeTask(one, dialect, given).value;
        const again = writeTask(one, dialect, {
          ...given,
          previous: { ...previous, meta: { versionId: '2' } },
          lastModified: instant(90),
        }).value;
        expect(sameTask(previous, again)).to.equal(true);
      }),
    );
  });

  it('is false when the status differs', () => {
    const [one, other] = [says({ state: 'accepted' }), says({ state: 'declined' })];
    expect(sameTask(one, other)).to.equal(false);
  });
});
