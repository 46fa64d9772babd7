/**
 * What a CapabilityStatement says of the things that we need. Read strictly (`conditionalCreate` must be true, not merely
 * present) and generously where servers are odd: duplicate entries are united, several `rest` parts are read (Q35).
 * It is a statement about software; whether this site allows it is shown by the first request.
 */
import { AdapterError } from '../core/errors.ts';

export interface TypeCapabilities {
  /** R4 type-restful-interaction codes: `read`, `search-type`, `create`, `update` … */
  readonly interactions: ReadonlySet<string>;
  readonly searchParams: ReadonlySet<string>;
  readonly conditionalCreate: boolean;
  readonly versioning?: string;
}

/**
 * Whether the statement allows an interaction with a type. Without a statement, or where it lists no interaction of the
 * type at all, nothing speaks against it: the server's first answer decides.
 */
export function allows(capabilities: Capabilities, type: string, interaction: string): boolean {
  if (!capabilities.declared) return true;
  const has = capabilities.types.get(type)?.interactions;
  return has !== undefined && (has.size === 0 || has.has(interaction));
}

export type Capabilities =
  | { readonly declared: false }
  | {
      readonly declared: true;
      readonly fhirVersion: string;
      readonly software?: string;
      readonly publisher?: string;
      readonly transaction: boolean;
      readonly types: ReadonlyMap<string, TypeCapabilities>;
    };

/** Summarises a statement; throws `not-fhir-r4` for another version than 4.0.x (R4 with its technical corrections). */
export function readCapabilities(statement: fhir4.CapabilityStatement): Capabilities {
  // Typed as a closed list, but servers send what they are.
  const fhirVersion: string = statement.fhirVersion ?? '';
  if (!/^4\.0(\.|$)/.test(fhirVersion)) {
    throw new AdapterError(
      'not-fhir-r4',
      `The server declares FHIR ${fhirVersion.slice(0, 20) || 'without a version'}.`,
      {
        spec: 'http://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.fhirVersion',
      },
    );
  }
  const server = (statement.rest ?? []).filter(({ mode }) => mode === 'server');
  const types = new Map<string, TypeCapabilities>();
  for (const resource of server.flatMap((rest) => rest.resource ?? [])) {
    types.set(resource.type, united(types.get(resource.type), resource));
  }
  return {
    declared: true,
    fhirVersion,
    ...(statement.software?.name && { software: statement.software.name }),
    ...(statement.publisher && { publisher: statement.publisher }),
    transaction: server.some((rest) =>
      rest.interaction?.some(({ code }) => code === 'transaction'),
    ),
    types,
  };
}

function united(
  before: TypeCapabilities | undefined,
  resource: fhir4.CapabilityStatementRestResource,
): TypeCapabilities {
  const versioning = resource.versioning ?? before?.versioning;
  return {
    interactions: new Set([
      ...(before?.interactions ?? []),
      ...(resource.interaction ?? []).map(({ code }) => code),
    ]),
    searchParams: new Set([
      ...(before?.searchParams ?? []),
      ...(resource.searchParam ?? []).map(({ name }) => name),
    ]),
    conditionalCreate: before?.conditionalCreate === true || resource.conditionalCreate === true,
    ...(versioning && { versioning }),
  };
}

const noStatement: readonly (number | undefined)[] = [400, 404, 405, 501];

/** A server without /metadata declares nothing, which is no error; any other fault is thrown on. */
export function undeclared(thrown: unknown): Capabilities {
  if (thrown instanceof AdapterError && noStatement.includes(thrown.details.status)) {
    return { declared: false };
  }
  throw thrown;
}
