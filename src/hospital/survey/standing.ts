/**
 * Whether one rung holds on one server, and on whose word: the statement, the record of the product, a probe, the
 * settings. The first of them that speaks against it gives the reason; the others add theirs, so that a person sees all.
 */
import type { Capabilities } from '../capabilities.ts';
import { missed, type Need, surelyWhyNot, whyNot } from '../needs.ts';
import type { Rung, RungCode, SurveyGiven } from '../rungs.ts';
import type { DecidedBy, Holds, ProbeResult } from '../survey.ts';
import type { RungKnown, SearchHabits, Vendor } from '../vendors/vendor.ts';

export interface Evidence {
  readonly capabilities: Capabilities;
  readonly vendor: Vendor;
  readonly probes: readonly ProbeResult[];
  readonly given: SurveyGiven;
}

export interface Standing {
  readonly holds: Holds;
  readonly by: DecidedBy;
  /** For or against it, in words. */
  readonly why: readonly string[];
  readonly params?: readonly string[];
}

interface Reason {
  readonly holds: 'no' | 'unproven';
  readonly by: DecidedBy;
  readonly says: string;
}

/** The standing of a rung, whether or not this product can use it. */
export function standingOf(rung: Rung, code: RungCode, evidence: Evidence): Standing {
  const { capabilities, vendor } = evidence;
  const known = vendor.rungs?.[code];
  const probes = evidence.probes.filter((one) => one.rung === code);
  const proven = probes.filter(({ outcome }) => outcome === 'holds');
  const reasons: Reason[] = [
    ...statementReasons(rung, capabilities, known?.holds === 'probe'),
    ...(known?.holds === false ? [against('vendor', known.says)] : []),
    ...scopeReasons(rung, vendor),
    ...(rung.known && known === undefined
      ? [against('vendor', 'it is not known of this product')]
      : []),
    ...(proven.length > 0
      ? []
      : probes.flatMap(({ outcome, says }) =>
          outcome === 'fails' ? [against('probe', says)] : [],
        )),
    ...givenReasons(rung, evidence.given),
    ...(known?.holds === 'probe' ? [doubtful('vendor', known.says)] : []),
  ];
  // A probe decides what was in doubt, and nothing else: it is not asked against the word of statement or record.
  const left = proven.length > 0 ? reasons.filter(({ holds }) => holds === 'no') : reasons;
  const first = left.find(({ holds }) => holds === 'no') ?? left[0];
  if (first !== undefined) {
    const said = [first, ...left].map(({ says }) => says);
    const unclear = probes.flatMap(({ outcome, says }) => (outcome === 'unclear' ? [says] : []));
    return { holds: first.holds, by: first.by, why: [...new Set([...said, ...unclear])] };
  }
  return forIt(rung, evidence, known, proven);
}

function forIt(
  rung: Rung,
  { capabilities, vendor }: Evidence,
  known: RungKnown | undefined,
  proven: readonly ProbeResult[],
): Standing {
  const missing = missed(rung, capabilities).map((says) => `although ${says}`);
  const says = known?.holds === 'probe' ? `although ${known.says}` : known?.says;
  const also = [...(says === undefined ? [] : [says]), ...missing];
  if (proven.length > 0) {
    const params = proven.flatMap(({ param }) => param ?? []);
    const why = [...proven.map(({ says }) => says), ...also];
    return { holds: 'yes', by: 'probe', why, ...(params.length > 0 && { params }) };
  }
  if (rung.needs.length === 0 && known === undefined)
    return {
      holds: 'yes',
      by: rung.given === undefined ? 'assumed' : 'settings',
      why: ['it needs nothing of the server'],
    };
  if (known !== undefined) return { holds: 'yes', by: 'vendor', why: also };
  if (!capabilities.declared || capabilities.types.size === 0)
    return {
      holds: 'yes',
      by: 'assumed',
      why: ['the server shows no statement, so its first answer decides'],
    };
  const isOpen = rung.needs.some(
    ({ type, openBy }) => openBy !== undefined && vendor.searches?.[type]?.scope === 'open',
  );
  const open = isOpen ? [`${vendor.product} takes it without a patient`] : [];
  const why = ['the statement declares what it needs', ...open, ...also];
  return { holds: 'yes', by: 'statement', why };
}

/** What is not listed can still be there where a probe can show it. */
function statementReasons(rung: Rung, capabilities: Capabilities, isDoubted: boolean): Reason[] {
  const surely = surelyWhyNot(rung, capabilities, isDoubted);
  return whyNot(rung, capabilities).map((says) =>
    surely.includes(says) ? against('statement', says) : doubtful('statement', says),
  );
}

function scopeReasons({ needs }: Rung, vendor: Vendor): Reason[] {
  return needs.flatMap((need: Need) => {
    const scope = vendor.searches?.[need.type]?.scope;
    if (need.openBy === undefined || !isTooNarrow(scope, need.openBy)) return [];
    const what = scope === 'id' ? 'an id' : 'a patient';
    return [against('vendor', `${vendor.product} wants ${what} in a search for ${need.type}`)];
  });
}

function isTooNarrow(scope: SearchHabits['scope'], openBy: readonly string[]): boolean {
  return scope === 'id' || (scope === 'patient' && !openBy.includes('patient'));
}

const lacking: Readonly<Record<keyof SurveyGiven, string>> = {
  organization: 'organization',
  locations: 'locations',
  practitioners: 'practitioners of therapists',
  roster: 'roster',
  folder: 'folder',
  push: 'way in for what is pushed',
};

function givenReasons({ given: wanted }: Rung, given: SurveyGiven): Reason[] {
  if (wanted === undefined || wanted.some((name) => isGiven(given[name]))) return [];
  return [
    against(
      'settings',
      `the settings name no ${wanted.map((name) => lacking[name]).join(' and no ')}`,
    ),
  ];
}

function isGiven(value: SurveyGiven[keyof SurveyGiven]): boolean {
  return typeof value === 'object' ? value.length > 0 : value !== undefined && value !== false;
}

function against(by: DecidedBy, says: string): Reason {
  return { holds: 'no', by, says };
}

function doubtful(by: DecidedBy, says: string): Reason {
  return { holds: 'unproven', by, says };
}
