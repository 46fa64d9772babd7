/** The route table as Markdown, for docs/routes.md. */
import { roles } from '../access/roles.ts';
import { problemStatuses } from './openapi.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

/** Tables of the roles and of the routes, with permission and answers. */
export function routesReference(): string {
  return [
    '| role | may | |',
    '|---|---|---|',
    ...Object.entries(roles).map(
      ([name, { says, may }]) => `| ${name} | ${may.map(code).join(', ')} | ${says} |`,
    ),
    '',
    '| route | permission | what it does | answers |',
    '|---|---|---|---|',
    ...routes.map(
      (row) =>
        `| \`${row.method.toUpperCase()} ${row.path}\` | ${row.may === 'public' ? 'none' : code(row.may)} | ${row.says} | ${answers(row)} |`,
    ),
  ].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function answers(row: Route): string {
  const everywhere = [401, 403, 429, 500];
  const problems = problemStatuses(row).map(([status]) => status);
  return [
    ...Object.keys(row.answers),
    ...problems.filter((status) => !everywhere.includes(status)).map(String),
  ].join(', ');
}
