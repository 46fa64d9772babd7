/**
 * Where on the body. R4 has no laterality beside a bodySite, so hospitals send it as a pre-coordinated code, in the
 * text, as a second coding, or in an extension (clinical §2.6): all of them end up in the words of the site.
 */
import { type Concept, snomed } from '../src/core/concept.ts';
import type { SiteCodes } from '../src/core/site-codes.ts';
import { defined } from '../src/mapping/defined.ts';
import { codeSystems, ourCoding } from './code-systems.ts';
import { codesFor, withOurs } from './code-tables.ts';
import { conceptFrom, wordsOf } from './concepts.ts';
import { siteCodeIn } from './our-codes.ts';

const sides: Readonly<Record<string, string>> = {
  '7771000': 'Left',
  '24028007': 'Right',
  '51440002': 'Right and left',
  '66459002': 'Unilateral',
};

/** A bodySite of an order, its side in its text, and with what the site has said beside a local code. */
export function bodySiteFrom(shown: fhir4.CodeableConcept, known?: SiteCodes): Concept {
  const said = (shown.coding ?? []).flatMap((one) => siteCodeIn('body-site', one, known) ?? [])[0];
  const site =
    said === undefined
      ? shown
      : { ...shown, coding: [...(shown.coding ?? []), ...withOurs('body-site', said)] };
  const codings = site.coding ?? [];
  const isSide = ({ system, code }: fhir4.Coding) =>
    system === snomed && code !== undefined && sides[code] !== undefined;
  const places = codings.filter((coding) => !isSide(coding));
  const side =
    codings.filter(isSide).map(sideOf).find(Boolean) ??
    (site.extension ?? []).map(sideInExtension).find(Boolean);
  const concept = conceptFrom(site);
  const words = site.text ?? wordsOf({ coding: places });
  if (side === undefined || words?.toLowerCase().includes(side.toLowerCase())) return concept;
  if (words !== undefined && side.toLowerCase().includes(words.toLowerCase()))
    return { ...concept, text: side }; // the extension names the whole site
  return defined({ ...concept, text: [side, words?.toLowerCase()].filter(Boolean).join(' ') });
}

function sideOf({ code, display }: fhir4.Coding): string | undefined {
  return (code === undefined ? undefined : sides[code]) ?? display ?? code;
}

/** Extensions that carry a side or a whole site, by the ends of the URLs that are in use for it. */
function sideInExtension(extension: fhir4.Extension): string | undefined {
  if (!/(laterality|bodyside|body-side|bodysite)$/i.test(extension.url ?? '')) return undefined;
  const { valueCodeableConcept: concept, valueCoding: coding, valueReference } = extension;
  return (
    concept?.text ??
    (concept?.coding ?? []).map(sideOf).find(Boolean) ??
    (coding && sideOf(coding)) ??
    extension.valueString ??
    extension.valueCode ??
    valueReference?.display
  );
}

/** A site in a therapist's words, as the order codes it, else by our table of names, else as text. */
export function toBodySite(site: string, ordered: readonly Concept[]): fhir4.CodeableConcept {
  const words = site.trim().toLowerCase();
  const known = ordered.find(
    (concept) =>
      concept.text?.toLowerCase() === words ||
      (concept.text === undefined && wordsOf(concept)?.toLowerCase() === words),
  );
  const name = words.replace(/\s+/g, '-');
  const coding =
    known?.coding?.map((one): fhir4.Coding => defined(one)) ??
    (Object.hasOwn(codeSystems['body-site'], name)
      ? codesFor(
          'body-site',
          ourCoding('body-site', name as keyof (typeof codeSystems)['body-site']),
        )
      : []);
  return { text: site, ...(coding.length > 0 && { coding }) };
}
