/**
 * What a hospital lets us read of one patient, one type of resource at a time and never more pages than a bound. A type
 * that is not shown ends with the reason; an answer that is not whole says in what way; and what turns out to be another
 * patient's is never handed on, since some servers ignore a parameter and answer with everybody (Q10). Reads only.
 */
import { AdapterError, asAdapterError } from '../core/errors.ts';
import type { NotReadable } from '../core/facts.ts';
import { localReference } from '../fhir/reference.ts';
import { allows, type Capabilities } from './capabilities.ts';
import type { HospitalClient, SearchParams } from './client.ts';
import { expectHonoured } from './discovery/found.ts';
import { pagesOf, selfParams } from './paging.ts';

type AnyType = fhir4.FhirResource['resourceType'];

/** One type of a patient's record, and how to ask for it. */
export interface RecordAsk {
  readonly type: AnyType;
  /** Search parameter by which the newest come first, where the order matters. */
  readonly newestBy?: string | undefined;
  /** Asked in turn when the server refuses to show all of them, or shows only the first. */
  readonly narrower: readonly NarrowerAsk[];
}

export interface NarrowerAsk {
  readonly param: string;
  readonly value: string;
  /** Finishes "only …". */
  readonly words: string;
}

export interface RecordBounds {
  readonly pageSize: number;
  /** Pages of one search. */
  readonly pages: number;
}

export interface RecordPart {
  readonly type: AnyType;
  readonly resources: readonly fhir4.FhirResource[];
  /** In what way the answer is not whole, a sentence each. */
  readonly gaps: readonly string[];
  /** Not all was read, and not the newest first: what is newest here need not be the newest there. */
  readonly isUnsorted?: boolean | undefined;
  /** Why nothing was shown at all. */
  readonly notReadable?: NotReadable | undefined;
}

/** Reads one type of a patient’s record (`Patient/…`). Throws only what is a fault of ours. */
export async function readRecord(
  client: HospitalClient,
  capabilities: Capabilities,
  patient: string,
  ask: RecordAsk,
  bounds: RecordBounds,
): Promise<RecordPart> {
  const { type, narrower } = ask;
  const unread = (notReadable: NotReadable) => ({ type, resources: [], gaps: [], notReadable });
  const local = localReference(patient, client.base.href);
  const params = paramsFor(capabilities, type, local);
  if ('says' in params) return unread(params);
  const search = (more: SearchParams) =>
    attempt(client, local ?? '', ask, [...params, ...more], bounds);

  const whole = await search([]);
  if (whole.fault !== undefined && whole.fault.code !== 'hospital-refused')
    return unread(reasonOf(whole.fault));
  const gaps = [...whole.gaps];
  const resources = [...whole.resources];
  if (whole.fault === undefined && !whole.isCut) return { type, resources, gaps };
  const shown: string[] = [];
  let isUnsorted = false;
  for (const { param, value, words } of narrower) {
    if (!declares(capabilities, type, param)) continue;
    const part = await search([[param, value]]);
    if (part.fault === undefined) {
      shown.push(words);
      isUnsorted ||= part.isUnsorted;
      resources.push(...part.resources);
      gaps.push(...part.gaps.map((gap) => `of ${words}: ${gap}`));
    } else gaps.push(`${words} could not be asked for: ${reasonOf(part.fault).says}`);
  }
  if (whole.fault !== undefined) {
    const { says } = reasonOf(whole.fault);
    if (shown.length === 0) return unread(reasonOf(whole.fault));
    gaps.push(`only ${shown.join(' and ')} were asked for; all of them: ${says}`);
  }
  // What was read by itself and whole does not suffer from the order of the rest.
  const isSaved = narrower.length > 0 && shown.length === narrower.length;
  isUnsorted ||= whole.isUnsorted && !isSaved;
  return { type, resources: eachOnce(resources), gaps, isUnsorted };
}

/** Reads what a record refers to, each once and at most `most`; what cannot be read is the reason instead. */
export async function readReferred(
  client: HospitalClient,
  capabilities: Capabilities,
  references: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, fhir4.FhirResource | NotReadable>> {
  const wanted = [...new Set(references)];
  const found = await Promise.all(
    wanted.map(async (reference, index) => {
      const [type = ''] = (localReference(reference, client.base.href) ?? '').split('/');
      if (index >= most) return undeclared(`only the first ${most} were asked for`);
      if (type !== '' && !allows(capabilities, type, 'read'))
        return undeclared(`the hospital does not declare that ${type} can be read`);
      const read = await orFault(async () => (await client.read(reference)).resource);
      return read instanceof AdapterError ? reasonOf(read) : read;
    }),
  );
  return new Map(
    wanted.flatMap((reference, index) => {
      const one = found[index];
      return one === undefined ? [] : [[reference, one]];
    }),
  );
}

/** Why something was not shown, in words without the address that was asked. */
export function reasonOf({ code, kind, details: { status } }: AdapterError): NotReadable {
  const words = reasons[code] ?? code;
  const says = status === undefined ? words : `${words} (${status})`;
  return { code, says, passing: kind !== 'permanent' };
}

const reasons: Readonly<Partial<Record<AdapterError['code'], string>>> = {
  'not-allowed': 'the hospital does not allow it',
  'sign-in-refused': 'the hospital refuses our sign-in for it',
  'not-found': 'the hospital does not know it',
  gone: 'the hospital deleted it',
  'hospital-refused': 'the hospital refuses the question',
  'search-not-honoured': 'the hospital does not heed whose record was asked for',
  'hospital-unreachable': 'the hospital did not answer',
  'hospital-busy': 'the hospital is busy',
  'hospital-fault': 'the hospital had a fault',
  'answer-broken': 'the answer was broken',
  'paging-broken': 'the answer could not be read to its end',
  'foreign-origin': 'it is at another server',
};

function undeclared(says: string): NotReadable {
  return { code: 'not-allowed', says, passing: false };
}

interface Attempt {
  readonly resources: readonly fhir4.FhirResource[];
  readonly gaps: readonly string[];
  /** There is, or may be, more than was read. */
  readonly isCut: boolean;
  /** And what was read need not be the newest of it. */
  readonly isUnsorted: boolean;
  readonly fault?: AdapterError;
}

async function attempt(
  client: HospitalClient,
  patient: string,
  { type, newestBy }: RecordAsk,
  params: SearchParams,
  bounds: RecordBounds,
): Promise<Attempt> {
  const search = (all: SearchParams) => orFault(() => collect(client, patient, type, all, bounds));
  const sorted: SearchParams =
    newestBy === undefined ? params : [...params, ['_sort', `-${newestBy}`]];
  let found = await search(sorted);
  let isRefused = false;
  if (
    newestBy !== undefined &&
    found instanceof AdapterError &&
    found.code === 'hospital-refused'
  ) {
    found = await search(params);
    isRefused = true;
  }
  if (found instanceof AdapterError)
    return { resources: [], gaps: [], isCut: false, isUnsorted: false, fault: found };
  // Unsorted is no gap where everything was read.
  const isUnsorted = found.isCut && (isRefused || found.isUnsorted);
  const more = isUnsorted ? ['the hospital does not sort: the first need not be the newest'] : [];
  return { ...found, isUnsorted, gaps: [...found.gaps, ...more] };
}

async function collect(
  client: HospitalClient,
  patient: string,
  type: AnyType,
  params: SearchParams,
  { pageSize, pages }: RecordBounds,
): Promise<Attempt> {
  const resources: fhir4.FhirResource[] = [];
  const gaps = new Set<string>();
  let isCut = false;
  let isUnsorted = false;
  for await (const page of pagesOf<fhir4.FhirResource>(client, type, params, { pageSize })) {
    expectHonoured(page, params[0] === undefined ? [] : [params[0][0]]);
    if (page.number === 1) isUnsorted = dropped(page.self, params, '_sort');
    for (const resource of page.resources) {
      const owner = localReference(ownerOf(resource), client.base.href);
      if (owner === patient) resources.push(resource);
      else if (owner === undefined)
        gaps.add('some name no patient of this server and were put aside');
      else throw new AdapterError('search-not-honoured', `${type} of other patients was shown.`);
    }
    if (page.partial) gaps.add('the hospital says that it leaves something out');
    isCut = page.capped || (page.next !== undefined && page.number >= pages);
    if (isCut) {
      const more = page.next === undefined ? 'may be' : 'are';
      gaps.add(`the first ${resources.length} were read; there ${more} more`);
      break;
    }
  }
  return { resources, gaps: [...gaps], isCut, isUnsorted };
}

/** Whether the self link shows that a parameter which was asked with was not heeded. */
function dropped(self: string | undefined, params: SearchParams, param: string): boolean {
  return params.some(([name]) => name === param) && selfParams(self)?.has(param) === false;
}

/** Whose it is; elements of strangers are not trusted to be of their type. */
function ownerOf(resource: fhir4.FhirResource): string | undefined {
  const { subject, patient } = resource as { subject?: unknown; patient?: unknown };
  for (const owner of [subject, patient])
    if (typeof owner === 'object' && owner !== null && 'reference' in owner)
      return typeof owner.reference === 'string' ? owner.reference : undefined;
  return undefined;
}

/** How to ask for the records of this type of one patient, or why that cannot be asked. */
function paramsFor(
  capabilities: Capabilities,
  type: AnyType,
  patient: string | undefined,
): SearchParams | NotReadable {
  if (patient === undefined || !patient.startsWith('Patient/'))
    return undeclared('the order names no patient of this hospital’s server');
  if (!allows(capabilities, type, 'search-type'))
    return undeclared(`the hospital does not declare that ${type} can be searched`);
  if (declares(capabilities, type, 'patient'))
    return [['patient', patient.slice('Patient/'.length)]];
  if (declares(capabilities, type, 'subject')) return [['subject', patient]];
  return undeclared(`the hospital declares no search for ${type} by patient`);
}

/** Whether a search parameter may be used: declared, or nothing at all is declared of the type. */
function declares(capabilities: Capabilities, type: AnyType, param: string): boolean {
  const params = capabilities.declared ? capabilities.types.get(type)?.searchParams : undefined;
  return params === undefined || params.size === 0 || params.has(param);
}

function eachOnce(resources: readonly fhir4.FhirResource[]): fhir4.FhirResource[] {
  return [...new Map(resources.map((one) => [one.id ?? JSON.stringify(one), one])).values()];
}

async function orFault<T>(work: () => Promise<T>): Promise<T | AdapterError> {
  try {
    return await work();
  } catch (thrown) {
    const error = asAdapterError(thrown);
    if (error.code === 'internal') throw thrown;
    return error;
  }
}
