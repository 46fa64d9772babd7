/**
 * The JSON properties that an object of a type may have. A choice element has one for each of its types; a primitive
 * has a second one, `_name`, for its id and extensions (R4 json.html#primitive).
 */
import type { Check } from './check.ts';
import { isPlain } from './primitive-items.ts';

export interface Field {
  /** The JSON property. */
  readonly name: string;
  /** The element as the definition names it: `value[x]` for `valueString`. */
  readonly element: string;
  readonly many: boolean;
  readonly most: number;
  readonly required: boolean;
  /** Name of the primitive type; undefined for objects. */
  readonly primitive: string | undefined;
  readonly check: Check;
  /** True only for values of which `check` would say nothing. */
  readonly isFine: (value: unknown) => boolean;
  /** Of what `_name` holds for a primitive: an Element with id and extensions. */
  readonly sibling: Check;
  /** Values that are fine are told by `isPlain` for a text and by `isFine` for the others; an object never is. */
  readonly kind: 'object' | 'text' | 'other';
  /** Whether this stands for `_name`, which holds the id and extensions of the primitive `name`. */
  readonly isSibling: boolean;
  /** One bit for each choice element of the object, so that a second value is seen; 0 for the others. */
  readonly bit: number;
}

export interface FieldTable {
  /** By JSON property, `_name` among them. */
  readonly byName: ReadonlyMap<string, Field>;
  readonly required: readonly RequiredElement[];
  readonly isResource: boolean;
}

export interface RequiredElement {
  readonly element: string;
  readonly names: readonly string[];
}

export type PlainField = Omit<Field, 'bit' | 'isSibling' | 'kind'>;

export function fieldTable(fields: readonly PlainField[], isResource: boolean): FieldTable {
  const byName = new Map<string, Field>();
  const choices = new Map<string, number>();
  const required = new Map<string, string[]>();
  for (const one of fields) {
    const isChoice = one.element.endsWith('[x]');
    if (isChoice && !choices.has(one.element)) choices.set(one.element, 2 ** choices.size);
    const bit = isChoice ? (choices.get(one.element) ?? 0) : 0;
    const field: Field = { ...one, bit, kind: kindOf(one), isSibling: false };
    byName.set(field.name, field);
    if (field.primitive !== undefined)
      byName.set(`_${field.name}`, { ...field, kind: 'object', isSibling: true });
    if (field.required)
      required.set(field.element, [...(required.get(field.element) ?? []), field.name]);
  }
  return {
    byName,
    required: [...required].map(([element, names]) => ({ element, names })),
    isResource,
  };
}

function kindOf({ primitive, isFine }: PlainField): Field['kind'] {
  if (primitive === undefined) return 'object';
  return isFine === isPlain ? 'text' : 'other';
}
