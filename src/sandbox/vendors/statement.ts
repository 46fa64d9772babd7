/** The CapabilityStatement of a vendor: its table of types in its own style. */
import type { JsonObject } from '../json.ts';
import { resourceTypes } from '../resource-types.ts';
import { parametersOf } from '../search-parameters.ts';
import { isUniform, type Vendor, type VendorType } from './vendor.ts';

export function statementOf(vendor: Vendor, base: string, date: Date): JsonObject {
  const head: JsonObject = {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: date.toISOString(),
    kind: 'instance',
    implementation: { description: vendor.says, url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    ...vendor.statement(base),
  };
  const rest: JsonObject = {
    mode: 'server',
    ...securityOf(vendor, base),
    resource: entries(vendor).map(([type, offered]) => resourceEntry(vendor, type, offered)),
    ...(vendor.system.length === 0 ? {} : { interaction: vendor.system.map((code) => ({ code })) }),
  };
  return { ...head, rest: [rest] };
}

function securityOf(vendor: Vendor, base: string): JsonObject {
  if (vendor.smart === undefined) return {};
  const service = {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
        code: 'SMART-on-FHIR',
      },
    ],
  };
  return { security: { cors: true, service: [service], description: `OAuth2 for ${base}` } };
}

function entries(vendor: Vendor): readonly (readonly [string, VendorType])[] {
  const { types } = vendor;
  if (!isUniform(types)) return Object.entries(types);
  return [...resourceTypes]
    .filter((type) => type !== 'Subscription' && type !== 'Parameters')
    .map((type) => {
      const names = [...parametersOf(type).keys()].map((name) => [name, ''] as const);
      return [type, { ...types.all, search: Object.fromEntries(names) }] as const;
    });
}

function resourceEntry(vendor: Vendor, type: string, offered: VendorType): JsonObject {
  const known = parametersOf(type);
  const searchParam = Object.entries(offered.search ?? {}).map(([name, documentation]) => ({
    name,
    type: known.get(name)?.type ?? 'string',
    ...(documentation === '' ? {} : { documentation }),
  }));
  return {
    type,
    interaction: offered.does.map((code) => ({ code })),
    ...vendor.resourceStatement,
    ...(searchParam.length === 0 ? {} : { searchParam }),
  };
}
