/**
 * A site's FHIRPath expression laid over one field of a mapping (DESIGN decision 5). It is checked before anything runs, and
 * takes the place of the mapping's own reader; a result that does not fit is a finding, and the mapping's own value stands.
 */
import type { FieldRow, FieldTable } from './field-table.ts';
import { nearest } from './nearest.ts';
import { checkPath, type PathNode, type TypeDefinitions } from './path-types.ts';
import { type Problem, shown } from './problems.ts';

export interface Overlay {
  /** For one hospital; for all when absent. */
  readonly hospital?: string | undefined;
  readonly mapping: string;
  readonly field: string;
  readonly expression: string;
  /** Why, in the site's words. */
  readonly note?: string | undefined;
}

/** As much of a table as checking looks at. */
export interface TableToOverlay {
  readonly name: string;
  readonly resourceType: string | undefined;
  readonly rows: readonly Pick<FieldRow<never, never>, 'field' | 'site'>[];
}

type Complaint = Omit<Problem, 'where' | 'path'> & { readonly key: 'field' | 'expression' };

/** What is wrong with an overlay over this table. */
export async function checkOverlay(
  table: TableToOverlay,
  { field, expression }: Overlay,
  definitions: TypeDefinitions,
): Promise<Complaint[]> {
  const row = table.rows.find((one) => one.field === field);
  const free = table.rows.filter((one) => one.site !== undefined).map((one) => one.field);
  if (row?.site === undefined)
    return [
      {
        key: 'field',
        found:
          row === undefined
            ? shown(field)
            : `${shown(field)}, which no expression may be laid over`,
        expected: `a field of ${table.name}: ${free.join(', ')}`,
        because:
          row === undefined
            ? undefined
            : 'it says which resource, patient or order this is, or keeps a promise of ours',
        meant:
          row === undefined
            ? nearest(
                field,
                table.rows.map((one) => one.field),
              )
            : undefined,
      },
    ];
  const { default: fhirpath } = await import('fhirpath');
  let parsed: PathNode;
  try {
    parsed = fhirpath.parse(expression) as PathNode;
  } catch (thrown) {
    return [
      {
        key: 'expression',
        found: `not FHIRPath${placeIn(thrown)}`,
        expected: 'a FHIRPath expression',
      },
    ];
  }
  const { problems, gives } = checkPath(parsed, table.resourceType ?? '', definitions);
  const { expects, types } = row.site;
  const fits =
    gives === undefined || gives.length === 0 || gives.some((one) => types.includes(one));
  return [
    ...problems.map((problem): Complaint => ({ key: 'expression', ...problem })),
    ...(problems.length === 0 && !fits
      ? [
          {
            key: 'expression' as const,
            found: `giving ${gives.slice(0, 5).join(' or ')}`,
            expected: expects,
          },
        ]
      : []),
  ];
}

/** Where the parser stumbled; its other messages are about itself. */
function placeIn(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : '';
  return /^line: \d/.test(message)
    ? ` (${message.split('\n')[0]?.replace(/; message: /, ', ')})`
    : '';
}

/** The table with checked overlays over its fields; the table itself where there are none. */
export async function overlaid<Source, Given, Target>(
  table: FieldTable<Source, Given, Target>,
  overlays: readonly Overlay[],
): Promise<FieldTable<Source, Given, Target>> {
  if (overlays.length === 0) return table;
  const { default: fhirpath } = await import('fhirpath');
  const { default: r4 } = await import('fhirpath/fhir-context/r4');
  const rows = table.rows.map((row): FieldRow<Source, Given> => {
    const overlay = overlays.find(({ field }) => field === row.field);
    if (overlay === undefined) return row;
    const { expression, note } = overlay;
    const select = fhirpath.compile(expression, r4, { async: false });
    // The engine marks what it reads, and a mapping changes nothing of its source.
    return layOver(row, expression, note, (source) => select(structuredClone(source)));
  });
  return { ...table, rows };
}

function layOver<Source, Given>(
  row: FieldRow<Source, Given>,
  expression: string,
  note: string | undefined,
  select: (source: Source) => unknown,
): FieldRow<Source, Given> {
  const { site } = row;
  if (site === undefined) return row;
  return {
    ...row,
    from: expression,
    overlay: { over: row.from, note },
    read(source, given, flag) {
      const results = evaluated(select, source);
      const fit = results && site.read(results, given);
      if (fit !== undefined) return fit.value;
      const what = results === undefined ? 'cannot be evaluated on this resource' : gave(results);
      flag(
        `the site’s expression ${what}, expected ${site.expects}; the mapping’s own value is used`,
      );
      return row.read(source, given, flag);
    },
  };
}

/** Undefined where the engine gives up; why is not passed on, since its message may repeat what the resource says. */
function evaluated<Source>(
  select: (source: Source) => unknown,
  source: Source,
): readonly unknown[] | undefined {
  try {
    const result = select(source);
    return Array.isArray(result) ? result : [result];
  } catch {
    return undefined;
  }
}

function gave(results: readonly unknown[]): string {
  if (results.length === 0) return 'gives nothing';
  return results.length === 1 ? 'gives something else' : `gives ${results.length} results`;
}
