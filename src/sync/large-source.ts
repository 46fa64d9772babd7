/**
 * Files of NDJSON too large to keep a row of each line: of most lines the bytes alone tell that they are none of ours, and
 * only their number is kept. Read once for what names our codes or what we know already, and again as far as what was
 * taken in refers to lines that were passed over, or may be referred to by them. Memory grows with what is ours only.
 */
import { namesThatMatter } from '../store/known-names.ts';
import { selectOrder } from './codes/waiting.ts';
import { lineFilter, type Search } from './line-filter.ts';
import { headOf, type LineHead, NameSet, nameAt } from './line-names.ts';
import type { FileOutcome, Tally } from './report.ts';
import type { Site } from './site.ts';
import { needsOf, referencesIn } from './source-needs.ts';
import { longestLine, type Part, partOf, type SourceFile, tooLongLine } from './source-parts.ts';
import type { SourceTaking } from './source-taking.ts';
import { eachLine, type LineOf, type Lines, wholeLines } from './whole-lines.ts';

export interface LargeSource {
  /** Reads one file; false when it was asked to stop. */
  read(file: SourceFile): Promise<boolean>;
  /** Reads again, in the files that may have it, what is referred to; false when it was asked to stop. */
  complete(): Promise<boolean>;
  /** What was passed over, and why. */
  passedOver(): FileOutcome[];
}

/** What a file had that was not taken in. */
interface Passed {
  readonly file: SourceFile;
  /** Number of lines by their type; those of which the type was not looked at under an empty name. */
  readonly types: Map<string, number>;
  /** Numbers of the lines that were taken in. */
  readonly taken: Set<number>;
  /** Lines that are no JSON object, beyond those that have a row of their own. */
  broken: number;
}

/** Rows for lines of one file that are no JSON: the next ones are counted only. */
const brokenRows = 100;
/** Times that a source is read again at most: an order leads to an Encounter, that to a Location, that to its ward. */
const mostRounds = 4;
/** Pieces of a file between two signals of progress: some 30 MB. */
const piecesATime = 512;
const rowsAtOnce = 50;

/** Where bytes cannot tell, every line is looked into. */
const everything: Search = (from) => from;

const openBrace = 123;
const closeBrace = 125;
const unread = '';
/** What refers to an order, and concerns us with it. */
const followers: ReadonlySet<string> = new Set(['Task', 'Appointment']);
const appliedTypes: ReadonlySet<string> = new Set(['ServiceRequest', ...followers]);

export async function openLargeSource(
  site: Site,
  run: string,
  tally: Tally,
  taking: SourceTaking,
  signal: AbortSignal,
): Promise<LargeSource> {
  const { settings, hospital, emit } = site;
  const base = hospital.base;
  const filter = lineFilter(site);
  const all: Passed[] = [];
  /** Lines that were passed over, by the names of what they hold. */
  const names = new NameSet();
  /** Names that matter: known before, taken in, or referred to by what was taken in. */
  const wanted = new Set<string>(await namesThatMatter(site.store.read, settings.id));
  const wantedNames = new NameSet();
  for (const name of wanted) wantedNames.add(name);
  /** Since the last reading. */
  let news = new Set<string>();

  function want(name: string): void {
    if (wanted.has(name)) return;
    wanted.add(name);
    wantedNames.add(name);
    news.add(name);
  }

  /** Whether this is to be taken in: by its own words, or since it matters already. */
  function concerns(resource: Named): boolean {
    if (isNamed(resource) && wanted.has(nameOf(resource))) return true;
    if (resource.resourceType === 'ServiceRequest') {
      const { outcome, rule } = selectOrder(site, resource as fhir4.ServiceRequest, false);
      return outcome !== 'refused' || rule !== 'service';
    }
    if (!followers.has(resource.resourceType ?? '')) return false;
    return filter?.finds(JSON.stringify(resource)) !== false || isAboutOurs(resource);
  }

  function isAboutOurs(resource: Named): boolean {
    if (!followers.has(resource.resourceType ?? '')) return false;
    for (const reference of referencesIn(resource, base))
      if (/^(ServiceRequest|Task)\//.test(reference) && wanted.has(reference)) return true;
    return false;
  }

  function tookIn(resource: Named): void {
    if (!isNamed(resource)) return;
    const isRefused =
      resource.resourceType === 'ServiceRequest' &&
      !wanted.has(nameOf(resource)) &&
      selectOrder(site, resource, false).outcome === 'refused';
    // Its row says why; nobody will ask for what is around it.
    if (isRefused) return;
    if (appliedTypes.has(resource.resourceType)) want(nameOf(resource));
    for (const need of needsOf(resource, base)) want(need);
  }

  /** Reads a file; `look` says which of its lines are taken in. */
  async function scan(
    passed: Passed,
    look: (lines: Lines, found: (line: LineOf, part: Part) => void) => void,
    isFirst: boolean,
  ): Promise<boolean> {
    const { file, taken } = passed;
    const parts: Part[] = [];
    let [pieces, read, fresh] = [0, tally.read, tally.fresh];
    const found = (line: LineOf, part: Part): void => {
      parts.push(part);
      taken.add(line.number);
    };
    for await (const lines of wholeLines(file.chunks(), longestLine)) {
      if (signal.aborted) break;
      if (!('tooLong' in lines)) look(lines, found);
      else if (isFirst) parts.push(tooLongLine(lines.tooLong));
      if (parts.length >= rowsAtOnce) await taking.take(file.name, parts.splice(0));
      pieces += 1;
      if (pieces % piecesATime !== 0) continue;
      emit('run:page', {
        hospital: settings.id,
        run,
        rung: 'A7',
        read: tally.read - read,
        fresh: tally.fresh - fresh,
      });
      [read, fresh] = [tally.read, tally.fresh];
    }
    await taking.take(file.name, parts);
    return !signal.aborted;
  }

  function firstLook(passed: Passed) {
    return (lines: Lines, found: (line: LineOf, part: Part) => void): void => {
      const { bytes } = lines;
      const next = filter?.search(bytes.toString('latin1')) ?? everything;
      eachLine(lines, (line) => {
        if (bytes[line.from] !== openBrace || bytes[line.to - 1] !== closeBrace) {
          passed.broken += 1;
          if (passed.broken <= brokenRows) found(line, { broken: textOf(bytes, line) });
          else tally.read += 1;
          return;
        }
        const head = headOf(bytes, line.from, line.to);
        const isMatch = next(line.from) < line.to || mayMatter(bytes, line, head);
        const part = isMatch ? partOf(textOf(bytes, line)) : undefined;
        const resource = part !== undefined && 'body' in part ? (part.body as Named) : undefined;
        if (part !== undefined && (resource === undefined || concerns(resource))) {
          found(line, part);
          if (resource !== undefined) tookIn(resource);
          return;
        }
        tally.read += 1;
        passOver(passed, bytes, head);
      });
    };
  }

  function passOver({ types }: Passed, bytes: Buffer, head: LineHead | undefined): void {
    const type = head === undefined ? unread : bytes.toString('latin1', head.typeFrom, head.typeTo);
    if (head !== undefined) names.addAt(bytes, head);
    types.set(type, (types.get(type) ?? 0) + 1);
  }

  /** Whether the line may hold something that matters already; where type and id do not come first, any id in it may be. */
  function mayMatter(bytes: Buffer, line: LineOf, head: LineHead | undefined): boolean {
    if (wantedNames.size === 0) return false;
    if (head !== undefined)
      return wantedNames.hasAt(bytes, head) && wanted.has(nameAt(bytes, head));
    return hasWantedId(bytes.toString('latin1', line.from, line.to));
  }

  function hasWantedId(text: string): boolean {
    ids ??= new Set([...wanted].map((name) => name.slice(name.indexOf('/') + 1)));
    for (const [, id = ''] of text.matchAll(/"id"\s*:\s*"([^"]*)"/g))
      if (id.includes('\\') || ids.has(Buffer.from(id, 'latin1').toString('utf8'))) return true;
    return false;
  }
  let ids: Set<string> | undefined;

  /** Whether the line may refer to an order or a Task of ours. */
  function mayFollow(bytes: Buffer, line: LineOf): boolean {
    const text = bytes.toString('latin1', line.from, line.to);
    if (text.includes('\\u')) return true;
    for (const [, type, id = ''] of text.matchAll(/(ServiceRequest|Task)\\?\/([^"\\/]+)/g))
      if (wanted.has(`${type}/${Buffer.from(id, 'latin1').toString('utf8')}`)) return true;
    return false;
  }

  function secondLook(passed: Passed) {
    return (lines: Lines, found: (line: LineOf, part: Part) => void): void => {
      const { bytes } = lines;
      eachLine(lines, (line) => {
        if (passed.taken.has(line.number)) return;
        if (bytes[line.from] !== openBrace || bytes[line.to - 1] !== closeBrace) return;
        const head = headOf(bytes, line.from, line.to);
        const type = head && bytes.toString('latin1', head.typeFrom, head.typeTo);
        const mayFollowOurs = type === undefined || followers.has(type);
        if (!mayMatter(bytes, line, head) && !(mayFollowOurs && mayFollow(bytes, line))) return;
        const part = partOf(textOf(bytes, line));
        if (!('body' in part)) return;
        const resource = part.body as Named;
        const isWanted = isNamed(resource) && wanted.has(nameOf(resource));
        if (!isWanted && !isAboutOurs(resource)) return;
        found(line, part);
        // It was counted when it was passed over.
        tally.read -= 1;
        passed.types.set(type ?? unread, (passed.types.get(type ?? unread) ?? 1) - 1);
        tookIn(resource);
      });
    };
  }

  /** Whether something that matters now may be among the lines that were passed over here. */
  function mayHave({ types }: Passed, since: ReadonlySet<string>): boolean {
    if (since.size === 0 && wanted.size === 0) return false;
    if ((types.get(unread) ?? 0) > 0) return true;
    if (wanted.size > 0 && [...followers].some((type) => (types.get(type) ?? 0) > 0)) return true;
    for (const name of since) {
      const type = name.slice(0, name.indexOf('/'));
      if ((types.get(type) ?? 0) > 0 && names.has(name)) return true;
    }
    return false;
  }

  return {
    read(file) {
      const passed: Passed = { file, types: new Map(), taken: new Set(), broken: 0 };
      all.push(passed);
      return scan(passed, firstLook(passed), true);
    },
    async complete() {
      for (let round = 0; round < mostRounds; round += 1) {
        const since = news;
        if (round > 0 && since.size === 0) break;
        news = new Set();
        ids = undefined;
        for (const passed of all)
          if (mayHave(passed, since) && !(await scan(passed, secondLook(passed), false)))
            return false;
      }
      return true;
    },
    passedOver: () => all.flatMap((passed) => outcomesOf(passed, tally)),
  };
}

function outcomesOf({ file, types, broken }: Passed, tally: Tally): FileOutcome[] {
  const orders = (types.get('ServiceRequest') ?? 0) + (types.get(unread) ?? 0);
  const others = [...types.values()].reduce((sum, count) => sum + count, 0) - orders;
  const uncounted = Math.max(0, broken - brokenRows);
  const outcomes: FileOutcome[] = [];
  const tell = (lines: number, state: string, rule: string, says: string): void => {
    if (lines > 0)
      outcomes.push({ file: file.name, lines, state, rule, says: `${counted(lines)} ${says}` });
  };
  tell(
    orders,
    'refused',
    'not-named',
    'name none of the codes, categories or performers of select; not stored',
  );
  tell(others, 'ignored', 'not-referred', 'hold what no order of ours refers to; not stored');
  tell(
    uncounted,
    'unusable',
    'no-json',
    `are no JSON objects, beside the first ${brokenRows}, which are stored`,
  );
  if (orders > 0) tally.refused['not-named'] = (tally.refused['not-named'] ?? 0) + orders;
  tally.ignored += others;
  tally.unusable += uncounted;
  return outcomes;
}

function counted(lines: number): string {
  return `${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}`;
}

/** Anything that a line may hold, looked at with care. */
interface Named {
  readonly resourceType?: string;
  readonly id?: string;
}

function isNamed(value: Named | null): value is fhir4.FhirResource & { readonly id: string } {
  return typeof value?.resourceType === 'string' && typeof value.id === 'string';
}

function nameOf({ resourceType, id }: { readonly resourceType: string; readonly id: string }) {
  return `${resourceType}/${id}`;
}

function textOf(bytes: Buffer, { from, to }: LineOf): string {
  return bytes.toString('utf8', from, to);
}
