/** `massage-fhir why`: what happened to one order, also one that was refused or never seen. */
import { type Why, why } from '../check/why.ts';
import type { ExitCode, Io, Options } from './command.ts';
import { chosenSite, withAdapter } from './with-adapter.ts';

/** Exit code 1 when neither we nor the hospital know such an order. */
export function run([asked = '']: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  return withAdapter<ExitCode>(options, io, 'quiet', async ({ adapter }) => {
    const { site, log } = chosenSite(adapter, options.hospital);
    const found = await why(site, asked);
    await log.flush(adapter.store);
    io.stdout.write(options.json ? `${JSON.stringify(found, undefined, 2)}\n` : told(found));
    return found.found === 'nowhere' ? 1 : 0;
  });
}

function told(found: Why): string {
  const lines = [
    `${found.order ?? found.asked} at ${found.hospital}`,
    `  ${found.says}`,
    ...(found.facts === undefined ? [] : [`  Facts on file: ${found.facts}`]),
    ...(found.versions.length > 0 ? ['', 'Versions that were read:'] : []),
    ...found.versions.flatMap((one) => [
      `  ${one.receivedAt}  ${one.via.padEnd(6)} version ${one.version ?? '(none)'}: ${one.state}${one.rule === undefined ? '' : ` by ${one.rule}`}${one.says ? `: ${one.says}` : ''}`,
      ...one.findings.map(({ path, says }) => `      ${path}: ${says}`),
    ]),
    ...(found.selection === undefined
      ? []
      : [
          '',
          `The rules on the order as the hospital shows it now: ${found.selection.outcome}`,
          ...found.selection.verdicts.map(
            (one) =>
              `  ${one.verdict.padEnd(6)} ${one.rule.padEnd(15)} ${one.says}  [${one.setting}]`,
          ),
        ]),
    ...(found.unread === undefined ? [] : ['', `The order was not read now: ${found.unread}`]),
  ];
  return `${lines.join('\n')}\n`;
}
