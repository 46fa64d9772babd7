/** `massage-fhir codes list`: what was said about the codes of the hospitals and by whom, and what waits to be said. */
import { token } from '../core/concept.ts';
import { isFor, meaning, originOf, type SiteCode } from '../core/site-codes.ts';
import type { Connected } from '../main.ts';
import { listWork } from '../store/work.ts';
import { unknownCodeOf } from '../sync/codes/notes.ts';
import { waitingCodes, waitingOrders } from '../sync/codes/waiting.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { suggestionLines } from './suggestion-lines.ts';
import { chosenSite, withAdapter } from './with-adapter.ts';

/** Exit code 1 when orders wait on a code. */
export function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
    const chosen =
      options.hospital === undefined
        ? [...adapter.sites.values()]
        : [chosenSite(adapter, options.hospital)];
    const rows = (chosen[0]?.site.codes.rows ?? []).filter((row) =>
      chosen.some(({ site }) => isFor(row, site.settings.id)),
    );
    const waiting = (await Promise.all(chosen.map(waitingAt))).flat();
    if (options.json)
      io.stdout.write(`${JSON.stringify({ codes: rows.map(shown), waiting }, undefined, 2)}\n`);
    else io.stdout.write(told(rows, waiting));
    return waiting.length === 0 ? 0 : 1;
  });
}

interface Waiting {
  readonly hospital: string;
  readonly code: string;
  readonly display?: string | undefined;
  readonly orders: number;
  readonly suggestions: readonly string[];
}

async function waitingAt({ site }: Connected): Promise<Waiting[]> {
  const orders = await waitingOrders(site.store.read, site);
  const notes = await listWork(site.store.read, { hospital: site.settings.id });
  const unknown = (await Promise.all(notes.map((note) => unknownCodeOf(site, note)))).flatMap(
    (one) => one?.suggestions ?? [],
  );
  return waitingCodes(site, orders).map(({ coding, orders: count }) => ({
    hospital: site.settings.id,
    code: token(coding),
    display: coding.display,
    orders: count,
    suggestions: [
      ...new Set(suggestionLines(unknown.filter(({ code }) => token(code) === token(coding)))),
    ],
  }));
}

function shown(row: SiteCode) {
  const { hospital, display, by, date, file, line, ours } = row;
  return {
    hospital,
    code: token(row),
    display,
    as: ours === undefined ? null : token(ours),
    by,
    date,
    file,
    line,
  };
}

function told(rows: readonly SiteCode[], waiting: readonly Waiting[]): string {
  const known = rows.map(
    (row) =>
      `${row.hospital ?? 'all hospitals'}  ${token(row)}${row.display ? ` “${row.display}”` : ''}\n` +
      `  ${row.ours === undefined ? 'is' : 'stands for'} ${meaning(row)}, said ${originOf(row)}, line ${row.line}\n`,
  );
  const open = waiting.map(
    ({ hospital, code, display, orders, suggestions }) =>
      `${hospital}  ${code}${display ? ` “${display}”` : ''}\n  ${orders} ${orders === 1 ? 'order waits' : 'orders wait'} on it\n` +
      suggestions.map((one) => `  ${one}\n`).join(''),
  );
  return [
    known.length === 0 ? 'Nothing was said about any code.\n' : known.join(''),
    open.length === 0
      ? '\nNo order waits on an unknown code.\n'
      : `\nUnknown codes:\n${open.join('')}`,
  ].join('');
}
