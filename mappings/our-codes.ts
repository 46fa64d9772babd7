/**
 * The codes of ours that a site may say its own codes stand for: the massage services that selection takes, and those of
 * our code systems that what comes in is read into. Displays are as published (clinical §2.2); CPT and its like are the
 * property of others and have none here.
 */
import { type Coding, snomed, token } from '../src/core/concept.ts';
import { lookAlikes, type massageServices } from '../src/core/selection.ts';
import type { OurCode, SiteCodes } from '../src/core/site-codes.ts';
import type { OurCodes } from '../src/mapping/crosswalk.ts';
import { nearest } from '../src/mapping/nearest.ts';
import { codeSystems, systemUrl } from './code-systems.ts';

/** What a code of theirs can be read into: a technique of the order, a place on the body, why a visit did not happen. */
const translated = ['massage-technique', 'body-site', 'visit-reason'] as const;
export type TranslatedSystem = (typeof translated)[number];

const serviceDisplays: Readonly<Record<(typeof massageServices)[number], string | undefined>> = {
  [`${snomed}|387854002`]: 'Massage physiotherapy',
  [`${snomed}|229506003`]: 'Scar tissue massage',
  [`${snomed}|406147003`]: 'Infant massage',
  'http://terminology.hl7.org/CodeSystem/service-type|25': 'Massage Therapy',
  'http://www.ama-assn.org/go/cpt|97124': undefined,
  'http://www.cms.gov/Medicare/Coding/ICD10|8E0KX1Z': 'Therapeutic massage',
};

/** The services that selection takes (`select.codes`), without what only looks like massage. */
export function servicesOf(selected: readonly string[]): OurCode[] {
  return [...new Set(selected)].filter((one) => lookAlikes[one] === undefined).map(serviceOf);
}

function serviceOf(written: string): OurCode {
  const bar = written.indexOf('|');
  const code = { system: written.slice(0, bar), code: written.slice(bar + 1) };
  const display: string | undefined = (
    serviceDisplays as Readonly<Record<string, string | undefined>>
  )[written];
  return display === undefined ? code : { ...code, display };
}

const inOurSystems: readonly OurCode[] = translated.flatMap((name) =>
  Object.entries<string>(codeSystems[name]).map(([code, display]) => ({
    system: systemUrl(name),
    code,
    display,
  })),
);

/** Whether a code of ours is a service, and not of one of our own systems. */
export function isService({ system }: OurCode): boolean {
  return !inOurSystems.some((one) => one.system === system);
}

/** All of them, to be found as people write them: `system|code`, `massage-technique|swedish`, or `swedish` alone. */
export function ourCodesWith(services: readonly OurCode[]): OurCodes {
  const all = [...services, ...inOurSystems];
  const spelled = new Map<string, OurCode[]>();
  const spell = (written: string, code: OurCode) => {
    const same = spelled.get(written) ?? [];
    spelled.set(written, [...same, code]);
  };
  for (const code of all) {
    spell(token(code), code);
    spell(code.code, code);
    const name = translated.find((one) => systemUrl(one) === code.system);
    if (name !== undefined) spell(`${name}|${code.code}`, code);
  }
  return {
    find: (written) => {
      const found = spelled.get(written) ?? [];
      return found.length === 1 ? found[0] : undefined;
    },
    meant: (written) => {
      const codes = spelled.get(nearest(written, [...spelled.keys()]) ?? '') ?? [];
      const byDisplay = nearest(
        written,
        all.flatMap(({ display }) => display ?? []),
      );
      const named = all.find(({ display }) => display !== undefined && display === byDisplay);
      const code = codes[0] ?? named;
      return code && token(code);
    },
  };
}

/** The code of one of our systems that a coding stands for by what the site has said. */
export function siteCodeIn(
  name: TranslatedSystem,
  coding: Coding,
  known: SiteCodes | undefined,
): OurCode | undefined {
  const ours = known?.(coding)?.ours;
  return ours?.system === systemUrl(name) ? ours : undefined;
}

/** The services that the codes of a concept stand for by what the site has said, each once and none that is there. */
export function siteServicesOf(
  codings: readonly Coding[],
  known: SiteCodes | undefined,
): OurCode[] {
  if (known === undefined) return [];
  const seen = new Set(codings.map(token));
  const found: OurCode[] = [];
  for (const coding of codings) {
    const ours = known(coding)?.ours;
    if (ours === undefined || !isService(ours) || seen.has(token(ours))) continue;
    seen.add(token(ours));
    found.push(ours);
  }
  return found;
}
