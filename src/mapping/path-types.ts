/**
 * What a FHIRPath expression reads and gives, told from the definitions of the resource that it is laid over: an element
 * that does not exist there is a mistake, with the name of the one that was probably meant. What the definitions cannot
 * tell (any resource, any child) is not guessed at: from there on nothing is checked.
 */
import { nearest } from './nearest.ts';
import { argumentsOf, pathFunctions, refusedFunctions } from './path-functions.ts';

/** As the parser of `fhirpath` gives it. */
export interface PathNode {
  readonly type: string;
  readonly text?: string;
  readonly children?: readonly PathNode[];
}

/** The definition of a type of R4 by its name. */
export type TypeDefinitions = (name: string) => fhir4.StructureDefinition | undefined;

export interface PathProblem {
  readonly found: string;
  readonly expected: string;
  readonly meant?: string | undefined;
}

/** A place in a definition: a type as a whole, or an element that has no type of its own. */
interface Place {
  readonly type: string;
  /** Of the element in the snapshot; that of the type itself for a type. */
  readonly path: string;
}

/** Undefined: not to be told. */
type Places = readonly Place[] | undefined;

export interface PathReport {
  readonly problems: readonly PathProblem[];
  /** Names of the types that it can give; undefined where that cannot be told. */
  readonly gives: readonly string[] | undefined;
}

const known = 'System.';
const constants: Readonly<Record<string, string>> = {
  ucum: 'System.String',
  sct: 'System.String',
  loinc: 'System.String',
};

/** Checks a parsed expression over a resource of type `root`. */
export function checkPath(node: PathNode, root: string, definitions: TypeDefinitions): PathReport {
  const problems: PathProblem[] = [];
  const whole: Places = [{ type: root, path: root }];
  const gives = infer(node, whole);
  return { problems, gives: gives && [...new Set(gives.map(({ type }) => type))] };

  /** What an expression gives that is evaluated on `scope`. */
  function infer(one: PathNode, scope: Places): Places {
    const [first, second] = one.children ?? [];
    switch (one.type) {
      case 'EntireExpression':
      case 'TermExpression':
      case 'InvocationTerm':
      case 'ParenthesizedTerm':
      case 'LiteralTerm':
      case 'ExternalConstantTerm':
      case 'PolarityExpression':
        return first && infer(first, scope);
      case 'InvocationExpression':
        return first && second && invoke(second, infer(first, scope), scope);
      case 'IndexerExpression':
        if (second) infer(second, scope);
        return first && infer(first, scope);
      case 'UnionExpression':
        return either((one.children ?? []).map((child) => infer(child, scope)));
      case 'TypeExpression':
        return typed(one, first && infer(first, scope));
      case 'MemberInvocation':
        return startOf(nameOf(one), scope);
      case 'FunctionInvocation':
        return invoke(one, scope, scope);
      case 'ThisInvocation':
        return scope;
      case 'IndexInvocation':
        return system('Integer');
      case 'ExternalConstant':
        return constant(nameOf(one));
      case 'NullLiteral':
        return [];
      case 'StringLiteral':
      case 'BooleanLiteral':
      case 'DateLiteral':
      case 'DateTimeLiteral':
      case 'TimeLiteral':
      case 'QuantityLiteral':
        return system(one.type.replace('Literal', ''));
      case 'NumberLiteral':
        return system(one.text?.includes('.') ? 'Decimal' : 'Integer');
      case 'AndExpression':
      case 'OrExpression':
      case 'ImpliesExpression':
      case 'EqualityExpression':
      case 'InequalityExpression':
      case 'MembershipExpression':
        for (const child of one.children ?? []) infer(child, scope);
        return system('Boolean');
      default: {
        const parts = (one.children ?? []).map((child) => infer(child, scope));
        return one.text === '&' ? system('String') : parts.length === 1 ? parts[0] : undefined;
      }
    }
  }

  function invoke(one: PathNode, focus: Places, scope: Places): Places {
    if (one.type === 'MemberInvocation') return children(nameOf(one), focus);
    if (one.type !== 'FunctionInvocation') return infer(one, focus);
    const call = one.children?.[0];
    const name = call === undefined ? '' : nameOf(call);
    const args = call?.children?.find(({ type }) => type === 'ParamList')?.children ?? [];
    const row = pathFunctions.get(name);
    if (row === undefined && name !== 'iif') return complainOfFunction(name);
    if (!argumentsOf(name).includes(args.length)) return complainOfArguments(name, args.length);
    if (row === undefined) return chosen(args, focus);
    const { is, onItems } = row;
    if (is.gives === 'named' || name === 'is') return namedType(args[0], is.gives === 'named');
    const given = args.map((arg) => infer(arg, onItems ? focus : scope));
    switch (is.gives) {
      case 'same':
        return focus;
      case 'argument':
        return given[0];
      case 'either':
        return either([focus, given[0]]);
      case 'type':
        return [{ type: is.type, path: is.type }];
      case 'unknown':
        return undefined;
    }
  }

  function chosen(args: readonly PathNode[], focus: Places): Places {
    const [, ...branches] = args.map((arg) => infer(arg, focus));
    return either(branches);
  }

  function complainOfFunction(name: string): undefined {
    const why = refusedFunctions[name];
    problems.push({
      found:
        why === undefined ? `calling ${name}(), which FHIRPath does not have` : `calling ${name}()`,
      expected: why === undefined ? 'functions of FHIRPath' : `an expression without it: ${why}`,
      meant: why === undefined ? nearest(name, ['iif', ...pathFunctions.keys()]) : undefined,
    });
    return undefined;
  }

  function complainOfArguments(name: string, count: number): undefined {
    problems.push({
      found: `calling ${name}() with ${count} ${count === 1 ? 'argument' : 'arguments'}`,
      expected: `${argumentsOf(name).join(' or ')} of them`,
    });
    return undefined;
  }

  /** `x is T`, `x as T`. */
  function typed(one: PathNode, _of: Places): Places {
    const isAs = one.text === 'as';
    const place = namedType(one.children?.[1], isAs);
    return isAs ? place : system('Boolean');
  }

  function namedType(one: PathNode | undefined, isResult: boolean): Places {
    const written = one === undefined ? '' : spelled(one);
    const name = written.replace(/^FHIR\./, '');
    if (!name.startsWith(known) && definitions(name) === undefined && !systemTypes.includes(name))
      problems.push({ found: `naming ${name}, which is no type of R4`, expected: 'a type of R4' });
    if (!isResult) return system('Boolean');
    return [{ type: name, path: name }];
  }

  /** The first name of a path: the resource itself by its type, or an element of it. */
  function startOf(name: string, scope: Places): Places {
    if (scope?.some(({ type, path }) => type === path && isA(type, name))) return scope;
    if (/^[A-Z]/.test(name) && scope !== undefined) {
      const types = scope.map(({ type }) => type).join(' or ');
      problems.push({ found: `reading ${name}`, expected: `a path over ${types}` });
      return undefined;
    }
    return children(name, scope);
  }

  function isA(type: string, name: string): boolean {
    return type === name || (type === root && ['Resource', 'DomainResource'].includes(name));
  }

  function children(name: string, focus: Places): Places {
    if (focus === undefined || focus.length === 0) return focus;
    const found = focus.map((place) => child(place, name));
    if (found.every((one) => one === 'none')) {
      problems.push(unknownElement(name, focus));
      return undefined;
    }
    return either(found.filter((one) => one !== 'none'));
  }

  function child({ type, path }: Place, name: string): Places | 'none' {
    // what FHIRPath's own types hold cannot be asked for, and any resource may hold anything
    if (anything.includes(type)) return undefined;
    const elements = definitions(type)?.snapshot?.element;
    if (elements === undefined) return 'none';
    const element = elements.find(
      (one) => one.path === `${path}.${name}` || one.path === `${path}.${name}[x]`,
    );
    if (element === undefined) return 'none';
    if (element.contentReference !== undefined)
      return [{ type, path: element.contentReference.replace(/^.*#/, '') }];
    const types = (element.type ?? []).map(({ code }) => code.replace(/^.*fhirpath\//, ''));
    if (types.some((one) => anything.includes(one))) return undefined;
    const isOwn = elements.some((one) => one.path?.startsWith(`${element.path}.`));
    return isOwn ? [{ type, path: element.path }] : types.map((one) => ({ type: one, path: one }));
  }

  function unknownElement(name: string, focus: readonly Place[]): PathProblem {
    const names = focus.flatMap(({ type, path }) =>
      (definitions(type)?.snapshot?.element ?? []).flatMap((one) => {
        const rest = one.path.startsWith(`${path}.`) ? one.path.slice(path.length + 1) : '.';
        return rest.includes('.') ? [] : [{ name: rest.replace('[x]', ''), element: one }];
      }),
    );
    const choice = names.find(
      (one) => one.element.path.endsWith('[x]') && name.startsWith(one.name) && name !== one.name,
    );
    const chosenType = choice?.element.type?.find(
      ({ code }) => code.toLowerCase() === name.slice(choice.name.length).toLowerCase(),
    );
    const all = [...new Set(names.map((one) => one.name))];
    const meant =
      choice !== undefined && chosenType !== undefined
        ? `${choice.name}.ofType(${chosenType.code})`
        : nearest(name, all);
    const places = [...new Set(focus.map(({ path }) => path))];
    const whose =
      places.length > 3
        ? `none of ${places.length} possible types has`
        : `${places.join(' or ')} does not have`;
    return {
      found: `reading ${name}, which ${whose}`,
      // Where nothing is near enough to be a slip, all of them: one may be what was looked for.
      expected: `one of its elements${meant === undefined && places.length === 1 ? `: ${all.join(', ')}` : ''}`,
      meant,
    };
  }

  function constant(name: string): Places {
    if (['resource', 'rootResource', 'context'].includes(name)) return whole;
    const type = constants[name];
    if (type !== undefined) return [{ type, path: type }];
    problems.push({
      found: `reading %${name}`,
      expected:
        'an expression over the resource itself, with %resource, %context, %ucum, %sct, %loinc at most',
    });
    return undefined;
  }
}

/** Types under which any element may stand. */
const anything = ['Resource', 'DomainResource'];

const systemTypes = [
  'String',
  'Boolean',
  'Integer',
  'Decimal',
  'Date',
  'DateTime',
  'Time',
  'Quantity',
];

function system(name: string): Places {
  return [{ type: `${known}${name}`, path: `${known}${name}` }];
}

function either(all: readonly Places[]): Places {
  return all.every((one) => one !== undefined) ? all.flat() : undefined;
}

/** The identifier of a member, a function or a constant, without the quotes that it may stand in. */
function nameOf(one: PathNode): string {
  const identifier = one.children?.find(({ type }) => type === 'Identifier');
  return (identifier?.text ?? '').replace(/^`(.*)`$/s, '$1');
}

/** A type specifier: `Timing`, `FHIR.string`. */
function spelled(one: PathNode): string {
  if (one.type === 'Identifier') return (one.text ?? '').replace(/^`(.*)`$/s, '$1');
  return (one.children ?? []).map(spelled).filter(Boolean).join('.');
}
