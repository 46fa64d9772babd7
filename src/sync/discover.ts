/**
 * Finding what is new, by the ways that this server allows (rungs A1 to A7). One way that fails does not stop the others;
 * the run is then partial. Where the search for all that changed is refused in spite of the server’s statement, the
 * patients of the roster are asked for instead, and the report says so.
 */
import { AdapterError, asAdapterError } from '../core/errors.ts';
import { allows } from '../hospital/capabilities.ts';
import type { RungCode } from '../hospital/rungs.ts';
import type { Survey } from '../hospital/survey.ts';
import { moveCursor, readCursor } from '../store/cursors.ts';
import type { Reconsider } from './arrivals.ts';
import { selectOrder } from './codes/waiting.ts';
import { calendars } from './discovery/calendars.ts';
import { addressedTasks, changedOrders } from './discovery/changes.ts';
import { dropFolder } from './discovery/drop-folder.ts';
import { openOrders } from './discovery/open-orders.ts';
import { isHospitals, type Pass, rulesOf, type Way, wayError } from './discovery/pass.ts';
import { roster } from './discovery/roster.ts';
import { declaredNow, undeclared } from './discovery/undeclared.ts';
import { ourFault } from './inbound/inbound.ts';
import { note, noteProblem } from './report.ts';
import { nowOf, type Site } from './site.ts';

export interface Discovery {
  /** Every way was gone to its end, and no answer was marked incomplete. */
  readonly complete: boolean;
  /** At least one was. */
  readonly some: boolean;
}

/** The ways by their rungs. Whoever is booked (A5) is looked for with the roster (A6). */
const ways: Partial<Readonly<Record<RungCode, readonly Way[]>>> = {
  A1: [changedOrders],
  A3: addressedTasks,
  A5: [calendars, roster],
  A6: [roster],
  A7: [dropFolder],
};

/** Reads what changed since the cursors (`poll`), or everything (`full`), into the inbox. */
export async function discover(around: Omit<Pass, 'reconsider'>): Promise<Discovery> {
  const { site, survey } = around;
  const rules = rulesOf(site);
  const judged = await rulesIn(site, 'selection');
  const tried = (await rulesIn(site, 'selection-tried')) ?? judged;
  // While not all is known to be judged by the rules of now, what was refused by others may be ours. All is read again at
  // once, but once: where the hospital never shows everything, the nights go on with it.
  const rejudge = judged !== rules;
  const pass: Pass = {
    ...around,
    mode: tried !== undefined && tried !== rules ? 'full' : around.mode,
    reconsider: rejudge ? reconsiderVerdict(site) : tryAgainAt(site),
  };
  noteUnasked(pass);
  const canSearch = allows(await declaredNow(site), 'ServiceRequest', 'search-type');
  const { heard, ...found } = await go(pass, waysOf(survey, canSearch));
  const said = [
    ...(heard && tried !== rules ? ['selection-tried'] : []),
    ...(found.complete && rejudge ? ['selection'] : []),
  ];
  const place = { hospital: site.settings.id, value: rules, at: nowOf(site) };
  if (said.length > 0)
    await site.store.transaction(async (tx) => {
      for (const rung of said) await moveCursor(tx, { ...place, rung });
    });
  return found;
}

async function rulesIn({ store, settings }: Site, rung: string): Promise<string | undefined> {
  return (await readCursor(store.read, settings.id, rung))?.value;
}

/**
 * Each way once, in the order of the survey. Where no search shows all that changed, the orders of open referrals are
 * followed by their patients, or one by one where orders cannot be searched for at all.
 */
function waysOf({ discovery }: Survey, canSearch: boolean): readonly Way[] {
  const chosen = new Set(discovery.flatMap(({ rung }) => ways[rung] ?? []));
  if (chosen.has(changedOrders)) return [...chosen];
  return [...chosen.add(canSearch ? roster : openOrders)];
}

/** `heard`: at least one way was gone without a fault and without being stopped, however whole its answers were. */
async function go(
  pass: Pass,
  chosen: readonly Way[],
): Promise<Discovery & { readonly heard: boolean }> {
  const { site, signal, tally } = pass;
  const results: (boolean | undefined)[] = [];
  const queue = [...chosen];
  let heard = false;
  for (let way = queue.shift(); way !== undefined; way = queue.shift()) {
    if (signal.aborted) return { complete: false, some: results.includes(true), heard: false };
    const { rung, type } = way;
    try {
      results.push(await way.look(pass));
      heard = true;
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (!isHospitals(error)) throw error;
      const cannot =
        type === 'ServiceRequest' ? undefined : await undeclared(site, rung, type, error);
      noteProblem(tally, cannot ?? wayError(rung, await sharper(site, error)));
      const instead = cannot === undefined ? fallback(pass, way, error) : [];
      queue.push(...instead.filter((one) => !chosen.includes(one)));
      if (cannot === undefined) results.push(false);
    }
  }
  const complete = !results.includes(false);
  return { complete, some: complete || results.includes(true), heard: heard && !signal.aborted };
}

/** What is addressed to us and cannot be asked for here is no fault, and is said (I5). */
function noteUnasked({ survey, tally }: Pass): void {
  for (const { function: of, rung, by, whyNot } of survey.passed)
    if (of === 'discovery' && rung === 'A3' && (by === 'statement' || by === 'vendor'))
      note(
        tally,
        `${rung}: Tasks that are addressed to us are not looked for: ${whyNot.join('; ')}.`,
      );
}

/** What a lasting refusal of A1 leaves: the statement spoke of the software, this answer of the site (Epic, per app). */
function fallback({ site }: Pass, way: Way, { kind, code }: AdapterError): readonly Way[] {
  if (way !== changedOrders || kind !== 'permanent' || code === 'sign-in-refused') return [];
  const { locations, practitioners } = site.settings.discover;
  return locations.length + practitioners.length > 0 ? [calendars, roster] : [roster];
}

/** A full sweep takes in anew what a fault of ours kept out: it may be mended by now. */
export const tryAgain: Reconsider = (latest) => latest.rule === ourFault;

/** And what was refused before the site said that its code is one of ours. */
function tryAgainAt(site: Site): Reconsider {
  if (site.codes.rows.length === 0) return tryAgain;
  return (latest, body) =>
    tryAgain(latest, body) ||
    (latest.type === 'ServiceRequest' &&
      latest.state === 'refused' &&
      latest.rule === 'service' &&
      selectOrder(site, body as fhir4.ServiceRequest, false).outcome === 'selected');
}

/** Wants to see an order again whose verdict is another one under the rules of now, and a Task that hung on a verdict. */
function reconsiderVerdict(site: Site): Reconsider {
  return (latest, body) => {
    if (latest.rule === ourFault) return true;
    if (latest.type === 'Task')
      return latest.rule === 'order-waits' || latest.rule === 'order-refused';
    if (latest.type !== 'ServiceRequest') return false;
    const verdict = () => selectOrder(site, body as fhir4.ServiceRequest, false).outcome;
    if (latest.state === 'refused') return verdict() !== 'refused';
    // It may wait because a Task asked us for it, which this does not see: what a person was asked stays asked.
    return latest.state === 'waiting' && verdict() === 'selected';
  };
}

/**
 * A first contact that fails in a strange way is often no fault but the wrong address: the server's statement tells,
 * and its word (`not-fhir-r4`) helps more than that of the search.
 */
async function sharper({ hospital }: Site, error: AdapterError): Promise<AdapterError> {
  if (error.code !== 'answer-broken' && error.code !== 'not-found') return error;
  try {
    const { declared } = await hospital.capabilities();
    if (declared) return error;
  } catch (thrown) {
    return asAdapterError(thrown);
  }
  return new AdapterError(error.code, error.message, {
    ...error.details,
    fix: 'Check base: no FHIR R4 endpoint answers at this address (its /metadata says nothing either).',
  });
}
