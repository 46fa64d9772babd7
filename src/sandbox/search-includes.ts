/**
 * `_include` and `_revinclude`: what comes along with the matches of one page. Only what lives here can come along;
 * a reference that leads nowhere is left out without an error, as R4 asks.
 */
import type { LiveVersion } from './repository.ts';
import { isLive } from './repository.ts';
import type { SearchPlace } from './search-criteria.ts';
import { parametersOf } from './search-parameters.ts';
import type { Include } from './search-query.ts';
import { referencesOf } from './search-values.ts';

/** A bound on `:iterate`, which may follow parents for ever in a circle of references. */
const maxRounds = 5;

/** The resources that the includes add to the matches, each once and no match again. */
export function included(
  place: SearchPlace,
  includes: readonly Include[],
  matches: readonly LiveVersion[],
): LiveVersion[] {
  const seen = new Set(matches.map(keyOf));
  const found: LiveVersion[] = [];
  let fresh: readonly LiveVersion[] = matches;
  for (let round = 0; round < maxRounds && fresh.length > 0; round += 1) {
    const next: LiveVersion[] = [];
    for (const one of includes.filter(({ iterate }) => iterate || round === 0)) {
      const reached = one.reverse ? pointingAt(place, one, fresh) : pointedAt(place, one, fresh);
      for (const version of reached) {
        if (seen.has(keyOf(version))) continue;
        seen.add(keyOf(version));
        next.push(version);
      }
    }
    found.push(...next);
    fresh = next;
  }
  return found;
}

function keyOf({ type, id }: { type: string; id: string }): string {
  return `${type}/${id}`;
}

function* targetsOf(place: SearchPlace, one: Include, version: LiveVersion) {
  for (const parameter of parametersOf(version.type).values()) {
    if (parameter.type !== 'reference') continue;
    if (one.parameter !== '*' && one.parameter !== parameter.name) continue;
    for (const { target } of referencesOf(version, parameter)) {
      if (target === undefined || target.type !== (one.target ?? target.type)) continue;
      if (target.base === undefined || place.ownBases.includes(target.base)) yield target;
    }
  }
}

function* pointedAt(place: SearchPlace, one: Include, from: readonly LiveVersion[]) {
  for (const version of from) {
    if (version.type !== one.source) continue;
    for (const target of targetsOf(place, one, version)) {
      const reached = place.repository.newest(target.type, target.id);
      if (isLive(reached)) yield reached;
    }
  }
}

function* pointingAt(place: SearchPlace, one: Include, to: readonly LiveVersion[]) {
  const wanted = new Set(to.map(keyOf));
  for (const version of place.repository.live(one.source)) {
    for (const target of targetsOf(place, one, version)) {
      if (!wanted.has(keyOf(target))) continue;
      yield version;
      break;
    }
  }
}
