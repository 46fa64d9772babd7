/**
 * The speeds and sizes that the product promises, measured and printed beside their goals (`npm run bench`). A goal that
 * is missed is said, not punished: a busy machine must not fail a build. To join, add a bench to the table.
 */
import type { Bench, Figure } from './figure.ts';
import { largeFile } from './large-file.ts';
import { night } from './night.ts';
import { validationSpeed } from './validation-speed.ts';
import { validationStart } from './validation-start.ts';

const benches: readonly Bench[] = [validationSpeed, validationStart, night, largeFile];

function lineOf({ what, is, goal, isMet }: Figure): string {
  const verdict = isMet === undefined ? '' : `  ${isMet ? 'ok' : 'MISSED'}`;
  return `  ${what.padEnd(62)}${is.padStart(10)}${goal === undefined ? '' : `  goal ${goal}`}${verdict}`;
}

for (const { title, run } of benches) {
  console.log(title);
  for (const figure of await run()) console.log(lineOf(figure));
  console.log();
}
