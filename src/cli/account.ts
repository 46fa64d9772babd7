/** The account of a first sync for the person who started it: what was found, what was refused and why. No names. */
import { styleText } from 'node:util';
import type { Adapter } from '../main.ts';
import { refusedRows, waitingRows } from '../store/inbox.ts';
import { listReferrals } from '../store/referral-list.ts';
import type { RunReport } from '../sync/report.ts';

const shown = 8;

export async function account(
  { store }: Adapter,
  report: RunReport,
  color: boolean,
): Promise<string> {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const { items } = await listReferrals(store.read, { hospital: report.hospital, limit: 200 });
  const refused = await refusedRows(store.read, report.hospital, 500);
  const waiting = await waitingRows(store.read, report.hospital);
  const byRule = Map.groupBy(refused, (row) => row.rule ?? 'unknown');
  const state =
    report.state === 'complete' ? paint('green', 'complete') : paint('yellow', report.state);
  const lines = [
    `Sync ${state} in ${report.seconds.toFixed(1)} s: ${report.read} resources read with ${report.requests} requests, ${report.sent} written`,
    ...report.problems.map((one) => paint('yellow', `  ${one.code}: ${one.says} ${one.fix}`)),
    ...report.notes.map((says) => `  ${says}`),
    '',
    paint('bold', `${items.length} referrals`),
    ...items.slice(0, shown).map(({ referral }) => {
      const { order, service, priority } = referral.care;
      const name = service.text ?? service.coding?.[0]?.display ?? 'massage';
      return `  ${paint('green', referral.state.padEnd(11))} ${priority.padEnd(8)} ${order.reference}  ${name}`;
    }),
    ...(items.length > shown ? [`  … and ${items.length - shown} more`] : []),
    '',
    paint('bold', `${refused.length} refused`),
    ...[...byRule].flatMap(([rule, rows]) => [
      `  ${paint('red', String(rows.length).padStart(3))} by ${rule}`,
      ...rows.slice(0, 3).map((row) => `        ${row.type}/${row.resource_id}: ${row.says}`),
    ]),
    '',
    paint('bold', `${waiting.length} waiting for a person`),
    ...waiting.map(
      (row) => `  ${paint('yellow', '  ?')} ${row.type}/${row.resource_id}: ${row.says}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
