/**
 * What a search parameter finds in a resource: tokens, references, date ranges or texts. Read once per version and
 * parameter and then kept, so that the second search over ten thousand resources only compares.
 */
import { isObject, type Json, valuesAt } from './json.ts';
import { type Target, targetOf } from './references.ts';
import type { LiveVersion } from './repository.ts';
import { elementRange, type Range } from './search-dates.ts';
import type { Parameter } from './search-parameters.ts';

/** `implied`: a code, boolean or string, whose system is that of its binding and stands nowhere in the resource. */
export type Token = {
  readonly system?: string;
  readonly code: string;
  readonly implied: boolean;
  readonly text?: string;
};

export type ReferenceValue = {
  readonly text?: string;
  readonly target?: Target;
  readonly identifier?: Json;
};

export const tokensOf = kept((version, parameter): Token[] =>
  everything(version, parameter).flatMap(tokensIn),
);

export const referencesOf = kept((version, parameter): ReferenceValue[] =>
  everything(version, parameter)
    .map(referenceIn)
    .filter(
      ({ target }) =>
        parameter.target === undefined || target === undefined || target.type === parameter.target,
    ),
);

export const rangesOf = kept((version, parameter): Range[] =>
  parameter.name === '_lastUpdated'
    ? [{ from: version.at, to: version.at + 1 }]
    : everything(version, parameter)
        .map(elementRange)
        .filter((range) => range !== undefined),
);

/** Texts as written; compare them through `folded`. */
export const textsOf = kept((version, parameter): string[] =>
  everything(version, parameter).flatMap(textsIn),
);

/** Lower case without accents: how R4 compares strings unless told :exact. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The tokens of one Identifier, Coding, CodeableConcept, ContactPoint, code or boolean. */
export function tokensIn(value: Json): Token[] {
  if (!isObject(value)) return value === null ? [] : [{ code: String(value), implied: true }];
  const text = textOf(value.text) ?? textOf(value.display);
  if (Array.isArray(value.coding)) {
    const codings = value.coding.flatMap(tokensIn);
    if (codings.length === 0 && text !== undefined) return [{ code: '', implied: false, text }];
    return codings.map((token) => (text === undefined ? token : { ...token, text }));
  }
  const code = textOf(value.code) ?? textOf(value.value);
  if (code === undefined && text === undefined) return [];
  const system = textOf(value.system);
  return [
    {
      ...(system === undefined ? {} : { system }),
      code: code ?? '',
      implied: false,
      ...(text === undefined ? {} : { text }),
    },
  ];
}

function kept<T>(
  read: (version: LiveVersion, parameter: Parameter) => T[],
): (version: LiveVersion, parameter: Parameter) => readonly T[] {
  const memory = new Map<Parameter, WeakMap<LiveVersion, readonly T[]>>();
  return (version, parameter) => {
    const ofParameter = memory.get(parameter);
    if (ofParameter === undefined) {
      const values = read(version, parameter);
      memory.set(parameter, new WeakMap([[version, values]]));
      return values;
    }
    const known = ofParameter.get(version);
    if (known !== undefined) return known;
    const values = read(version, parameter);
    ofParameter.set(version, values);
    return values;
  };
}

function everything(version: LiveVersion, parameter: Parameter): Json[] {
  return parameter.paths.flatMap((path) => valuesAt(version.resource, path));
}

function referenceIn(value: Json): ReferenceValue {
  if (!isObject(value)) return {};
  const text = textOf(value.reference);
  const target = text === undefined ? undefined : targetOf(text);
  return {
    ...(text === undefined ? {} : { text }),
    ...(target === undefined ? {} : { target }),
    ...(value.identifier === undefined ? {} : { identifier: value.identifier }),
  };
}

/** A string itself; of a HumanName or an Address each part by itself and the whole text. */
function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (!isObject(value)) return [];
  return Object.entries(value)
    .filter(([name]) => !['use', 'type', 'period', 'extension', 'id'].includes(name))
    .flatMap(([, part]) => (Array.isArray(part) ? part : [part]))
    .filter((part) => typeof part === 'string');
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
