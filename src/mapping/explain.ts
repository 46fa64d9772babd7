/**
 * Why a field has the value that it has: the path it comes from, what that path selects in this source, the code
 * table, and for an empty field the reason. Slow by nature (it evaluates FHIRPath), so mapping never does it.
 */
import { defined } from './defined.ts';
import { type FieldRow, type FieldTable, readRow, soundGiven, soundSource } from './field-table.ts';

export interface Explained {
  readonly field: string;
  readonly from: string;
  /** What the path selects in the source as it was sent. */
  readonly found: readonly unknown[];
  readonly value: unknown;
  readonly via?: string;
  /** Set where the path is the site's, laid over ours. */
  readonly site?: { readonly over: string; readonly note?: string };
  /** Why the field is empty, or what was noticed when it was read. */
  readonly note?: string;
}

type Evaluate = (source: unknown, environment: Record<string, unknown>) => unknown;
const compiled = new Map<string, Evaluate>();

/** Explains every field of a mapping. A path that cannot be evaluated on this source says so in its note. */
export async function explain<Source, Given, Target>(
  table: FieldTable<Source, Given, Target>,
  source: Source,
  given: Given,
): Promise<Explained[]> {
  const environment = environmentOf(table.rows, given);
  const silent = () => {};
  const sound = soundSource(table, source, silent);
  const soundly = soundGiven(table, given, silent);
  const explained: Explained[] = [];
  for (const row of table.rows) {
    const evaluate = await pathOf(row.from, table.resourceType !== undefined);
    explained.push(explainRow(row, sound, soundly, () => evaluate(source, environment)));
  }
  return explained;
}

/** Names that the engine itself knows. */
const ofTheEngine = ['resource', 'rootResource', 'context', 'ucum', 'sct', 'loinc'];

/** Every name that a path speaks of: the engine refuses a path with a name that is not there. */
function environmentOf(
  rows: readonly { readonly from: string }[],
  given: unknown,
): Record<string, unknown> {
  const names = rows
    .flatMap(({ from }) => [...from.matchAll(/%(\w+)/g)].map(([, name]) => name))
    .filter((name = '') => !ofTheEngine.includes(name));
  const values = (given ?? {}) as Record<string, unknown>;
  return Object.fromEntries(names.map((name = '') => [name, values[name] ?? []]));
}

function explainRow<Source, Given>(
  row: FieldRow<Source, Given>,
  source: Source,
  given: Given,
  select: () => unknown,
): Explained {
  const notes: string[] = [];
  const found = selected(select, notes);
  const value = readRow(row, source, given, (_, says) => notes.push(says));
  if (value === undefined && notes.length === 0)
    notes.push(
      row.why?.(source, given) ??
        (found.length === 0 ? 'the source says nothing about it' : 'nothing usable was found'),
    );
  return {
    field: row.field,
    from: row.from,
    found,
    value,
    ...(row.via !== undefined && { via: row.via }),
    ...(row.overlay !== undefined && { site: defined(row.overlay) }),
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

function selected(select: () => unknown, notes: string[]): readonly unknown[] {
  try {
    const result = select();
    return Array.isArray(result) ? result : [result];
  } catch {
    // the engine's message may repeat what the resource says, so it is not passed on
    notes.push('the path cannot be evaluated on this source');
    return [];
  }
}

/** fhirpath is large: it is loaded when somebody asks for an explanation, and each path is compiled once. */
async function pathOf(from: string, ofFhir: boolean): Promise<Evaluate> {
  const key = `${ofFhir} ${from}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { default: fhirpath } = await import('fhirpath');
  const { default: r4 } = await import('fhirpath/fhir-context/r4');
  const evaluate = fhirpath.compile(from, ofFhir ? r4 : undefined, { async: false }) as Evaluate;
  compiled.set(key, evaluate);
  return evaluate;
}
