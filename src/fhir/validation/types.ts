/**
 * The types of R4 as compiled checks, made from their StructureDefinitions when they are first met: JSON shape, unknown
 * elements, cardinality, choice types, primitives with their `_x` siblings, bindings, reference targets and constraints.
 */
import type { Definitions } from '../definitions/definitions.ts';
import { bindingCheck, isListed } from './bindings.ts';
import type { Check } from './check.ts';
import { type ConstraintCheck, constraintChecks } from './constraints.ts';
import { type ElementNode, elementTree } from './element-tree.ts';
import { type Field, type FieldTable, fieldTable, type PlainField } from './fields.ts';
import { objectCheck } from './objects.ts';
import { primitiveItem } from './primitive-items.ts';
import { referenceCheck } from './references.ts';
import type { FhirObject } from './scope.ts';

/** What the types need of the rest of the validator; passed in, since resources and extensions lead back to types. */
export interface Beyond {
  /** A whole resource inside this one: contained, entry of a Bundle, parameter. */
  readonly resource: (kind: string) => Check;
  /** By type: what is looked at once the shape of a value was: extensions, codings … */
  readonly after: Readonly<Record<string, Check>>;
  readonly definitions: Definitions;
}

export interface Types {
  /** The check of a complex type or of a resource type as R4 has it. */
  readonly of: (name: string) => Check | undefined;
}

export function compiledTypes(beyond: Beyond): Types {
  const made = new Map<string, Check | undefined>();
  const of = (name: string): Check | undefined => {
    if (!made.has(name)) made.set(name, compileType(name));
    return made.get(name);
  };

  let besideValue: Check | undefined;
  const sibling: Check = (value, walk) => {
    besideValue ??= compileType('Element', true);
    besideValue?.(value, walk);
  };

  function compileType(name: string, isBesideValue = false): Check | undefined {
    const definition = beyond.definitions.type(name);
    const root = definition && elementTree(definition);
    if (!definition || !root) return undefined;
    const byPath = new Map<string, Check>();
    const isResource = definition.kind === 'resource';
    return compileObject(root, { byPath, isResource, isBesideValue, type: name });
  }

  interface Around {
    /** Checks of the elements with children, for content references. */
    readonly byPath: Map<string, Check>;
    readonly isResource: boolean;
    readonly isBesideValue: boolean;
    readonly type: string;
  }

  function compileObject(node: ElementNode, around: Around): Check {
    // Content references point back to elements that are being compiled: they find the check when they run
    const isRoot = !node.element.path.includes('.');
    const after = isRoot ? beyond.after[around.type] : undefined;
    const constraints = [
      ...constraintChecks(node.element, node.element.path),
      ...(after ? [after] : []),
    ];
    const fields: FieldTable = fieldTable(
      node.children.flatMap((child) => fieldsOf(child, around)),
      isRoot && around.isResource,
    );
    const check = objectCheck(fields, constraints, {
      isElement: !(isRoot && around.isResource),
      // A StructureDefinition names its elements alike in differential and snapshot
      hasOwnIds: around.type !== 'ElementDefinition',
      isBesideValue: around.isBesideValue,
    });
    around.byPath.set(node.element.path, check);
    return check;
  }

  function fieldsOf(node: ElementNode, around: Around): PlainField[] {
    const { element } = node;
    const many = element.max !== '1' && element.max !== '0';
    const most = element.max === '*' || element.max === undefined ? Infinity : Number(element.max);
    const common = {
      sibling,
      element: node.name,
      many,
      most,
      required: (element.min ?? 0) > 0,
    };
    if (element.max === '0') return [];
    if (element.contentReference) {
      const path = element.contentReference.slice(element.contentReference.indexOf('#') + 1);
      const check: Check = (value, walk) => around.byPath.get(path)?.(value, walk);
      return [{ ...common, name: node.name, primitive: undefined, isFine: never, check }];
    }
    if (node.children.length > 0)
      return [
        {
          ...common,
          name: node.name,
          primitive: undefined,
          isFine: never,
          check: compileObject(node, around),
        },
      ];
    const choice = node.name.endsWith('[x]');
    return (element.type ?? []).map((type) => {
      const code = typeName(type.code, element.path, around.isResource);
      const name = choice ? node.name.slice(0, -3) + upperFirst(code) : node.name;
      return { ...common, name, ...valueCheck(code, type, node) };
    });
  }

  function valueCheck(
    code: string,
    type: fhir4.ElementDefinitionType,
    node: ElementNode,
  ): Pick<Field, 'primitive' | 'check' | 'isFine'> {
    const { element } = node;
    const binding = bindingCheck(element.binding, code, beyond.definitions);
    const definition = beyond.definitions.type(code);
    if (definition?.kind === 'primitive-type')
      return {
        primitive: code,
        ...primitiveItem(code, binding, isListed(element.binding, beyond.definitions)),
      };
    if (definition?.kind === 'resource')
      return { primitive: undefined, check: beyond.resource(element.path), isFine: never };
    const own = ownConstraints(element, code);
    const targets = code === 'Reference' ? referenceCheck(type, beyond.definitions) : undefined;
    const profiles = type.profile ?? [];
    return {
      primitive: undefined,
      isFine: never,
      check: complexItem(code, own, binding, targets, profiles),
    };
  }

  function complexItem(
    code: string,
    own: readonly ConstraintCheck[],
    binding: Check | undefined,
    targets: Check | undefined,
    profiles: readonly string[],
  ): Check {
    let type: Check | undefined;
    const profiled = profiles.flatMap((url) => profileConstraints(url));
    const constraints = [...own, ...profiled];
    if (!binding && !targets && constraints.length === 0)
      return (value, walk) => {
        type ??= of(code);
        type?.(value, walk);
      };
    return (value, walk) => {
      type ??= of(code);
      type?.(value, walk);
      if (typeof value !== 'object' || value === null) return;
      binding?.(value, walk);
      targets?.(value, walk);
      for (let index = 0; index < constraints.length; index += 1)
        constraints[index]?.(value as FhirObject, walk);
    };
  }

  /** R4 narrows types by profile in its own definitions only to quantities (SimpleQuantity): constraints on the root. */
  function profileConstraints(url: string): readonly ConstraintCheck[] {
    const definition = beyond.definitions.structure(url);
    const root = definition?.snapshot?.element[0];
    return root && definition ? ownConstraints(root, definition.type) : [];
  }

  /** The constraints of an element that the root of its type does not have already. */
  function ownConstraints(
    element: fhir4.ElementDefinition,
    type: string,
  ): readonly ConstraintCheck[] {
    const root = beyond.definitions.type(type)?.snapshot?.element[0];
    const had = new Set(root?.constraint?.map(({ expression }) => expression));
    const constraint = element.constraint?.filter(({ expression }) => !had.has(expression));
    return constraintChecks({ ...element, constraint: constraint ?? [] }, type);
  }

  return { of };
}

const never = (): boolean => false;

/** The primitive behind a FHIRPath system type: R4 writes ids and the url of extensions so. */
function typeName(code: string, path: string, isResource: boolean): string {
  if (!code.startsWith('http://hl7.org/fhirpath/')) return code;
  if (path === 'Extension.url') return 'uri';
  // R4 says string here by mistake; Resource.id is an id (resource.html)
  return isResource && /^[A-Za-z]+\.id$/.test(path) ? 'id' : 'string';
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
