/**
 * Orders that wait for a person because nobody has said what their code means, and how they run again once somebody has:
 * exactly those whose code the site's own codes know by now, and the Tasks that waited with them.
 */
import { outlineOrder } from '../../../mappings/order-outline.ts';
import { readTask } from '../../../mappings/task-to-request.ts';
import { type Coding, token } from '../../core/concept.ts';
import { type OrderOutline, type Selection, select } from '../../core/selection.ts';
import { localReference } from '../../fhir/reference.ts';
import { type InboxRow, latestOf, reopen, waitingRows } from '../../store/inbox.ts';
import type { Db, Tx } from '../../store/store.ts';
import { settleWorkOf } from '../../store/work.ts';
import { nowOf, type Site } from '../site.ts';

/** What `says` of a row is that waits for another reason than its code. */
export const noPatient = 'the order names no patient';

export interface WaitingOrder {
  readonly row: InboxRow;
  readonly outline: OrderOutline;
}

/** Judges an order by the settings of its hospital and by what the site has said about its own codes. */
export function selectOrder(
  site: Site,
  order: fhir4.ServiceRequest,
  taskedToUs: boolean,
): Selection {
  const outline = outlineOrder(order, { taskedToUs }, site.tables['order-outline']).value;
  return select(outline, site.settings.select, site.codes.of(site.settings.id));
}

/** The orders of this hospital that wait on a code, in the order in which they arrived. */
export async function waitingOrders(db: Db, site: Site): Promise<WaitingOrder[]> {
  const rows = await waitingRows(db, site.settings.id);
  return rows.flatMap((row) => waitingOrder(site, row) ?? []);
}

/** The outline of an order whose row waits on its code; undefined for any other row. */
export function waitingOrder(site: Site, row: InboxRow): WaitingOrder | undefined {
  const onItsCode = row.rule === 'service' || row.rule === 'look-alike';
  if (row.type !== 'ServiceRequest' || row.state !== 'waiting' || !onItsCode) return undefined;
  if (row.body === null || row.says === noPatient) return undefined;
  return { row, outline: outlineOf(site, row.body) };
}

/** The outline of a stored order. */
export function outlineOf(site: Site, body: string): OrderOutline {
  // The row was judged as an order when it arrived; the mapping trusts nothing in it.
  const order = JSON.parse(body) as fhir4.ServiceRequest;
  return outlineOrder(order, { taskedToUs: true }, site.tables['order-outline']).value;
}

/**
 * How many orders wait on each code that nobody has said anything about, or nothing that decides about an order: what
 * stands for a technique is no service.
 */
export function waitingCodes(
  site: Site,
  orders: readonly WaitingOrder[],
): { readonly coding: Coding; readonly orders: number }[] {
  const known = site.codes.of(site.settings.id);
  const taken = site.settings.select.codes;
  const counts = new Map<string, { coding: Coding; orders: number }>();
  for (const { outline } of orders)
    for (const coding of codingsOf(outline)) {
      const said = known(coding);
      const decides = said && (said.ours === undefined || taken.includes(token(said.ours)));
      if (decides) continue;
      const same = counts.get(token(coding));
      if (same === undefined) counts.set(token(coding), { coding, orders: 1 });
      else same.orders += 1;
    }
  return [...counts.values()];
}

/** Each code of an order once. */
export function codingsOf({ code }: OrderOutline): Coding[] {
  const byToken = new Map((code.coding ?? []).map((coding) => [token(coding), coding]));
  return [...byToken.values()].filter((coding) => coding.code !== undefined);
}

/**
 * Puts the orders back to be understood anew that wait on `about`, or on any code that the site's own codes know by now;
 * returns their inbox ids. An order that would only wait again, for the same reason, is left alone.
 */
export async function reopenDecided(
  site: Site,
  tx: Tx,
  by?: { readonly name: string; readonly about: Coding },
): Promise<string[]> {
  const known = site.codes.of(site.settings.id);
  const freed: string[] = [];
  for (const { row, outline } of await waitingOrders(tx, site)) {
    const said = codingsOf(outline).flatMap((coding) => {
      const isMeant = by === undefined || token(coding) === token(by.about);
      return isMeant ? (known(coding) ?? []) : [];
    });
    if (said.length === 0) continue;
    const { outcome, says } = select(outline, site.settings.select, known);
    if (outcome === 'waiting' && says === row.says) continue;
    freed.push(row.id);
    await settleWorkOf(tx, {
      inbox: row.id,
      by: by?.name ?? said[0]?.by ?? 'adapter',
      at: nowOf(site),
    });
  }
  await reopen(tx, freed);
  return freed;
}

/** Puts the Tasks back that waited for an order which waits no longer. */
export async function reopenFreedTasks(site: Site, tx: Tx): Promise<number> {
  const freed: string[] = [];
  for (const row of await waitingRows(tx, site.settings.id)) {
    if (row.type !== 'Task' || row.rule !== 'order-waits' || row.body === null) continue;
    const { order = '' } = readTask(
      JSON.parse(row.body) as fhir4.Task,
      site.tables['task-to-request'],
    ).value;
    const [type = '', id = ''] = (localReference(order, site.hospital.base) ?? '').split('/');
    const latest = await latestOf(tx, row.hospital, type, id);
    if (latest?.state !== 'waiting' && latest?.state !== 'received') freed.push(row.id);
  }
  return reopen(tx, freed);
}
