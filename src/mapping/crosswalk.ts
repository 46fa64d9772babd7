/**
 * A site's crosswalk: a CSV file of `their system, their code, our code`, with a display where the site wants one. The
 * site's own table, which people add to by teaching, is the same with `hospital`, `by` and `date`. Read as bytes, since
 * what spreadsheets write is not always UTF-8 nor separated by commas; everything that is wrong is said with its line.
 */
import { type Coding, token } from '../core/concept.ts';
import { lookAlikeOf } from '../core/selection.ts';
import { isFor, meaning, type OurCode, type SiteCode, sameMeaning } from '../core/site-codes.ts';
import { type CsvRecord, csvLine, readCsv, type Separator } from './csv.ts';
import { nearest } from './nearest.ts';
import { type Problem, shown } from './problems.ts';

/** The codes of ours that a site's codes may stand for. */
export interface OurCodes {
  /** By `system|code`, or by the code alone where only one has it. */
  find(written: string): OurCode | undefined;
  /** `system|code` of what was probably meant. */
  meant(written: string): string | undefined;
}

export interface CrosswalkGiven {
  /** How messages name the file. */
  readonly file: string;
  readonly ours: OurCodes;
  /** Ids of the settings. */
  readonly hospitals: readonly string[];
  /** Whether a hospital takes a code of ours: of two hospitals each may take other services. */
  readonly takes?: ((hospital: string, ours: OurCode) => boolean) | undefined;
  /** The site's own table, in which each row says for which hospital and by whom. */
  readonly isTable: boolean;
}

/** A row and where it stands in the text. */
export interface PlacedCode extends SiteCode {
  readonly from: number;
  readonly to: number;
}

export interface Crosswalk {
  /** Only what is right. */
  readonly rows: readonly PlacedCode[];
  readonly problems: readonly Problem[];
  /** Without a byte order mark. */
  readonly text: string;
  readonly layout: Layout;
}

interface Layout {
  readonly columns: readonly string[];
  readonly separator: Separator;
  readonly end: string;
  readonly hasMark: boolean;
}

const needed = ['their system', 'their code', 'our code'] as const;
const neededInTable = ['hospital', ...needed, 'by', 'date'] as const;
const allColumns = ['hospital', ...needed, 'display', 'by', 'date'] as const;
type Column = (typeof allColumns)[number];

/** What stands under `our code` where a code is none of ours. */
const notOurs = 'not ours';

const newLayout: Layout = { columns: allColumns, separator: ',', end: '\n', hasMark: false };

/** Reads a file; `undefined` for one that is not there, which is an empty table. Never throws. */
export function readCrosswalk(bytes: Uint8Array | undefined, given: CrosswalkGiven): Crosswalk {
  const { file, isTable } = given;
  const problems: Problem[] = [];
  const complain = (line: number, problem: Omit<Problem, 'where'>) =>
    problems.push({ where: `${file}:${line}`, ...problem });
  const decoded = decode(bytes ?? new Uint8Array());
  if ('found' in decoded) {
    complain(decoded.line, {
      path: 'the text',
      found: decoded.found,
      expected: 'UTF-8',
      hint: 'Save it again as “CSV UTF-8”.',
    });
    return { rows: [], problems, text: '', layout: newLayout };
  }
  const { text, hasMark } = decoded;
  const required: readonly Column[] = isTable ? neededInTable : needed;
  const { separator, records, mistakes } = readAs(text, required);
  const [header, ...body] = records;
  const columns = (header?.fields ?? []).map(columnName);
  const end = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const layout: Layout =
    header === undefined ? { ...newLayout, hasMark } : { columns, separator, end, hasMark };
  if (header === undefined && isTable && mistakes.length === 0)
    return { rows: [], problems, text, layout };
  for (const { line, found } of mistakes)
    complain(line, { path: 'the line', found, expected: 'fields as RFC 4180 has them' });
  const missing = required.filter((name) => !columns.includes(name));
  for (const name of missing) {
    const other = columns.find((one) => !isColumn(one) && nearest(one, [name]) !== undefined);
    complain(header?.line ?? 1, {
      path: `the column “${name}”`,
      found: 'missing',
      expected: `a first line that names ${required.join(', ')}`,
      because: other === undefined ? undefined : `there is a column “${other}”`,
    });
  }
  const twice = columns.filter((name, at) => isColumn(name) && columns.indexOf(name) < at);
  for (const name of twice)
    complain(header?.line ?? 1, {
      path: `the column “${name}”`,
      found: 'there twice',
      expected: 'one of each',
    });
  if (missing.length > 0 || twice.length > 0) return { rows: [], problems, text, layout };
  const rows = body.flatMap((record) => {
    const row = rowOf(record, columns, given, (problem) => complain(record.line, problem));
    return row === undefined ? [] : [{ ...row, from: record.from, to: record.to }];
  });
  return { rows, problems, text, layout };
}

function readAs(text: string, required: readonly Column[]) {
  // Spreadsheets of some countries say in a first line how they separate.
  const said = /^"?sep=([,;\t])"?(?:\r\n|\n|\r)/i.exec(text)?.[1] as Separator | undefined;
  const candidates: readonly Separator[] = said === undefined ? [',', ';', '\t'] : [said];
  const read = candidates.map((separator) => {
    const { records, mistakes } = readCsv(text, separator);
    const kept = said === undefined ? records : records.filter(({ line }) => line > 1);
    const named = (kept[0]?.fields ?? []).map(columnName);
    return {
      separator,
      records: kept,
      mistakes,
      fits: required.filter((one) => named.includes(one)).length,
    };
  });
  return read.reduce((best, one) => (one.fits > best.fits ? one : best));
}

function columnName(written: string): string {
  return written
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
}

function isColumn(name: string): name is Column {
  return (allColumns as readonly string[]).includes(name);
}

type Complain = (problem: Omit<Problem, 'where'>) => void;

function rowOf(
  { fields, line }: CsvRecord,
  columns: readonly string[],
  { file, ours, hospitals, takes }: CrosswalkGiven,
  complain: Complain,
): SiteCode | undefined {
  const cells = fields.map((field) => field.trim());
  if (cells.every((cell) => cell === '')) return undefined;
  if (cells.length < columns.length || cells.slice(columns.length).some((cell) => cell !== '')) {
    complain({
      path: 'the line',
      found: `${cells.length} fields long`,
      expected: `${columns.length}, as the first line names them`,
    });
    return undefined;
  }
  const cell = (name: Column) => cells[columns.indexOf(name)] || undefined;
  let isRight = true;
  const wrong: Complain = (problem) => {
    isRight = false;
    complain(problem);
  };
  const [hospital, system = '', code = ''] = [
    cell('hospital'),
    cell('their system'),
    cell('their code'),
  ];
  const written = cell('our code');
  const coding = { system, code, display: cell('display') };
  if (hospital !== undefined && !hospitals.includes(hospital))
    wrong({
      path: 'hospital',
      found: shown(hospital),
      expected: `one of ${hospitals.join(', ')}, or nothing for all`,
      meant: nearest(hospital, hospitals),
    });
  for (const problem of theirProblems(coding)) wrong(problem);
  const found = written === undefined || isNotOurs(written) ? undefined : ours.find(written);
  if (written === undefined)
    wrong({ path: 'our code', found: 'missing', expected: `a code of ours, or “${notOurs}”` });
  else if (found === undefined && !isNotOurs(written))
    wrong({
      path: 'our code',
      found: shown(written),
      expected: `a massage service of select.codes, another code of ours, or “${notOurs}”`,
      meant: ours.meant(written),
    });
  if (found !== undefined && hospital !== undefined && takes?.(hospital, found) === false)
    wrong({
      path: 'our code',
      found: shown(written),
      expected: `a massage service of select.codes of ${hospital}`,
    });
  const lookAlike = found && lookAlikeOf(coding);
  if (lookAlike !== undefined)
    wrong({
      path: 'their code',
      found: `${lookAlike}, not massage therapy`,
      expected: `“${notOurs}” for ${shown(token(coding))}`,
    });
  if (!isRight) return undefined;
  return { hospital, ...coding, ours: found, by: cell('by'), date: cell('date'), file, line };
}

/** What is wrong with a code of theirs, so that no order could ever carry it. */
export function theirProblems({ system = '', code = '' }: Coding): Omit<Problem, 'where'>[] {
  const found: Omit<Problem, 'where'>[] = [];
  if (/[\s|]/.test(system))
    found.push({
      path: 'their system',
      found: shown(system),
      expected: 'the system as their orders have it, without spaces and |',
    });
  if (!/^[^\s]+( [^\s]+)*$/.test(code))
    found.push({
      path: 'their code',
      found: code === '' ? 'missing' : shown(code),
      expected: 'the code as their orders have it',
    });
  return found;
}

function isNotOurs(written: string): boolean {
  return columnName(written) === notOurs;
}

/** Rows about the same code of the same hospital: that they contradict each other, or repeat each other in one file. */
export function clashes(rows: readonly SiteCode[]): Problem[] {
  const earlier = new Map<string, SiteCode[]>();
  return rows.flatMap((row) => {
    const same = earlier.get(token(row)) ?? [];
    // What only repeats an earlier row is not kept: a file may repeat one a hundred thousand times.
    if (!same.some((one) => isTwin(one, row) && sameMeaning(one, row)))
      earlier.set(token(row), [...same, row]);
    const about = same.filter(({ hospital }) => overlap(hospital, row.hospital));
    const other = about.find((one) => !sameMeaning(one, row));
    const twin = about.find((one) => isTwin(one, row));
    const where = `${row.file}:${row.line}`;
    const path = `the row for ${shown(token(row))}`;
    if (other !== undefined)
      return [
        {
          where,
          path,
          found: `${meaning(row)}, but ${other.file}:${other.line} says ${meaning(other)}`,
          expected: 'one meaning for one code',
        },
      ];
    return twin === undefined
      ? []
      : [{ where, path, found: `the same as line ${twin.line}`, expected: 'one row for one code' }];
  });
}

function isTwin(one: SiteCode, other: SiteCode): boolean {
  return one.file === other.file && one.hospital === other.hospital;
}

function overlap(one: string | undefined, other: string | undefined): boolean {
  return other === undefined || isFor({ hospital: one }, other);
}

type Decoded =
  | { readonly text: string; readonly hasMark: boolean }
  | { readonly found: string; readonly line: number };

function decode(bytes: Uint8Array): Decoded {
  const [first, second, third] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // Without its mark it is told by the zeros that every other byte then is; UTF-8 text has none.
  if (isMarked || first === 0 || second === 0) return { found: 'UTF-16', line: 1 };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, hasMark: first === 0xef && second === 0xbb && third === 0xbf };
  } catch {
    // Not a fault to pass on: this is how the decoder says that the file has another encoding.
    const before = new TextDecoder().decode(bytes).split('\uFFFD')[0] ?? '';
    return { found: 'in another encoding', line: before.split(/\r\n|\n|\r/).length };
  }
}

/** The file with a row more, everything else as it was. */
export function withRow({ text, layout }: Crosswalk, row: Omit<SiteCode, 'file' | 'line'>): string {
  const { columns, separator, end, hasMark } = layout;
  const cells: Readonly<Record<Column, string | undefined>> = {
    hospital: row.hospital,
    'their system': row.system,
    'their code': row.code,
    'our code': row.ours === undefined ? notOurs : token(row.ours),
    display: row.display,
    by: row.by,
    date: row.date,
  };
  const line = csvLine(
    columns.map((name) => (isColumn(name) && cells[name]) || ''),
    separator,
  );
  const isEmpty = readCsv(text, separator).records.length === 0;
  const header = isEmpty ? csvLine(columns, separator) + end : '';
  const closed = text === '' || /[\r\n]$/.test(text) ? text : text + end;
  return `${hasMark ? '\uFEFF' : ''}${closed}${header}${line}${end}`;
}

/** The file without a row, everything else as it was. */
export function withoutRow({ text, layout }: Crosswalk, { from, to }: PlacedCode): string {
  return `${layout.hasMark ? '\uFEFF' : ''}${text.slice(0, from)}${text.slice(to)}`;
}
