/**
 * A server product as data over one mechanism: what each type offers, rules that a call has to pass before it is
 * carried out, and how the answer then leaves. The product's CapabilityStatement is drawn from the same table.
 */
import { perform } from '../dispatch.ts';
import type { Answer, Call, FhirServer, Handler } from '../exchange.ts';
import { type Interaction, interactionOf, writes } from '../interactions.ts';
import type { JsonObject } from '../json.ts';
import { type Issue, type IssueCode, Refusal, refuse } from '../outcome.ts';
import type { Parameter } from '../search-parameters.ts';
import type { Pair } from '../search-query.ts';

export type VendorType = {
  readonly does: readonly Interaction[];
  /** The search parameters that the statement declares, each with its documentation; '' for none. */
  readonly search?: Readonly<Record<string, string>>;
  /** A search has to name one parameter of each group, unless it has `_id`. */
  readonly needs?: readonly (readonly string[])[];
};

/** A call on its way through the rules of a vendor. */
export type Asked = {
  readonly server: FhirServer;
  readonly call: Call;
  readonly vendor: Vendor;
  /** The type in the address; '' for the base itself. */
  readonly type: string;
  readonly interaction: Interaction;
  /** What the answer to a search shall warn of. */
  readonly warnings: readonly Issue[];
};

/** Lets a call pass, changed or as it is, or throws a Refusal. */
export type Rule = (asked: Asked) => Asked;
/** Changes what leaves. */
export type Finish = (answer: Answer, asked: Asked) => Answer;

type Said = readonly [status: number, code: IssueCode];

export type Vendor = {
  readonly name: string;
  /** One line for people who choose. */
  readonly says: string;
  /** The path of the base. */
  readonly path: string;
  /** By type; `all` for every type that the sandbox serves, alike. */
  readonly types: Readonly<Record<string, VendorType>> | { readonly all: VendorType };
  /** Search parameters of its own, by `Type?name`. */
  readonly parameters?: ReadonlyMap<string, Parameter>;
  readonly system: readonly ('batch' | 'transaction')[];
  /** Parameters about the result that it understands, beside `_format`. */
  readonly resultParameters: readonly string[];
  /** The one parameter of a next link, where it is not the sandbox's own pair. */
  readonly pageParameter?: string;
  /** How it says that a type has no such interaction. */
  readonly lacking: { readonly write: Said; readonly other: Said };
  /** PUT under an id that does not exist creates. */
  readonly updateCreate: boolean;
  readonly rules: readonly Rule[];
  readonly finishes: readonly Finish[];
  /** Puts a refusal into the vendor's words. */
  readonly refused?: (refusal: Refusal, asked: Asked) => Refusal;
  readonly limits?: { readonly defaultCount?: number; readonly maxCount?: number; cap?: number };
  readonly newId?: () => string;
  /** What stands in the statement beside the resources; `undefined` takes an element away. */
  readonly statement: (base: string) => Readonly<Record<string, JsonObject[string]>>;
  /** What stands in each resource entry of it. */
  readonly resourceStatement: JsonObject;
  /** The SMART configuration, once somebody has said where tokens are to be had. */
  readonly smart?: (base: string, tokenEndpoint: string) => JsonObject;
};

export function typeOf(vendor: Vendor, type: string): VendorType | undefined {
  const { types } = vendor;
  if (isUniform(types)) return types.all;
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

export function isUniform(types: Vendor['types']): types is { readonly all: VendorType } {
  return 'all' in types;
}

/** The handler of a vendor's door: rules, work, finishes, for single calls and for the entries of a batch. */
export function performAs(vendor: Vendor): Handler {
  const handler: Handler = (server, call) => {
    let asked: Asked = {
      server,
      call,
      vendor,
      type: call.path[0] ?? '',
      interaction: interactionOf(call),
      warnings: [],
    };
    try {
      refuseUnlessOffered(asked);
      for (const rule of vendor.rules) asked = rule(asked);
      let answer = perform(asked.server, asked.call, handler);
      for (const finish of vendor.finishes) answer = finish(answer, asked);
      return answer;
    } catch (error) {
      if (error instanceof Refusal && vendor.refused !== undefined) {
        throw vendor.refused(error, asked);
      }
      throw error;
    }
  };
  return handler;
}

function refuseUnlessOffered({ vendor, server, call, type, interaction }: Asked): void {
  if (type === '') {
    if (vendor.system.some((one) => one === interaction)) return;
    throw refuse(...vendor.lacking.write, `${vendor.name} takes no ${interaction}.`);
  }
  const offered = typeOf(vendor, type);
  if (offered === undefined) throw refuse(404, 'not-supported', `There is no ${type} here.`);
  if (!offered.does.includes(interaction)) {
    const [status, code] = writes.has(interaction) ? vendor.lacking.write : vendor.lacking.other;
    throw refuse(status, code, `${type} has no ${interaction} here.`);
  }
  if (interaction === 'update' && !vendor.updateCreate) {
    const [, id] = call.path;
    if (id === undefined) throw refuse(400, 'required', 'An update names the id.');
    if (server.repository.newest(type, id)?.resource === undefined) {
      throw refuse(404, 'not-found', `There is no ${type}/${id} to update.`);
    }
  }
}

/** A rule for searches only. The later pages of a search pass: they say nothing but where they are. */
export function onSearch(rule: Rule): Rule {
  return (asked) =>
    asked.interaction === 'search-type' && !isLaterPage(asked.call) ? rule(asked) : asked;
}

/** A rule for some interactions with some types. */
export function on(type: string, interaction: Interaction, rule: Rule): Rule {
  return (asked) => {
    if (asked.type !== type || asked.interaction !== interaction) return asked;
    return isLaterPage(asked.call) ? asked : rule(asked);
  };
}

export function isLaterPage({ query }: Call): boolean {
  return query.some(([name]) => name === '_snapshot');
}

/** The parameter of a pair: `patient` of `patient:Patient` and of `patient.name`. */
export function parameterOf([name]: Pair): string {
  return name.split(/[:.]/)[0] ?? name;
}

export function valuesOf({ query }: Call, name: string): string[] {
  return query.filter((pair) => parameterOf(pair) === name).map(([, value]) => value);
}

/** The call without the pairs that do not pass. */
export function keeping(call: Call, passes: (pair: Pair) => boolean): Call {
  return { ...call, query: call.query.filter(passes) };
}

export function without(call: Call, header: string): Call {
  return { ...call, header: (name) => (name === header ? undefined : call.header(name)) };
}

const exchangeParameters = ['_format', '_pretty'];

/** Whether the vendor declares the parameter for this type. */
export function isKnown({ vendor, type }: Asked, pair: Pair): boolean {
  const [name] = pair;
  const declared = typeOf(vendor, type)?.search ?? {};
  return (
    exchangeParameters.includes(name) ||
    vendor.resultParameters.includes(name) ||
    Object.hasOwn(declared, name) ||
    // a modifier is understood, a chain only where it is declared as a whole
    (!name.includes('.') && Object.hasOwn(declared, parameterOf(pair)))
  );
}

/** Drops what the vendor does not declare, without a word. */
export const dropUnknown: Rule = onSearch((asked) => ({
  ...asked,
  call: keeping(asked.call, (pair) => isKnown(asked, pair)),
}));

/** Whether a search names what its type needs. */
export function hasNeeded({ vendor, type, call }: Asked): boolean {
  const needs = typeOf(vendor, type)?.needs ?? [];
  if (valuesOf(call, '_id').some((value) => value !== '')) return true;
  return needs.every((group) =>
    group.some((name) => valuesOf(call, name).some((value) => value !== '')),
  );
}
