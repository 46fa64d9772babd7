/**
 * The outbox worker of one hospital. It takes the earliest due intention of each referral, carries it out and settles it
 * together with what was learned. Be careful with what may throw here: an intention that was taken must end settled, put
 * back, or left under a lease that expires; then the next taker knows that its answer is unclear.
 */
import { AdapterError, asAdapterError } from '../../core/errors.ts';
import { canonicalHash } from '../../fhir/canonical-hash.ts';
import { allows } from '../../hospital/capabilities.ts';
import { episodeOf } from '../../store/episodes.ts';
import { linksOf, putLink } from '../../store/links.ts';
import {
  type IntentionRow,
  outboxCounts,
  renewLease,
  retryLater,
  settleIntention,
  takeDue,
} from '../../store/outbox.ts';
import { openWork } from '../../store/work.ts';
import { noteWritten, storeArrivals } from '../arrivals.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import { announce, followChange } from '../inbound/effects.ts';
import { applyPending } from '../inbound/inbound.ts';
import { noteProblem, type Tally } from '../report.ts';
import { leaseUntil, nowOf, type Site } from '../site.ts';
import { hospitalReader, surroundings } from '../surroundings.ts';
import { adoptTask } from './adopt-task.ts';
import { isOutOfPatience, pauseAfter } from './backoff.ts';
import { type Plan, planFor, type Written } from './plan.ts';
import { type Sent, send } from './send.ts';
import { showRequests } from './show.ts';

/** Different referrals at once; one referral is always served in order. */
const together = 4;

/** Errors after which the hospital is left alone for this time: the next intention would fare no better. */
const stops: readonly string[] = [
  'sign-in-refused',
  'hospital-unreachable',
  'settings-wrong',
  'file-unreadable',
];

/** The hospital asked to be left alone for longer than the others of this round would take. */
function wantsLong({ code, details }: AdapterError): boolean {
  return code === 'hospital-busy' && (details.retryAfterMs ?? 0) > 60_000;
}

/** Sends everything that is due now; returns when nothing is, or when the hospital cannot be written to. */
export async function drain(
  site: Site,
  log: ExchangeLog,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const { settings, store } = site;
  if (settings.write === 'dry-run') await showRequests(site, tally);
  let stopped = false;
  while (settings.write === 'on' && !stopped && !signal.aborted) {
    const taken = await store.transaction((tx) =>
      takeDue(tx, {
        hospital: settings.id,
        now: nowOf(site),
        owner: site.instance,
        leaseUntil: leaseUntil(site),
        limit: together,
      }),
    );
    if (taken.length === 0) break;
    const outcomes = await Promise.all(
      taken.map((intention) =>
        log.within({ intention: intention.id, referral: intention.referral }, () =>
          carryOut(site, intention, tally),
        ),
      ),
    );
    stopped = outcomes.includes('stop');
    await log.flush(store);
  }
  tally.queued = (await outboxCounts(store.read, settings.id)).queued ?? 0;
}

async function carryOut(
  site: Site,
  intention: IntentionRow,
  tally: Tally,
): Promise<'go-on' | 'stop'> {
  let settle: () => Promise<void>;
  let outcome: 'go-on' | 'stop' = 'go-on';
  const release = holdLease(site, intention);
  try {
    settle = await attempt(site, intention, tally);
  } catch (thrown) {
    const error = asAdapterError(thrown);
    settle = () => settleFailed(site, intention, error, tally);
    if (stops.includes(error.code) || wantsLong(error)) outcome = 'stop';
  } finally {
    release();
  }
  // Outside the try: a store that fails after a write went out must not be taken for a write that failed.
  await settle();
  return outcome;
}

/**
 * Keeps the lease while a slow hospital lets us wait: whoever took the intention over meanwhile would look before our
 * write arrives, find nothing, and write too (I2). A process that dies no longer renews.
 */
function holdLease(site: Site, { id, attempts }: IntentionRow): () => void {
  const renewing = setInterval(
    () => {
      site.store
        .transaction((tx) =>
          renewLease(tx, id, { attempt: attempts, leaseUntil: leaseUntil(site) }),
        )
        .catch((thrown: unknown) => {
          const { code, message, fix } = asAdapterError(thrown);
          site.emit('fault', { where: `lease of ${id}`, code, says: message, fix });
        });
    },
    Math.max(site.leaseMs / 3, 100),
  );
  return () => clearInterval(renewing);
}

/** Changes of the hospital that are followed one after the other before we give way and try again later. */
const rounds = 3;

async function attempt(
  site: Site,
  intention: IntentionRow,
  tally: Tally,
): Promise<() => Promise<void>> {
  for (let round = 1; round <= rounds; round++) {
    const plan = await currentPlan(site, intention);
    if (plan.act === 'none' || plan.act === 'refuse')
      return () => settleWithout(site, intention, plan, tally);
    const cannot =
      plan.act === 'create' ? await undeclared(site, plan.resource.resourceType) : undefined;
    if (cannot !== undefined) {
      // Without Tasks there the hospital follows its order by other means; without the rest somebody has to type.
      if (plan.act === 'create' && plan.role === 'task')
        return () => settleWithout(site, intention, { act: 'none', says: cannot }, tally);
      throw new AdapterError('not-allowed', cannot, {
        fix: 'Enter it in the hospital’s system by hand, then settle this note.',
      });
    }
    const sent = await send(site, intention, plan);
    if (!('changed' in sent)) return () => settleSent(site, intention, sent, tally);
    await takeIn(site, sent.changed, tally);
  }
  throw new AdapterError(
    'version-conflict',
    'The hospital changes this resource faster than we can follow.',
    {
      about: intention.id,
    },
  );
}

/** Why the hospital's statement speaks against creating this type; undefined when nothing does (rungs B3, C1). */
async function undeclared(site: Site, type: string): Promise<string | undefined> {
  return allows(await site.hospital.capabilities(), type, 'create')
    ? undefined
    : `This server does not declare that ${type} can be created.`;
}

/** What the hospital changed under our hands goes the way of everything that it shows: inbox, decision, record. */
async function takeIn(site: Site, resource: Written, tally: Tally): Promise<void> {
  // Also what was put aside when it was no business of ours: now it stands in the way of a write.
  await storeArrivals(site, { via: 'read' }, [resource], tally, () => true);
  const around = surroundings(site.hospital.base, hospitalReader(site));
  await applyPending(site, tally, around, undefined, new AbortController().signal);
}

/** The plan from the record of now; a Task that the hospital made meanwhile is found before one of ours is made. */
async function currentPlan(site: Site, intention: IntentionRow): Promise<Plan> {
  const { store } = site;
  const episode = await episodeOf(store.read, intention.referral);
  const plan = planFor(site, intention, episode, await linksOf(store.read, intention.referral));
  if (plan.act !== 'create' || plan.role !== 'task' || intention.unclear === 1) return plan;
  if (!(await adoptTask(site, episode))) return plan;
  return planFor(site, intention, episode, await linksOf(store.read, intention.referral));
}

async function settleSent(
  site: Site,
  intention: IntentionRow,
  sent: Sent,
  tally: Tally,
): Promise<void> {
  const { resource, etag, versionId } = sent.answer;
  const reference = `${resource.resourceType}/${resource.id}`;
  const saved = await site.store.transaction(async (tx) => {
    await settleIntention(tx, intention.id, {
      state: sent.needless ? 'needless' : 'sent',
      resource: reference,
      attempt: intention.attempts,
      at: nowOf(site),
    });
    await putLink(tx, {
      hospital: intention.hospital,
      reference,
      role: sent.role,
      referral: intention.referral,
      session: intention.session ?? undefined,
      part: intention.part ?? undefined,
      intention: sent.madeBy,
      // Without these the poll looks at the hospital's version anew, and sees what it has changed since.
      ...(sent.own && !sent.answer.unseen
        ? {
            etag,
            versionId,
            lastUpdated: resource.meta?.lastUpdated,
            hash: canonicalHash(resource),
          }
        : {}),
      at: nowOf(site),
    });
    if (sent.own && !sent.answer.unseen) await noteWritten(site, tx, resource);
    if (sent.role !== 'appointment' || intention.session === null) return undefined;
    return followChange(
      site,
      tx,
      intention.referral,
      { type: 'visit-confirmed', session: intention.session },
      { by: 'adapter' },
    );
  });
  announce(site, saved, 'adapter');
  if (sent.needless) tally.needless += 1;
  else tally.sent += 1;
  const { hospital, id, kind, attempts } = intention;
  site.emit('outbox:sent', { hospital, intention: id, kind, attempts, resource: reference });
}

async function settleWithout(
  site: Site,
  intention: IntentionRow,
  { act, says }: Extract<Plan, { act: 'none' | 'refuse' }>,
  tally: Tally,
): Promise<void> {
  const state = act === 'none' ? 'needless' : 'refused';
  await site.store.transaction((tx) =>
    settleIntention(tx, intention.id, {
      state,
      says,
      attempt: intention.attempts,
      at: nowOf(site),
    }),
  );
  if (act === 'none') tally.needless += 1;
  else tally.failed += 1;
}

async function settleFailed(
  site: Site,
  intention: IntentionRow,
  error: AdapterError,
  tally: Tally,
): Promise<void> {
  const { hospital, id, kind, attempts } = intention;
  const now = site.clock().getTime();
  const waitedOut = isOutOfPatience(intention, now);
  const again = error.kind !== 'permanent' || stops.includes(error.code);
  const unclear = intention.unclear === 1 || error.kind === 'ambiguous';
  if (again && !waitedOut) {
    const nextAt = new Date(now + pauseAfter(attempts, error, Math.random())).toISOString();
    await site.store.transaction((tx) =>
      retryLater(tx, id, {
        nextAt,
        errorCode: error.code,
        says: error.message,
        unclear,
        attempt: attempts,
      }),
    );
    noteProblem(tally, error);
    site.emit('outbox:retry', { hospital, intention: id, kind, code: error.code, nextAt });
    return;
  }
  // An unclear answer that cannot be cleared up (no way to look) is unknown; everything else was refused.
  const state = unclear ? 'unknown' : 'refused';
  const work = site.newId();
  const mine = await site.store.transaction(async (tx) => {
    const settled = await settleIntention(tx, id, {
      state,
      errorCode: error.code,
      says: error.message,
      attempt: attempts,
      at: nowOf(site),
    });
    // Our lease ran out and somebody else has it by now: what it comes to is theirs to say.
    if (!settled) return false;
    await openWork(tx, {
      id: work,
      hospital,
      kind: state === 'unknown' ? 'write-unknown' : 'write-refused',
      referral: intention.referral,
      session: intention.session ?? undefined,
      intention: id,
      says: `${kind}: ${error.message} ${error.fix}`,
      at: nowOf(site),
    });
    return true;
  });
  if (!mine) return;
  if (state === 'unknown') tally.unknown += 1;
  else tally.failed += 1;
  noteProblem(tally, error);
  site.emit('outbox:stuck', { hospital, intention: id, kind, state, code: error.code });
  site.emit('work:opened', {
    hospital,
    work,
    kind: `write-${state}`,
    referral: intention.referral,
  });
}
