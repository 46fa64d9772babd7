/**
 * The facts of one patient, read from the hospital now. Every type ends as read, none on file, or not readable with the
 * reason; nothing is thrown for a hospital that does not answer, since a referral goes on without facts, and says so.
 */
import { referredBy } from '../../../mappings/fact-entries.ts';
import { readingOf } from '../../../mappings/fact-readings.ts';
import type { Follow } from '../../../mappings/fact-references.ts';
import { asAdapterError } from '../../core/errors.ts';
import { type FactReading, type FactSheet, type NotReadable, readAgain } from '../../core/facts.ts';
import { localReference } from '../../fhir/reference.ts';
import { reasonOf } from '../../hospital/patient-record.ts';
import { nowOf, type Site } from '../site.ts';
import { type FactAsk, factAsks } from './fact-asks.ts';

/** Medications and devices that are read for one patient, at most. */
const mostReferred = 50;

type Answered = Awaited<ReturnType<Site['hospital']['patientRecord']>>;

/** Reads everything of a patient (`Patient/…`); what is not answered any more stays as `before` had it. */
export async function readFacts(
  site: Site,
  patient: string,
  before: FactSheet | undefined,
): Promise<FactSheet> {
  const parts = await Promise.all(
    factAsks(site.factRules).map(async (ask) => ({
      type: ask.type,
      part: await partOf(site, patient, ask),
    })),
  );
  const at = nowOf(site);
  const shown = parts.flatMap(({ type, part }) =>
    part.resources.map((resource) => ({ type, resource })),
  );
  const known = new Map<string, fhir4.FhirResource>(
    shown.map(({ type, resource }) => [`${type}/${resource.id}`, resource]),
  );
  const local = (reference: string) => localReference(reference, site.hospital.base) ?? reference;
  const wanted = shown.flatMap(({ type, resource }) => {
    const reference = referredBy(type, resource);
    return reference === undefined || known.has(local(reference)) ? [] : [local(reference)];
  });
  const read = await referred(site, wanted);
  const follow: Follow = (reference) => {
    const found = known.get(local(reference)) ?? read.get(local(reference));
    if (found === undefined) return undefined;
    return 'resourceType' in found ? { resource: found } : { unreadable: found.says };
  };
  return {
    hospital: site.settings.id,
    patient,
    readings: parts.map(({ type, part }): FactReading => {
      const old = before?.readings.find((one) => one.type === type);
      const { resources, gaps, isUnsorted, notReadable } = part;
      const now = readingOf({ type, at, resources, gaps, isUnsorted, follow });
      return notReadable === undefined
        ? now
        : readAgain({ ...now, asOf: undefined, notReadable }, old);
    }),
  };
}

async function partOf(
  { hospital, settings }: Site,
  patient: string,
  ask: FactAsk,
): Promise<Answered> {
  try {
    return await hospital.patientRecord(patient, ask, settings.facts.pages);
  } catch (thrown) {
    return { type: ask.type, resources: [], gaps: [], notReadable: hospitals(thrown) };
  }
}

async function referred(
  { hospital }: Site,
  references: readonly string[],
): Promise<ReadonlyMap<string, fhir4.FhirResource | NotReadable>> {
  if (references.length === 0) return new Map();
  try {
    return await hospital.referred(references, mostReferred);
  } catch (thrown) {
    const why = hospitals(thrown);
    return new Map(references.map((reference) => [reference, why]));
  }
}

/** A fault of the hospital as the reason; a fault of ours is thrown on. */
function hospitals(thrown: unknown): NotReadable {
  const error = asAdapterError(thrown);
  if (error.code === 'internal') throw thrown;
  return reasonOf(error);
}
