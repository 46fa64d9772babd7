/**
 * Files of NDJSON too large to keep a row of each line: of most lines the bytes alone tell that they are none of ours, and
 * only their number is kept. Read once for what names our codes or what we know already, and again as far as what was
 * taken in refers to lines that were passed over, or may be referred to by them. Memory grows with what is ours only.
 */
import { namesThatMatter } from '../store/known-names.ts';
import { selectOrder } from './codes/waiting.ts';
import { lineFilter, type Search } from './line-filter.ts';
import { headReader, type LineHead, NameList, NameSet, nameAt } from './line-names.ts';
import {
  brokenRows,
  countPassed,
  hasPassed,
  outcomesOf,
  type PassedOver,
  unread,
} from './passed-over.ts';
import type { FileOutcome, Tally } from './report.ts';
import type { Site } from './site.ts';
import { needsOf, referencesIn } from './source-needs.ts';
import { longestLine, type Part, partOf, type SourceFile, tooLongLine } from './source-parts.ts';
import type { SourceTaking } from './source-taking.ts';
import { eachLine, tooLong, wholeLines } from './whole-lines.ts';

export interface LargeSource {
  /** Reads one file; false when it was asked to stop. */
  read(file: SourceFile): Promise<boolean>;
  /** Reads again, in the files that may have it, what is referred to; false when it was asked to stop. */
  complete(): Promise<boolean>;
  /** What was passed over, and why. */
  passedOver(): FileOutcome[];
}

/** Times that a source is read again at most: an order leads to an Encounter, that to a Location, that to its ward. */
const mostRounds = 4;
/** Pieces of a file between two signals of progress: some 30 MB. */
const piecesATime = 512;
const rowsAtOnce = 100;

/** Looks through some lines of a file, of which the first has this number; returns the number of the line after them. */
type Look = (lines: Buffer, first: number, found: Found) => number;
type Found = (number: number, part: Part) => void;

/** Where bytes cannot tell, every line is looked into. */
const everything: Search = (from) => from;

const openBrace = 123;
const closeBrace = 125;
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
  const readHead = headReader();
  const all: PassedOver[] = [];
  /** Of lines that were passed over. */
  const names = new NameList();
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
  async function scan({ file, taken }: PassedOver, look: Look, isFirst: boolean): Promise<boolean> {
    const parts: Part[] = [];
    let number = 1;
    let [pieces, read, fresh] = [0, tally.read, tally.fresh];
    const found: Found = (line, part) => {
      parts.push(part);
      taken.add(line);
    };
    for await (const lines of wholeLines(file.chunks(), longestLine)) {
      if (signal.aborted) break;
      if (lines !== tooLong) number = look(lines, number, found);
      else {
        if (isFirst) parts.push(tooLongLine(number));
        number += 1;
      }
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

  function firstLook(passed: PassedOver): Look {
    return (lines, first, found) => {
      let text: string | undefined;
      const searchFor = (kind: 'all' | 'orders') => () => {
        text ??= lines.toString('latin1');
        return filter?.search(text, kind) ?? everything;
      };
      const inOrders = hitsOf(searchFor('orders'));
      const inAll = hitsOf(searchFor('all'));
      /** Whether it names what makes an order ours; what is only referred to is not looked through for that. */
      const isHit = (from: number, to: number, head: LineHead | undefined): boolean => {
        const isReferredToOnly = head !== undefined && !appliedTypes.has(head.type);
        if (isReferredToOnly && filter !== undefined) return false;
        return head?.type === 'ServiceRequest' ? inOrders(from, to) : inAll(from, to);
      };
      return eachLine(lines, first, (from, to, number) => {
        if (!isObject(lines, from, to)) {
          passed.broken += 1;
          if (passed.broken > brokenRows) tally.read += 1;
          else found(number, { broken: lines.toString('utf8', from, to) });
          return;
        }
        const head = readHead(lines, from, to);
        if (isHit(from, to, head) || mayMatter(lines, from, to, head)) {
          const part = partOf(lines.toString('utf8', from, to));
          const resource = 'body' in part ? (part.body as Named) : undefined;
          if (resource === undefined || concerns(resource)) {
            found(number, part);
            if (resource !== undefined) tookIn(resource);
            return;
          }
        }
        tally.read += 1;
        if (head !== undefined) names.add(head);
        countPassed(passed, head?.type ?? unread, 1);
      });
    };
  }

  /** Whether the line may hold something that matters already; where type and id do not come first, any id in it may be. */
  function mayMatter(lines: Buffer, from: number, to: number, head: LineHead | undefined): boolean {
    if (head !== undefined)
      return wantedNames.hasHash(head.high, head.low) && wanted.has(nameAt(lines, head));
    return wanted.size > 0 && hasWantedId(lines.toString('latin1', from, to));
  }

  function hasWantedId(text: string): boolean {
    ids ??= new Set([...wanted].map((name) => name.slice(name.indexOf('/') + 1)));
    for (const [, id = ''] of text.matchAll(/"id"\s*:\s*"([^"]*)"/g))
      if (id.includes('\\') || ids.has(Buffer.from(id, 'latin1').toString('utf8'))) return true;
    return false;
  }
  let ids: Set<string> | undefined;

  /** Whether the line may refer to an order or a Task of ours. */
  function mayFollow(text: string): boolean {
    if (text.includes('\\u')) return true;
    for (const [, type, id = ''] of text.matchAll(/(ServiceRequest|Task)\\?\/([^"\\/]+)/g))
      if (wanted.has(`${type}/${Buffer.from(id, 'latin1').toString('utf8')}`)) return true;
    return false;
  }

  function secondLook(passed: PassedOver): Look {
    return (lines, first, found) =>
      eachLine(lines, first, (from, to, number) => {
        if (passed.taken.has(number) || !isObject(lines, from, to)) return;
        const head = readHead(lines, from, to);
        const type = head?.type ?? unread;
        const mayFollowOurs = type === unread || followers.has(type);
        const isNear =
          mayMatter(lines, from, to, head) ||
          (mayFollowOurs && mayFollow(lines.toString('latin1', from, to)));
        if (!isNear) return;
        const part = partOf(lines.toString('utf8', from, to));
        if (!('body' in part)) return;
        const resource = part.body as Named;
        const isWanted = isNamed(resource) && wanted.has(nameOf(resource));
        if (!isWanted && !isAboutOurs(resource)) return;
        found(number, part);
        // It was counted when it was passed over.
        tally.read -= 1;
        countPassed(passed, type, -1);
        tookIn(resource);
      });
  }

  /** Types of which something that matters now may be among the lines that were passed over. */
  function typesSought(since: ReadonlySet<string>, isFirst: boolean): Set<string> {
    const byType = new Map<string, NameSet>();
    for (const name of since) {
      const type = name.slice(0, name.indexOf('/'));
      const ofType = byType.get(type) ?? new NameSet();
      byType.set(type, ofType);
      ofType.add(name);
    }
    const sought = new Set<string>();
    if (wanted.size > 0) sought.add(unread);
    // What refers to an order may stand before it, and names no code of ours.
    if (wanted.size > 0 && (isFirst || byType.has('ServiceRequest') || byType.has('Task')))
      for (const type of followers) sought.add(type);
    for (const [type, ofType] of byType)
      if (all.some((passed) => hasPassed(passed, type)) && names.hasAnyOf(ofType)) sought.add(type);
    return sought;
  }

  return {
    async read(file) {
      const passed: PassedOver = {
        file,
        types: new Map(),
        taken: new Set(),
        broken: 0,
        isWhole: false,
      };
      all.push(passed);
      passed.isWhole = await scan(passed, firstLook(passed), true);
      return passed.isWhole;
    },
    async complete() {
      for (let round = 0; round < mostRounds; round += 1) {
        if (round > 0 && news.size === 0) break;
        const sought = typesSought(news, round === 0);
        news = new Set();
        ids = undefined;
        for (const passed of all) {
          // It would break again, and keep the look into the others from its end.
          if (!passed.isWhole) continue;
          const mayHaveIt = [...sought].some((type) => hasPassed(passed, type));
          if (mayHaveIt && !(await scan(passed, secondLook(passed), false))) return false;
        }
      }
      return true;
    },
    passedOver: () => all.flatMap((passed) => outcomesOf(passed, tally)),
  };
}

/** Whether something is found in a line, of lines that are asked for one after the other: what lies ahead is kept. */
function hitsOf(search: () => Search): (from: number, to: number) => boolean {
  let next: Search | undefined;
  let hit = -1;
  return (from, to) => {
    next ??= search();
    if (hit < from) hit = next(from);
    return hit < to;
  };
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

function isObject(lines: Buffer, from: number, to: number): boolean {
  return lines[from] === openBrace && lines[to - 1] === closeBrace;
}
