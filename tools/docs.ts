/**
 * The parts of docs/ that repeat code, made from the code (`npm run docs`). A document is written by hand except between
 * `<!-- generated:NAME -->` and `<!-- /generated -->`; one row of `blocks` fills one NAME. A test fails when one is stale.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { factCodes } from '../mappings/fact-codes.ts';
import { mappings } from '../mappings/mappings.ts';
import { routesReference } from '../src/api/reference.ts';
import type { CommandRow, OptionRow } from '../src/cli/command.ts';
import { commands, globalOptions } from '../src/cli/commands.ts';
import type { Edge } from '../src/core/edges.ts';
import { errorCodes } from '../src/core/errors.ts';
import { endedReferralStates, referralStates } from '../src/core/referral.ts';
import { referralEdges } from '../src/core/referral-states.ts';
import { endedSessionStates, sessionStates } from '../src/core/session.ts';
import { sessionEdges } from '../src/core/session-states.ts';
import { taskDialects } from '../src/core/task-dialects.ts';
import { type Rung, rungs } from '../src/hospital/rungs.ts';
import type { Vendor } from '../src/hospital/vendors/vendor.ts';
import { vendors } from '../src/hospital/vendors/vendors.ts';
import { catalogue, type SettingEntry } from '../src/settings/catalogue.ts';

/** What stands in each block; a new one is one row here and a pair of marks in a document. */
export const blocks: Readonly<Record<string, () => string>> = {
  settings: () =>
    table(
      ['setting', 'what it is', 'default', 'environment variable'],
      catalogue.map((entry) => [
        code(entry.path),
        `${entry.description}${whenText(entry)} Expects ${entry.expects}.`,
        defaultText(entry),
        code(entry.variable),
      ]),
    ),
  routes: routesReference,
  commands: () => [globalText(), ...commands.map(commandText)].join('\n\n'),
  'referral-states': () => machine(referralStates, endedReferralStates, referralEdges, 'requested'),
  'session-states': () => machine(sessionStates, endedSessionStates, sessionEdges, 'planned'),
  dialects: () => {
    const names = Object.keys(taskDialects) as (keyof typeof taskDialects)[];
    const fields = Object.keys(taskDialects.core) as (keyof (typeof taskDialects)['core'])[];
    return table(
      ['', ...names.map(code)],
      fields.map((field) => [field, ...names.map((name) => String(taskDialects[name][field]))]),
    );
  },
  mappings: () =>
    mappings
      .map(({ name, source, target, file, fields }) =>
        [
          `## ${name}`,
          `From ${source} to ${target}, in [${file}](../${file}).`,
          table(
            ['field', 'from', 'code table', 'kept', 'overlay'],
            fields.map(({ field, from, via, kept, overlay = '' }) => [
              code(field),
              code(from),
              via === undefined
                ? ''
                : `[${via}](../profiles/fsh-generated/resources/ConceptMap-${via}.json)`,
              kept ? 'yes' : '',
              overlay,
            ]),
          ),
        ].join('\n\n'),
      )
      .join('\n\n'),
  'fact-codes': () =>
    table(
      ['topic', 'system', 'code', 'what'],
      factCodes.map(({ topic, system, code: one, name, history }) => [
        topic === 'none' ? 'understood, of no topic' : code(topic),
        code(system),
        code(one),
        history ? `${name} (history of)` : name,
      ]),
    ),
  rungs: () =>
    table(
      ['for', 'rung', 'what is done', 'it needs', 'used'],
      rungs.map((rung: Rung) => [
        rung.function,
        rung.rung,
        rung.says,
        needsText(rung) || 'nothing of the server',
        rung.ships ? 'yes' : 'no',
      ]),
    ),
  vendors: () =>
    Object.values(vendors)
      .map((vendor) => vendorText(vendor))
      .join('\n\n'),
  errors: () =>
    table(
      ['code', 'kind', 'what to do'],
      Object.entries(errorCodes).map(([name, { kind, fix }]) => [code(name), kind, fix]),
    ),
};

function needsText({ needs, known }: Rung): string {
  if (known) return 'a record that knows it';
  const byType = needs.map((need) =>
    [
      need.type,
      ...(need.interactions ?? []),
      ...(need.searchParams ?? []).map((name) => `by ${name}`),
      ...(need.anySearchParam === undefined ? [] : [`by ${need.anySearchParam.join(' or ')}`]),
      ...(need.operations ?? []).map((name) => `$${name}`),
      ...(need.conditionalCreate ? ['conditionalCreate'] : []),
      ...(need.updateCreate ? ['updateCreate'] : []),
      ...(need.versions ? ['versioning'] : []),
      ...(need.where === undefined ? [] : [`where it can be ${need.where}d`]),
      ...(need.wished ? ['if there is'] : []),
    ].join(' '),
  );
  return byType.join('; ');
}

function vendorText({
  name,
  product,
  signs,
  searches,
  rungs: known,
  notes,
  ...rest
}: Vendor): string {
  const signText = Object.entries(signs).map(
    ([where, words]) => `${where}: ${words.map(code).join(', ')}`,
  );
  const searchRows = Object.entries(searches ?? {}).map(([type, habits]) => [
    type,
    habits.scope ?? '',
    habits.since ?? '',
    habits.window ?? '',
    [
      ...(habits.always ?? []).map(([param, value]) => `always ${code(`${param}=${value}`)}`),
      ...(habits.cap === undefined ? [] : [`at most ${habits.cap}`]),
      ...(habits.doubtful === undefined
        ? []
        : [`not relied upon: ${habits.doubtful.map(code).join(', ')}`]),
    ].join('; '),
  ]);
  const holds = { true: 'yes', false: 'no', probe: 'probe' } as const;
  const sections = [
    `### ${product.charAt(0).toUpperCase()}${product.slice(1)}`,
    `${code(`vendor: ${name}`)}${signText.length > 0 ? `, recognised by ${signText.join('; ')}` : ''}.`,
    ...(searchRows.length === 0
      ? []
      : [table(['search of', 'scope', 'changed by', 'window', 'and'], searchRows)]),
    ...(known === undefined
      ? []
      : [
          table(
            ['rung', 'holds', 'why'],
            Object.entries(known).map(([rung, one]) => [rung, holds[`${one.holds}`], one.says]),
          ),
        ]),
    ...(rest.issueCodes === undefined
      ? []
      : [
          table(
            ['its code', 'means'],
            Object.entries(rest.issueCodes).map(([own, means]) => [code(own), means]),
          ),
        ]),
    [
      ...(rest.unknownParams === undefined
        ? []
        : [`Search parameters that it does not know are ${rest.unknownParams}.`]),
      ...(rest.countParam === undefined
        ? []
        : [`The page size is asked by ${code(rest.countParam)}.`]),
      ...(notes ?? []),
    ]
      .map((says) => `- ${says}`)
      .join('\n'),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

const block = /<!-- generated:([a-z-]+) -->\n(?:.*?\n)??<!-- \/generated -->/gs;

/** A document with its blocks made anew. */
export function regenerated(document: string): string {
  return document.replace(block, (_old, name: string) => {
    const make = blocks[name];
    if (make === undefined) throw new Error(`docs: nothing makes the block ${name}`);
    return `<!-- generated:${name} -->\n${make()}\n<!-- /generated -->`;
  });
}

export interface Page {
  readonly path: string;
  readonly now: string;
  readonly fresh: string;
}

/** All documents of a folder, as they are and as they should be. */
export function pages(folder: string): Page[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => {
      const path = join(folder, name);
      const now = readFileSync(path, 'utf8');
      return { path, now, fresh: regenerated(now) };
    });
}

function whenText({ when }: SettingEntry): string {
  return when === undefined ? '' : ` With ${code(when)} only.`;
}

function defaultText(entry: SettingEntry): string {
  if (entry.required) return '**required**';
  if (entry.default === undefined) return 'none';
  const values = Array.isArray(entry.default) ? entry.default : [entry.default];
  return values.length === 0 ? 'none' : values.map((value) => code(String(value))).join('<br>');
}

function globalText(): string {
  return `For every command:\n\n${optionTable(globalOptions)}`;
}

function commandText(row: CommandRow): string {
  const usage = ['massage-fhir', row.name, ...(row.arguments ?? []).map(({ form }) => form)];
  const parts = [
    `## ${row.name}`,
    `\`\`\`\n${usage.join(' ')}${row.options === undefined ? '' : ' [options]'}\n\`\`\``,
    row.help,
  ];
  if (row.arguments !== undefined)
    parts.push(
      table(
        ['argument', 'what it is'],
        row.arguments.map(({ form, says }) => [code(form), says]),
      ),
    );
  if (row.options !== undefined) parts.push(optionTable(row.options));
  parts.push(...row.examples.map(({ line, says }) => `${code(`massage-fhir ${line}`)}: ${says}.`));
  return parts.join('\n\n');
}

function optionTable(options: readonly OptionRow[]): string {
  return table(
    ['option', 'what it does'],
    options.map(({ flags, says, choices }) => [
      code(flags),
      choices === undefined ? says : `${says} (${choices.join(', ')})`,
    ]),
  );
}

/** A state machine as a picture for the eye and as a table for the reader. */
function machine<State extends string>(
  states: readonly State[],
  ended: readonly State[],
  edges: readonly Edge<State, string>[],
  first: State,
): string {
  // Mermaid takes a hyphen for part of an arrow.
  const node = (state: string) => state.replaceAll('-', '_');
  const picture = [
    'stateDiagram-v2',
    ...states.map((state) => `  state "${state}" as ${node(state)}`),
    `  [*] --> ${node(first)}`,
    ...edges
      .filter(([from, , to]) => from !== to)
      .map(([from, event, to]) => `  ${node(from)} --> ${node(to)}: ${event}`),
    ...ended.map((state) => `  ${node(state)} --> [*]`),
  ].join('\n');
  const rows = edges.map(([from, event, to, who, rule]) => [from, event, to, who.join(', '), rule]);
  return `\`\`\`mermaid\n${picture}\n\`\`\`\n\n${table(['from', 'what happens', 'to', 'who', 'rule'], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function code(text: string): string {
  return `\`${text}\``;
}

if (import.meta.main) {
  for (const { path, now, fresh } of pages(resolve(import.meta.dirname, '../docs'))) {
    if (now === fresh) continue;
    writeFileSync(path, fresh);
    console.log(`${path}: made anew`);
  }
}
