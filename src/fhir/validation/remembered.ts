/**
 * Definitions whose answers are remembered, also that something is not here: codings and extensions ask the same
 * question for each resource.
 */
import type { CodeList, Definitions } from '../definitions/definitions.ts';

/** More different questions than this come only from hostile resources. */
const most = 20_000;

export function remembered(definitions: Definitions): Definitions {
  const memo = <T>(find: (name: string) => T): ((name: string) => T) => {
    const known = new Map<string, T>();
    return (name) => {
      const had = known.get(name);
      if (had !== undefined || known.has(name)) return had as T;
      const found = find(name);
      if (known.size < most) known.set(name, found);
      return found;
    };
  };
  return {
    type: memo((name) => definitions.type(name)),
    structure: memo((canonical) => definitions.structure(canonical)),
    valueSet: memo((canonical) => rememberedCodes(definitions.valueSet(canonical))),
    codeSystem: memo((url) => rememberedCodes(definitions.codeSystem(url))),
    resourceTypes: definitions.resourceTypes,
    problems: definitions.problems,
  };
}

/** A list of codes that remembers what it said: some have to read a grammar for each answer. */
function rememberedCodes(list: CodeList | undefined): CodeList | undefined {
  if (list === undefined) return undefined;
  const bySystem = new Map<string | undefined, Map<string | undefined, 'in' | 'out' | 'unknown'>>();
  let size = 0;
  return {
    ...list,
    has(system, code) {
      const known = bySystem.get(system);
      const had = known?.get(code);
      if (had !== undefined) return had;
      const found = list.has(system, code);
      if (size < most) {
        size += 1;
        if (known) known.set(code, found);
        else bySystem.set(system, new Map([[code, found]]));
      }
      return found;
    },
  };
}
