/**
 * What a way to do a thing needs of a server, and what a server’s statement lacks of it, in words. Only the statement is read
 * here; a server without one may do anything, and its first answer decides.
 */
import { allows, type Capabilities, type TypeCapabilities } from './capabilities.ts';

export interface Need {
  readonly type: fhir4.FhirResource['resourceType'];
  readonly interactions?: readonly string[];
  readonly searchParams?: readonly string[];
  /** One of these is enough. */
  readonly anySearchParam?: readonly string[];
  /** The search must be taken with one of these and no patient. */
  readonly openBy?: readonly string[];
  readonly conditionalCreate?: true;
  readonly updateCreate?: true;
  /** The server says that it keeps versions. */
  readonly versions?: true;
  /** One of these operations, of the type or of the server. */
  readonly operations?: readonly string[];
  /** It only counts where this server lets the type be created or updated at all. */
  readonly where?: 'create' | 'update';
  /** Its lack is said, and is no obstacle. */
  readonly wished?: true;
}

/** As much of a rung as is judged here. */
export interface Needing {
  readonly needs: readonly Need[];
  /** A question to the server can show it. */
  readonly probed?: true;
}

/** What this server's statement lacks for a rung, one sentence each; empty when nothing speaks against it. */
export function whyNot(rung: Needing, capabilities: Capabilities): readonly string[] {
  return lacks(rung, capabilities, (need) => need.wished !== true);
}

/**
 * The same without what a probe can show to be otherwise: search parameters that some servers have and do not list, and,
 * where their record doubts it (`isDoubted`), what the statement’s prose demands of the search.
 */
export function surelyWhyNot(
  rung: Needing,
  capabilities: Capabilities,
  isDoubted: boolean,
): readonly string[] {
  if (!rung.probed) return whyNot(rung, capabilities);
  const needs = rung.needs.map((need): Need => {
    if (need.openBy === undefined) return need;
    const { searchParams: _some, anySearchParam: _any, openBy, ...rest } = need;
    return isDoubted ? rest : { ...rest, openBy };
  });
  return whyNot({ ...rung, needs }, capabilities);
}

/** What it lacks of what a rung could do without. */
export function missed(rung: Needing, capabilities: Capabilities): readonly string[] {
  return lacks(rung, capabilities, (need) => need.wished === true);
}

/** Whether anything that this rung protects or does can happen here at all: no create, nothing to create twice. */
export function hasObject({ needs }: Needing, capabilities: Capabilities): boolean {
  return (
    needs.every(({ where }) => where === undefined) ||
    needs.some((need) => counts(need, capabilities))
  );
}

function lacks(
  { needs }: Needing,
  capabilities: Capabilities,
  which: (need: Need) => boolean,
): readonly string[] {
  if (!capabilities.declared || capabilities.types.size === 0) return [];
  return needs
    .filter((need) => which(need) && counts(need, capabilities))
    .flatMap((need) => {
      const has = capabilities.types.get(need.type);
      const elsewhere = need.operations?.some((name) => capabilities.operations.has(name));
      if (!has) return elsewhere ? [] : [`${need.type} is not declared`];
      return [
        ...lacksInteractions(need, has),
        ...lacksSearch(need, has),
        ...lacksWriting(need, has, capabilities),
      ];
    });
}

/** A need for what we create or change counts only where that is possible. */
function counts({ type, where }: Need, capabilities: Capabilities): boolean {
  return where === undefined || allows(capabilities, type, where);
}

function lacksInteractions({ type, interactions = [] }: Need, has: TypeCapabilities): string[] {
  // A type that lists nothing at all is left open, as `allows` leaves it.
  if (has.interactions.size === 0) return [];
  return interactions
    .filter((interaction) => !has.interactions.has(interaction))
    .map((interaction) => `${type} ${interaction} is not declared`);
}

function lacksSearch(need: Need, has: TypeCapabilities): string[] {
  const { type, searchParams = [], anySearchParam = [], openBy } = need;
  const { oneOf } = has.demands;
  const isClosed =
    openBy !== undefined && oneOf.length > 0 && !openBy.some((name) => oneOf.includes(name));
  const lists = (name: string) => has.searchParams.size === 0 || has.searchParams.has(name);
  return [
    ...searchParams
      .filter((name) => !lists(name))
      .map((name) => `${type} cannot be searched by ${name}`),
    ...(anySearchParam.length > 0 && !anySearchParam.some(lists)
      ? [`${type} cannot be searched by ${anySearchParam.join(' or ')}`]
      : []),
    ...(isClosed ? [`a search for ${type} must carry ${oneOf.join(' or ')}`] : []),
  ];
}

function lacksWriting(
  need: Need,
  has: TypeCapabilities,
  server: Extract<Capabilities, { declared: true }>,
): string[] {
  const { type, operations = [] } = need;
  const canDo = operations.some((name) => has.operations.has(name) || server.operations.has(name));
  return [
    ...(need.conditionalCreate && !has.conditionalCreate
      ? [`${type} has no conditional create`]
      : []),
    ...(need.updateCreate && !has.updateCreate ? [`${type} cannot be created by an update`] : []),
    ...(need.versions && has.versioning === 'no-version' ? [`${type} has no versions`] : []),
    ...(operations.length > 0 && !canDo
      ? [`${type} has no operation ${operations.join(' or ')}`]
      : []),
  ];
}
