/** Surveys from statements alone, and what specs ask of them. */
import { readCapabilities } from '../../src/hospital/capabilities.ts';
import {
  type RungCode,
  type RungFunction,
  rungs,
  type SurveyGiven,
} from '../../src/hospital/rungs.ts';
import { chooseRungs } from '../../src/hospital/survey/choose.ts';
import {
  overrideOf,
  type ProbeResult,
  type Survey,
  type SurveyOverride,
} from '../../src/hospital/survey.ts';
import { vendorOf } from '../../src/hospital/vendors/vendors.ts';

/** Settings that name all that a rung may want, and none of it. */
export const all: SurveyGiven = {
  organization: 'Organization/massage',
  locations: ['Location/massage'],
  practitioners: ['Practitioner/ana'],
  roster: true,
  folder: false,
  push: false,
};
export const nothing: SurveyGiven = {
  locations: [],
  practitioners: [],
  roster: false,
  folder: false,
  push: false,
};
const leftToUs = overrideOf('auto', {});

interface Given {
  readonly base?: string;
  readonly statement?: fhir4.CapabilityStatement;
  readonly probes?: readonly ProbeResult[];
  readonly override?: SurveyOverride;
  readonly given?: SurveyGiven;
}

/** The survey of a server with this statement, without a request. */
export function survey({
  base = 'https://fhir.hospital.example/r4',
  statement,
  probes = [],
  override = leftToUs,
  given = all,
}: Given): Survey {
  const capabilities =
    statement === undefined ? ({ declared: false } as const) : readCapabilities(statement);
  const recognised = vendorOf(capabilities, base, override.vendor);
  const at = '2026-03-02T09:30:00Z';
  return chooseRungs({ at, capabilities, recognised, probes, override, given });
}

/** The rungs of a function that are used. */
export const used = (one: Survey, name: RungFunction) => one[name].map(({ rung }) => rung);
/** Rungs that would work here if this product had them, or if none better did. */
export const works = (one: Survey, name: RungFunction) =>
  rungs
    .filter((rung) => rung.function === name)
    .map(({ rung }) => rung as RungCode)
    .filter(
      (code) =>
        used(one, name).includes(code) ||
        one.passed.some(
          ({ function: of, rung, holds }) => of === name && rung === code && holds === 'yes',
        ),
    );
/** Rungs that a probe has to show first. */
export const unproven = (one: Survey) =>
  one.passed.flatMap(({ rung, holds }) => (holds === 'unproven' ? [rung] : []));
/** Why a rung is not used. */
export const against = (one: Survey, code: RungCode) =>
  one.passed.find(({ rung }) => rung === code)?.whyNot.join('; ') ?? '';
