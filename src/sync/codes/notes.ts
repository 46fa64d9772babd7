/**
 * Notes about unknown codes: what each is about, what the code may be, and how a person answers it. The API, the pages and
 * the command line come through here.
 */
import { isService, servicesOf } from '../../../mappings/our-codes.ts';
import { type Coding, token } from '../../core/concept.ts';
import { AdapterError } from '../../core/errors.ts';
import { rowOf } from '../../store/inbox.ts';
import { type WorkRow, workOf } from '../../store/work.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import type { Site } from '../site.ts';
import { type Suggestion, suggest } from './suggestions.ts';
import { type Lesson, type Taught, teach } from './teaching.ts';
import { codingsOf, outlineOf, waitingOrder } from './waiting.ts';

/** What a note about an unknown code is about, and what it may be; undefined for a note about something else. */
export interface UnknownCode {
  readonly codes: readonly Coding[];
  readonly suggestions: readonly Suggestion[];
}

export async function unknownCodeOf(site: Site, note: WorkRow): Promise<UnknownCode | undefined> {
  if (note.kind !== 'unknown-code' || note.inbox === null) return undefined;
  const row = await rowOf(site.store.read, note.inbox);
  const order = row && waitingOrder(site, row);
  if (order === undefined) return undefined;
  const { id, select } = site.settings;
  const services = servicesOf(select.codes);
  const suggestions = suggest(order.outline.code, {
    hospital: id,
    services,
    rows: site.codes.rows,
  });
  return { codes: codingsOf(order.outline), suggestions };
}

export interface NoteLesson extends Omit<Lesson, 'coding'> {
  /** Which code, as `system|code`, where the order has several. */
  readonly code?: string | undefined;
  readonly display?: string | undefined;
}

/** Teaches the code that a note is about. */
export async function teachNote(
  site: Site,
  log: ExchangeLog,
  note: string,
  { code, display, ...lesson }: NoteLesson,
  signal: AbortSignal,
): Promise<Taught> {
  const coding = await codingOfNote(site, note, code);
  const ours = 'as' in lesson.meaning ? site.codes.ours.find(lesson.meaning.as) : undefined;
  if (ours !== undefined && !isService(ours))
    throw new AdapterError(
      'bad-request',
      `${token(ours)} is no service: the order would wait on.`,
      {
        fix: `Use one of: ${site.settings.select.codes.join(', ')}.`,
      },
    );
  const shown = display ?? coding.display;
  return teach(site, log, { ...lesson, coding: { ...coding, display: shown } }, signal);
}

async function codingOfNote(site: Site, id: string, code: string | undefined): Promise<Coding> {
  const note = await workOf(site.store.read, id);
  if (note === undefined || note.hospital !== site.settings.id)
    throw new AdapterError('not-ours', `There is no work ${id}.`);
  const row = note.inbox === null ? undefined : await rowOf(site.store.read, note.inbox);
  if (note.kind !== 'unknown-code' || row === undefined)
    throw new AdapterError('not-possible-now', 'This work is not about an unknown code.', {
      fix: 'Only work of kind unknown-code can be taught.',
    });
  // One that was taught before has been taken to its end, and is said again without harm.
  const codings = row.body === null ? [] : codingsOf(outlineOf(site, row.body));
  const chosen = code === undefined ? codings : codings.filter((one) => token(one) === code);
  const [only, ...others] = chosen;
  if (only !== undefined && others.length === 0) return only;
  if (row.body === null)
    throw new AdapterError('not-possible-now', `It is decided: ${row.says ?? row.state}.`, {
      fix: 'See massage-fhir codes list for what was said.',
    });
  throw new AdapterError(
    'bad-request',
    codings.length === 0
      ? 'The order has no code that could be taught.'
      : code === undefined
        ? 'The order has several codes.'
        : 'The order does not have this code.',
    codings.length === 0
      ? { fix: 'Settle the note, and ask the hospital to code its orders.' }
      : { fix: `Say which in code: ${codings.map(token).join(' or ')}.` },
  );
}
