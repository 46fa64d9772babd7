/**
 * What a search must carry at least, as far as a statement says so: in the documentation of its search parameters
 * (Oracle Health: “required”, “must be set”, “closed range”) or in athenahealth’s `ah-search-parameter-metadata`
 * extension. FHIR R4 itself has no element for it, and a search without what is required is refused.
 */
import { nameOf, type Odd, type Part, partsOf, textOf } from './statement-parts.ts';

export interface SearchDemands {
  /** Every search carries one of these; empty where nothing is said. */
  readonly oneOf: readonly string[];
  /** Parameters of time that are only taken with both bounds. */
  readonly closed: readonly string[];
}

/** Parameters that name whose record is asked for, or the very resource. */
const whose = ['patient', 'subject', 'patient.identifier', 'encounter'];
const which = ['_id', 'id', 'identifier'];
/** What else a search may be narrowed by instead. */
const elsewhere = ['location', 'practitioner', 'actor', 'performer', 'owner', 'requester', 'slot'];
/** The parameters whose documentation speaks of the whole search; that of others is about themselves. */
const telling = [...whose, '_id', '_lastUpdated', 'date', 'location', 'practitioner', 'actor'];

const demands =
  /\brequired\b|\bmandatory\b|\bmust (also )?(be|have been) (set|given|provided|present|specified|supplied|included|used)\b/i;
const denies = /\bnot (required|mandatory)\b|\boptional\b/i;
const closedRange = /\bclosed[ -](date[ -])?(range|interval|window)\b/i;
const metadata = 'ah-search-parameter-metadata';

/** `resource`: an entry of `rest.resource`. */
export function demandsOf(resource: Part, type: string, odd: Odd): SearchDemands {
  const params = partsOf(resource.searchParam, `${type}.searchParam`, odd);
  const oneOf = new Set(byExtension(resource));
  const closed = new Set<string>();
  for (const param of params) {
    const name = nameOf(param.name);
    const text = textOf(param.documentation)?.slice(0, 2000);
    if (name === undefined || text === undefined) continue;
    if (closedRange.test(text)) closed.add(name);
    if (!telling.includes(name) || !demands.test(text) || denies.test(text)) continue;
    for (const named of [...whose, ...which.slice(0, 1), ...elsewhere])
      if (mentions(text, named)) oneOf.add(named);
    if (whose.includes(name) || name === '_id') oneOf.add(name);
  }
  return { oneOf: [...oneOf].sort(), closed: [...closed].sort() };
}

/** What a search of this type is limited to; undefined where the statement does not say. */
export function scopeOf({ oneOf }: SearchDemands): 'open' | 'patient' | 'id' | undefined {
  if (oneOf.length === 0) return undefined;
  if (oneOf.some((name) => !whose.includes(name) && !which.includes(name))) return 'open';
  return oneOf.some((name) => whose.includes(name)) ? 'patient' : 'id';
}

/** One text for each combination of parameters with which a search is taken. */
function byExtension(resource: Part): readonly string[] {
  const silent: Odd = () => undefined;
  return partsOf(resource.extension, 'extension', silent)
    .filter((extension) => textOf(extension.url)?.includes(metadata))
    .flatMap((extension) => partsOf(extension.extension, 'extension', silent))
    .filter((part) => /^required/i.test(textOf(part.url) ?? ''))
    .flatMap((part) => {
      const names = (textOf(part.valueString) ?? '')
        .split(/[^\w.:-]+/)
        .filter((name) => name !== '');
      // A combination that names whose record it is needs that, whatever else it carries; a named query is none of ours.
      const narrow = names.filter((name) => whose.includes(name) || name === '_id');
      if (narrow.length > 0) return narrow;
      return names.includes('_query') ? [] : names;
    });
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`(^|[^\\w.-])${name.replaceAll('.', '\\.')}(?![\\w.-]*\\w)`, 'i').test(text);
}
