/**
 * What a CapabilityStatement says of the things that we need. Read strictly (`conditionalCreate` must be true, not merely
 * present; `updateCreate` counts only beside update) and generously where servers are odd: duplicate entries are united,
 * several `rest` parts are read, nothing throws but another FHIR version, and what is odd is said (Q35).
 * It is a statement about software; whether this site allows it is shown by the first request.
 */
import { AdapterError } from '../core/errors.ts';
import { refuseOtherVersions } from './fhir-version.ts';
import { operationsOf } from './statement-operations.ts';
import { nameOf, type Odd, type Part, partsOf, textOf, textsOf } from './statement-parts.ts';
import { demandsOf, type SearchDemands } from './statement-scope.ts';

export interface TypeCapabilities {
  /** R4 type-restful-interaction codes: `read`, `search-type`, `create`, `update` … */
  readonly interactions: ReadonlySet<string>;
  /** Those of the type and those that `rest` lists for all types. */
  readonly searchParams: ReadonlySet<string>;
  readonly conditionalCreate: boolean;
  /** A PUT with an id of ours creates. */
  readonly updateCreate: boolean;
  /** `no-version`, `versioned` or `versioned-update`. */
  readonly versioning?: string;
  readonly operations: ReadonlySet<string>;
  /** What the statement says that a search must carry. */
  readonly demands: SearchDemands;
}

export type Capabilities =
  | { readonly declared: false }
  | {
      readonly declared: true;
      readonly fhirVersion: string;
      /** `instance`: of this installation; `capability`: of the software as such. */
      readonly kind?: string;
      readonly software?: string;
      readonly softwareVersion?: string;
      readonly publisher?: string;
      /** `implementation.url` */
      readonly address?: string;
      readonly transaction: boolean;
      readonly batch: boolean;
      readonly formats: readonly string[];
      readonly patchFormats: readonly string[];
      readonly types: ReadonlyMap<string, TypeCapabilities>;
      /** Of the server as a whole. */
      readonly operations: ReadonlySet<string>;
      readonly security: DeclaredSecurity;
      /** What could not be taken as it was written, a sentence each. */
      readonly odd: readonly string[];
    };

/** `rest.security`: the way to a token where SMART configuration is not served (SMART App Launch, `oauth-uris`). */
export interface DeclaredSecurity {
  readonly tokenUrl?: string;
  readonly authorizeUrl?: string;
  /** Codes of `security.service`: `SMART-on-FHIR`, `OAuth` … */
  readonly services: readonly string[];
}

/**
 * Whether the statement allows an interaction with a type. Without a statement, or where it lists no types, or no interaction
 * of the type at all, nothing speaks against it: the server's first answer decides.
 */
export function allows(capabilities: Capabilities, type: string, interaction: string): boolean {
  if (!capabilities.declared || capabilities.types.size === 0) return true;
  const has = capabilities.types.get(type)?.interactions;
  return has !== undefined && (has.size === 0 || has.has(interaction));
}

/** Summarises a statement; throws `not-fhir-r4` for another version than 4.0.x (R4 with its technical corrections). */
export function readCapabilities(statement: fhir4.CapabilityStatement): Capabilities {
  // Typed as a closed shape, but servers send what they are.
  const part: Part = { ...statement };
  refuseOtherVersions(part.fhirVersion);
  const said: string[] = [];
  const odd: Odd = (says) => {
    if (!said.includes(says)) said.push(says);
  };
  const server = serverParts(part, odd);
  const types = new Map<string, TypeCapabilities>();
  const doubles = new Set<string>();
  for (const rest of server) {
    for (const resource of partsOf(rest.resource, 'rest.resource', odd)) {
      const type = nameOf(resource.type);
      if (type === undefined) odd('rest.resource has an entry without a type.');
      else {
        if (types.has(type)) doubles.add(type);
        types.set(type, united(types.get(type), typeOf(resource, type, odd, doubles)));
      }
    }
  }
  for (const [type, one] of types)
    types.set(type, {
      ...one,
      searchParams: new Set([...one.searchParams, ...common(server, odd)]),
    });
  sayOdd(part, types, doubles, odd);
  const interactions = server.flatMap((rest) => codesOf(rest, 'rest', odd));
  const [software] = optionalPart(part.software, 'software', odd);
  const [implementation] = optionalPart(part.implementation, 'implementation', odd);
  return {
    declared: true,
    fhirVersion: nameOf(part.fhirVersion) ?? '',
    ...labelled('kind', part.kind),
    ...labelled('software', software?.name),
    ...labelled('softwareVersion', software?.version),
    ...labelled('publisher', part.publisher),
    ...labelled('address', implementation?.url),
    transaction: interactions.includes('transaction'),
    batch: interactions.includes('batch'),
    formats: textsOf(part.format, 'format', odd),
    patchFormats: textsOf(part.patchFormat, 'patchFormat', odd),
    types,
    operations: new Set(server.flatMap((rest) => operationsOf(rest, undefined, odd))),
    security: securityOf(server),
    odd: said,
  };
}

/** What a server has is in the parts of mode `server`; one without a mode is taken for one. */
function serverParts(statement: Part, odd: Odd): readonly Part[] {
  const rest = partsOf(statement.rest, 'rest', odd);
  const server = rest.filter(({ mode }) => mode === 'server' || textOf(mode) === undefined);
  if (server.some(({ mode }) => mode !== 'server')) odd('A rest part has no mode.');
  if (server.length === 0) odd('It has no rest part of a server: nothing is declared.');
  return server;
}

function typeOf(resource: Part, type: string, odd: Odd, doubles: Set<string>): TypeCapabilities {
  const interactions = codesOf(resource, type, odd);
  const searchParams = namesOf(resource.searchParam, `${type}.searchParam`, odd);
  const unique = new Set(interactions);
  if (unique.size < interactions.length) doubles.add(type);
  return {
    interactions: unique,
    searchParams: new Set(searchParams),
    conditionalCreate: resource.conditionalCreate === true,
    updateCreate: resource.updateCreate === true,
    ...labelled('versioning', resource.versioning),
    operations: new Set(operationsOf(resource, type, odd)),
    demands: demandsOf(resource, type, odd),
  };
}

function united(before: TypeCapabilities | undefined, also: TypeCapabilities): TypeCapabilities {
  if (before === undefined) return also;
  return {
    ...before,
    ...also,
    interactions: new Set([...before.interactions, ...also.interactions]),
    searchParams: new Set([...before.searchParams, ...also.searchParams]),
    conditionalCreate: before.conditionalCreate || also.conditionalCreate,
    updateCreate: before.updateCreate || also.updateCreate,
    operations: new Set([...before.operations, ...also.operations]),
    demands: {
      oneOf: [...new Set([...before.demands.oneOf, ...also.demands.oneOf])].sort(),
      closed: [...new Set([...before.demands.closed, ...also.demands.closed])].sort(),
    },
  };
}

/** What the whole statement shows to be odd, one sentence for all types that it concerns. */
function sayOdd(
  statement: Part,
  types: Map<string, TypeCapabilities>,
  doubles: ReadonlySet<string>,
  odd: Odd,
): void {
  const version = nameOf(statement.fhirVersion);
  if (version === undefined) odd('It names no FHIR version.');
  else if (version !== '4.0.1') odd(`It names FHIR ${version}, which is read as 4.0.1.`);
  if (statement.software === undefined || statement.software === null) odd('It names no software.');
  if (doubles.size > 0) odd(`Declared more than once, and united: ${listed(doubles)}.`);
  const empty = [...types].filter(
    ([, { updateCreate, interactions }]) => updateCreate && !interactions.has('update'),
  );
  for (const [type, one] of empty) types.set(type, { ...one, updateCreate: false });
  if (empty.length > 0)
    odd(`Creating by update is declared without update: ${listed(empty.map(([type]) => type))}.`);
}

function common(server: readonly Part[], odd: Odd): readonly string[] {
  return server.flatMap((rest) => namesOf(rest.searchParam, 'rest.searchParam', odd));
}

function codesOf(holder: Part, where: string, odd: Odd): readonly string[] {
  return partsOf(holder.interaction, `${where}.interaction`, odd).flatMap(
    ({ code }) => nameOf(code) ?? [],
  );
}

function namesOf(value: unknown, where: string, odd: Odd): readonly string[] {
  return partsOf(value, where, odd).flatMap(({ name }) => nameOf(name) ?? []);
}

function securityOf(server: readonly Part[]): DeclaredSecurity {
  const silent: Odd = () => undefined;
  const security = server.flatMap((rest) => partsOf(rest.security ?? [], 'security', silent));
  const uris = security
    .flatMap(({ extension }) => partsOf(extension, 'extension', silent))
    .filter(({ url }) => textOf(url)?.endsWith('/oauth-uris'))
    .flatMap(({ extension }) => partsOf(extension, 'extension', silent));
  const uri = (name: string) =>
    uris.flatMap(({ url, valueUri }) => (url === name ? (textOf(valueUri) ?? []) : []))[0];
  return {
    ...labelled('tokenUrl', uri('token')),
    ...labelled('authorizeUrl', uri('authorize')),
    services: security
      .flatMap(({ service }) => partsOf(service, 'service', silent))
      .flatMap(({ coding }) => partsOf(coding, 'coding', silent))
      .flatMap(({ code }) => nameOf(code) ?? []),
  };
}

function optionalPart(value: unknown, where: string, odd: Odd): readonly Part[] {
  return value === null ? [] : partsOf(value === undefined ? [] : [value], where, odd);
}

function labelled<Name extends string>(name: Name, value: unknown): { [Key in Name]?: string } {
  const text = textOf(value)?.slice(0, 200);
  // The type cannot know that a computed key is the one of its parameter
  return (text === undefined ? {} : { [name]: text }) as { [Key in Name]?: string };
}

function listed(names: Iterable<string>): string {
  const all = [...new Set(names)];
  return all.length <= 8
    ? all.join(', ')
    : `${all.slice(0, 8).join(', ')} and ${all.length - 8} more`;
}

const noStatement: readonly (number | undefined)[] = [400, 404, 405, 501];

/** A server without /metadata declares nothing, which is no error; any other fault is thrown on. */
export function undeclared(thrown: unknown): Capabilities {
  if (thrown instanceof AdapterError && noStatement.includes(thrown.details.status)) {
    return { declared: false };
  }
  throw thrown;
}

/** By the hospital’s will; a sign-in that fails, or another FHIR, is something else. */
export function isStatementRefused(thrown: unknown): boolean {
  if (!(thrown instanceof AdapterError)) return false;
  return thrown.code === 'not-allowed' || thrown.code === 'hospital-refused';
}
