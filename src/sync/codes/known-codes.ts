/**
 * What a site has said about its own codes, as it is in force: its table and its crosswalks, read again when they change.
 * A file that got broken changes nothing: the rows known before stay, and what is wrong is said with its line. Rows are
 * added and taken out only in the table, and only by whoever holds the write lock of the store (a transaction), so that
 * of two processes that teach at once none loses a row.
 */
import { type Coding, token } from '../../core/concept.ts';
import { AdapterError, asAdapterError } from '../../core/errors.ts';
import {
  isFor,
  meaning,
  type OurCode,
  originOf,
  type SiteCode,
  type SiteCodes,
  sameMeaning,
  siteCodesOf,
} from '../../core/site-codes.ts';
import {
  type Crosswalk,
  type CrosswalkGiven,
  clashes,
  type OurCodes,
  readCrosswalk,
  withoutRow,
  withRow,
} from '../../mapping/crosswalk.ts';
import { fewSentences, type Problem } from '../../mapping/problems.ts';

/** A file as this needs it; `name` is what messages call it. */
export interface CodesFile {
  readonly name: string;
  stamp(): string | undefined;
  read(): Uint8Array | undefined;
  replace(before: Uint8Array | undefined, text: string): boolean;
}

export interface KnownCodesGiven {
  readonly table: CodesFile;
  readonly crosswalks: readonly CodesFile[];
  readonly ours: OurCodes;
  readonly hospitals: readonly string[];
  /** Whether a hospital takes a code of ours. */
  readonly takes: (hospital: string, ours: OurCode) => boolean;
  /** Hears what is wrong with the files each time that they change and are broken. */
  readonly onBroken?: ((sentences: readonly string[]) => void) | undefined;
}

export type NewSiteCode = Omit<SiteCode, 'file' | 'line' | 'hospital'> & {
  readonly hospital: string;
};

export interface KnownCodes {
  readonly ours: OurCodes;
  /** Grows by one whenever other rows are in force. */
  readonly version: number;
  /** The version up to which what waited at a hospital was taken up, by hospital. */
  readonly takenUp: Map<string, number>;
  readonly rows: readonly SiteCode[];
  /** What is wrong with the files as they are now; then older rows than theirs are in force. */
  readonly problems: readonly Problem[];
  of(hospital: string): SiteCodes;
  /** Reads the files if one has changed; true when other rows are in force since. */
  refresh(): boolean;
  /** Adds a row to the table; `before` where it says so already. Throws `not-possible-now` where it says otherwise. */
  add(row: NewSiteCode): { readonly row: SiteCode; readonly before: boolean };
  /** Takes the rows of a code of a hospital out of the table; throws `not-ours` where there are none. */
  remove(hospital: string, coding: Coding): SiteCode[];
}

/** Reads the files for the first time. With problems, only what is right is in force: the caller decides what then. */
export function openKnownCodes(given: KnownCodesGiven): KnownCodes {
  const { table, ours, hospitals, takes } = given;
  const files = [table, ...given.crosswalks];
  let stamps: string | undefined;
  let version = 0;
  let rows: readonly SiteCode[] = [];
  let problems: readonly Problem[] = [];
  let said = '';
  let byHospital = new Map<string, SiteCodes>();

  load(true);
  return {
    ours,
    takenUp: new Map(),
    get version() {
      return version;
    },
    get rows() {
      return rows;
    },
    get problems() {
      return problems;
    },
    of(hospital) {
      const known = byHospital.get(hospital) ?? siteCodesOf(rows, hospital);
      byHospital.set(hospital, known);
      return known;
    },
    refresh: () => load(false),
    add(row) {
      const isThis = (one: SiteCode) => token(one) === token(row) && isFor(one, row.hospital);
      const known = change((file, crosswalks) => {
        const said = [...file.rows, ...crosswalks].find(isThis);
        if (said === undefined) return { text: withRow(file, row), done: undefined };
        if (sameMeaning(said, row)) return { done: said };
        throw saidOtherwise(said, row.hospital);
      });
      if (known !== undefined) return { row: known, before: true };
      const line = rows.find((one) => one.file === table.name && isThis(one))?.line ?? 0;
      return { row: { ...row, file: table.name, line }, before: false };
    },
    remove: (hospital, coding) =>
      change((file) => {
        const gone = file.rows.filter(
          (one) => one.hospital === hospital && token(one) === token(coding),
        );
        if (gone.length === 0) throw notThere(hospital, coding);
        const text = gone
          .toReversed()
          .reduce((rest, row) => withoutRow({ ...file, text: rest }, row), file.text);
        return { text, done: gone };
      }),
  };

  function saidOtherwise(said: SiteCode, hospital: string): AdapterError {
    return new AdapterError(
      'not-possible-now',
      `${token(said)} is ${meaning(said)} here, said ${originOf(said)} (line ${said.line}).`,
      {
        fix:
          said.file === table.name
            ? `Forget that first: massage-fhir codes forget --hospital ${hospital} '${token(said)}'.`
            : `Change the row in ${said.file}.`,
      },
    );
  }

  function notThere(hospital: string, coding: Coding): AdapterError {
    const other = rows.find((one) => token(one) === token(coding) && isFor(one, hospital));
    return new AdapterError(
      'not-ours',
      `${table.name} says nothing about ${token(coding)} at ${hospital}.`,
      {
        fix: other ? `Change line ${other.line} of ${other.file}.` : 'See massage-fhir codes list.',
      },
    );
  }

  function load(first: boolean): boolean {
    const now = stampsNow();
    if (now !== undefined && now === stamps) return false;
    const read = files.map(readOne);
    const found = read.flatMap((one) => one.rows);
    const wrong = [...read.flatMap((one) => one.problems), ...clashes(found)];
    // The stamps from before reading: what changes while we read is read again next time.
    stamps = now;
    const lost =
      first || wrong.length > 0 ? [] : files.filter((file, at) => isLost(file, read[at]));
    problems = [
      ...wrong,
      ...lost.map(({ name }) => ({
        where: name,
        path: 'the file',
        found: 'gone or empty',
        expected: 'the rows that it had, or its first line at least',
      })),
    ];
    if (problems.length > 0 && !first) {
      const sentences = fewSentences(problems);
      // A file that cannot even be looked at is looked at each time; it is said once.
      if (sentences.join() !== said) given.onBroken?.(sentences);
      said = sentences.join();
      return false;
    }
    said = '';
    if (JSON.stringify(found) === JSON.stringify(rows)) return false;
    rows = found;
    byHospital = new Map();
    version += 1;
    return true;
  }

  function stampsNow(): string | undefined {
    try {
      return JSON.stringify(files.map((file) => file.stamp() ?? null));
    } catch (thrown) {
      if (asAdapterError(thrown).code !== 'file-unreadable') throw thrown;
      return undefined; // reading it says what is wrong
    }
  }

  function isLost({ name }: CodesFile, read: Crosswalk | Broken | undefined): boolean {
    return read?.text === '' && rows.some((row) => row.file === name);
  }

  function readOne(file: CodesFile): Crosswalk | Broken {
    try {
      const bytes = file.read();
      if (bytes === undefined && file !== table)
        return broken(file.name, 'missing', 'a CSV file: their system, their code, our code');
      return readCrosswalk(bytes, givenFor(file));
    } catch (thrown) {
      const error = asAdapterError(thrown);
      if (error.code !== 'file-unreadable') throw thrown;
      return broken(file.name, 'not readable', 'one that may be read', error.message);
    }
  }

  function givenFor(file: CodesFile): CrosswalkGiven {
    return { file: file.name, ours, hospitals, takes, isTable: file === table };
  }

  /** Changes the table as it is on the disk at this moment; what it then holds is in force at once. */
  function change<T>(
    decide: (
      file: Crosswalk,
      crosswalks: readonly SiteCode[],
    ) => { readonly text?: string; readonly done: T },
  ): T {
    for (let tries = 1; ; tries++) {
      load(false);
      // While one of the files is broken no change of another comes into force.
      refuseBroken(problems, 'The files of the site’s codes have mistakes');
      const bytes = table.read();
      const file = readCrosswalk(bytes, givenFor(table));
      refuseBroken([...file.problems, ...clashes(file.rows)], `${table.name} has mistakes`);
      const { text, done } = decide(
        file,
        rows.filter((one) => one.file !== table.name),
      );
      if (text === undefined) return done;
      const after = readCrosswalk(new TextEncoder().encode(text), givenFor(table));
      refuseBroken(
        [...after.problems, ...clashes(after.rows)],
        `${table.name} would have mistakes`,
      );
      if (table.replace(bytes, text)) {
        load(false);
        return done;
      }
      if (tries >= 10)
        throw new AdapterError('file-unreadable', `${table.name} is written to all the time.`, {
          fix: 'Close the programs that have it open, then try again.',
        });
    }
  }

  function refuseBroken(wrong: readonly Problem[], says: string): void {
    if (wrong.length === 0) return;
    throw new AdapterError('settings-wrong', `${says}; nothing was changed.`, {
      problems: fewSentences(wrong),
      fix: 'Correct them as listed, then try again.',
    });
  }
}

type Broken = Pick<Crosswalk, 'rows' | 'problems' | 'text'>;

function broken(where: string, found: string, expected: string, because?: string): Broken {
  return { rows: [], problems: [{ where, path: 'the file', found, expected, because }], text: '' };
}
