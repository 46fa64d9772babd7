/**
 * The older way of naming a token URL: the extension `oauth-uris` on `rest.security` of a CapabilityStatement (SMART App
 * Launch 1.0, still the only one on some servers).
 */
import type { ServiceBase } from '../service-base.ts';
import type { PlainRequest } from './plain-request.ts';
import { absoluteAddress, objectOf } from './smart-configuration.ts';

const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';

/** Asks for the statement without a token; undefined when it is not shown or names no token URL. */
export function tokenUrlOfStatement(
  base: ServiceBase,
  ask: PlainRequest,
): Promise<string | undefined> {
  return ask({ method: 'GET', url: `${base.href}/metadata` }, ({ status, text }) =>
    status === 200 ? readOauthUris(objectOf(text), base) : undefined,
  );
}

/** Read off whatever was sent: the statement is not known to be one. */
export function readOauthUris(statement: unknown, base: ServiceBase): string | undefined {
  for (const rest of partsOf(statement, 'rest')) {
    for (const group of partsOf(partOf(rest, 'security'), 'extension')) {
      if (partOf(group, 'url') !== oauthUris) continue;
      const token = partsOf(group, 'extension').find((one) => partOf(one, 'url') === 'token');
      const value = partOf(token, 'valueUri');
      const address = typeof value === 'string' ? absoluteAddress(value, base) : undefined;
      if (address !== undefined) return address;
    }
  }
  return undefined;
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function partsOf(value: unknown, name: string): readonly unknown[] {
  const found = partOf(value, name);
  return Array.isArray(found) ? found : [];
}
