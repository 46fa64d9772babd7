/**
 * A mapping is a table: each field of the target names the path it comes from, its reader and the code table it uses
 * (DESIGN decision 5). Mapping runs the readers only; explaining (explain.ts) runs the paths beside them.
 */
import type { Finding, Mapped, Report } from './finding.ts';
import { type Check, compileShape, isObject, type Shape } from './shape.ts';
import type { SiteReading } from './site-reading.ts';

interface Row<Source, Given> {
  /** FHIRPath over the source; `%name` is an entry of what is given. Explain prints it with what it selects. */
  readonly from: string;
  /** The code table that the reader asks. */
  readonly via?: string;
  /** The round trip must not lose this. */
  readonly kept?: true;
  /** Why the field is empty, where the general answer does not do. */
  readonly why?: (source: Source, given: Given) => string;
}

/** Says what is not as it should be with the field that is being read, without repeating patient content. */
export type Flag = (says: string) => void;
type Read<Source, Given, Value> = (source: Source, given: Given, flag: Flag) => Value;

/**
 * One field. A target field that must not be missing has a reader that always gives a value, or names with
 * `otherwise` what stands there when the source has none; that it does is flagged.
 */
export type Field<Source, Given, Value> = Row<Source, Given> & {
  /** How a site's expression fills the field; without it none may be laid over it. */
  readonly site?: SiteReading<Given, Value>;
} & (
    | { readonly read: Read<Source, Given, Value>; readonly otherwise?: never }
    | {
        readonly read: Read<Source, Given, Value | undefined>;
        readonly otherwise: Exclude<Value, undefined>;
      }
  );

/** A field that is an object of its own and has a row for each of its fields. */
export interface Group<Source, Given, Value> {
  readonly group: Fields<Source, Given, Value>;
}

/** A row for every field of the target: one that was forgotten does not compile. */
export type Fields<Source, Given, Target> = {
  readonly [Name in keyof Target]-?:
    | Field<Source, Given, Target[Name]>
    | Group<Source, Given, Target[Name]>;
};

export interface TableOptions<Source, Given> {
  /** The FHIR type of the source; without it the source is one of our own objects, and trusted. */
  readonly resourceType?: string;
  /** What is read of the source: everything else in it is never looked at. */
  readonly shape?: Shape<Source>;
  /** The same for resources among what is given. */
  readonly given?: { readonly [Name in keyof Given]?: Shape<NonNullable<Given[Name]>> };
}

export interface FieldRow<Source, Given> extends Row<Source, Given> {
  /** Where the value goes, e.g. `order.status`. */
  readonly field: string;
  readonly read: Read<Source, Given, unknown>;
  readonly otherwise?: unknown;
  readonly site?: SiteReading<Given, unknown>;
  /** Set where a site has laid its expression (`from`) over the field. */
  readonly overlay?: { readonly over: string; readonly note?: string | undefined };
}

export interface FieldTable<Source, Given, Target> {
  readonly name: string;
  readonly resourceType: string | undefined;
  readonly rows: readonly FieldRow<Source, Given>[];
  readonly check: Check | undefined;
  readonly givenChecks: readonly (readonly [keyof Given & string, Check])[];
  /** Never present: holds the type of what the table makes. */
  readonly target?: Target;
}

/** Makes a table. Its readers must be total over sources of the given shape. */
export function fieldTable<Source, Given, Target>(
  name: string,
  fields: Fields<Source, Given, Target>,
  options: TableOptions<Source, Given> = {},
): FieldTable<Source, Given, Target> {
  const { resourceType, shape } = options;
  return {
    name,
    resourceType,
    // a mapped type is opaque to Object.entries: every entry is a Field or a Group of this source
    rows: flatten(fields as AnyFields<Source, Given>, ''),
    check: shape === undefined ? undefined : compileShape(shape, resourceType ?? ''),
    givenChecks: Object.entries(options.given ?? {}).map(([key, inner]) => [
      key as keyof Given & string,
      compileShape(inner as Shape<unknown>, `%${key}`),
    ]),
  };
}

type AnyRow<Source, Given> = Omit<FieldRow<Source, Given>, 'field'>;
type AnyFields<Source, Given> = {
  readonly [name: string]:
    | AnyRow<Source, Given>
    | { readonly group: AnyFields<Source, Given>; readonly read?: never };
};

function flatten<Source, Given>(
  fields: AnyFields<Source, Given>,
  prefix: string,
): FieldRow<Source, Given>[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.read === undefined
      ? flatten(field.group, `${prefix}${name}.`)
      : [{ ...field, field: prefix + name }],
  );
}

/** Maps a source. Never throws, whatever JSON the source is; what was wrong with it stands in `flags`. */
export function map<Source, Given, Target>(
  table: FieldTable<Source, Given, Target>,
  source: Source,
  given: Given,
): Mapped<Target> {
  const flags: Finding[] = [];
  const report: Report = (path, says) => flags.push({ path, says });
  const sound = soundSource(table, source, report);
  const soundly = soundGiven(table, given, report);
  const value: Record<string, unknown> = {};
  for (const row of table.rows) put(value, row.field, readRow(row, sound, soundly, report));
  // the rows are the fields of Target, each of its type: that is what Fields demands of them
  return { value: value as Target, flags };
}

/** Reads one field of a source that was checked; undefined when it is empty. */
export function readRow<Source, Given>(
  row: FieldRow<Source, Given>,
  source: Source,
  given: Given,
  report: Report,
): unknown {
  const value = row.read(source, given, (says) => report(row.from, says));
  if (value !== undefined || row.otherwise === undefined) return value;
  report(row.from, 'is missing');
  return row.otherwise;
}

/** The source as its readers may trust it. What is no object at all is read as an empty one. */
export function soundSource<Source, Given>(
  table: FieldTable<Source, Given, unknown>,
  source: Source,
  report: Report,
): Source {
  if (table.check === undefined) return source;
  const sound = (table.check(source, report) ?? {}) as Source;
  const found = isObject(sound) ? sound.resourceType : undefined;
  if (table.resourceType !== undefined && found !== table.resourceType)
    report(table.resourceType, 'is missing: this is another kind of resource');
  return sound;
}

/** What is given, with the resources in it as the readers may trust them. */
export function soundGiven<Source, Given>(
  table: FieldTable<Source, Given, unknown>,
  given: Given,
  report: Report,
): Given {
  let sound = given;
  for (const [key, check] of table.givenChecks) {
    if (given[key] === undefined) continue;
    const checked = check(given[key], report);
    if (checked !== given[key]) sound = { ...sound, [key]: checked };
  }
  return sound;
}

function put(target: Record<string, unknown>, field: string, value: unknown): void {
  const dot = field.indexOf('.');
  if (dot === -1) {
    if (value !== undefined) target[field] = value;
    return;
  }
  const name = field.slice(0, dot);
  target[name] ??= {};
  put(target[name] as Record<string, unknown>, field.slice(dot + 1), value);
}
