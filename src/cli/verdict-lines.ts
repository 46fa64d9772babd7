/** Verdicts as people and programs read them. What a file says may hold anything: nothing of it reaches a terminal raw. */
import { styleText } from 'node:util';
import type { Issue, Severity } from '../fhir/validation/outcome.ts';
import type { TextVerdict } from '../fhir/validation/validate-text.ts';

export interface PlacedVerdict {
  readonly file: string;
  /** Line of NDJSON. */
  readonly line: number | undefined;
  readonly verdict: TextVerdict;
}

/** One object on one line. */
export function asJson({ file, line, verdict }: PlacedVerdict): string {
  const { resourceType = null, id = null, valid, issues, notChecked } = verdict;
  return `${JSON.stringify({ file, line, resourceType, id, valid, issues, notChecked })}\n`;
}

/** One line, and one for each issue below it. */
export function asLines({ file, line, verdict }: PlacedVerdict, color: boolean): string {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const { resourceType, id, valid, issues, notChecked } = verdict;
  const name =
    resourceType === undefined ? '' : ` ${resourceType}${id === undefined ? '' : `/${id}`}`;
  const head = `${file}${line === undefined ? '' : `:${line}`}:${name}`;
  return [
    `${plain(head)} ${valid ? style('green', 'valid') : style('red', 'not valid')}\n`,
    ...issues.map(
      (issue) =>
        `  ${style(colors[issue.severity], labels[issue.severity])}  ${plain(told(issue))}\n`,
    ),
    ...notChecked.map(
      ({ expression, why }) =>
        `${style('gray', `  not checked  ${plain(`${expression}: ${why}`)}`)}\n`,
    ),
  ].join('');
}

const labels: Readonly<Record<Severity, string>> = {
  fatal: 'fatal      ',
  error: 'error      ',
  warning: 'warning    ',
  information: 'note       ',
};

const colors = { fatal: 'red', error: 'red', warning: 'yellow', information: 'blue' } as const;

function told({ expression, message, constraint }: Issue): string {
  return `${expression === '' ? '' : `${expression}: `}${message}${constraint === undefined ? '' : ` [${constraint}]`}`;
}

/** Controls, which could command a terminal, and marks that turn the direction of writing, which could hide text. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
}
