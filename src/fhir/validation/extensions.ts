/**
 * Extensions (R4 extensibility.html): an absolute url, the definition where it is here, and the places where the
 * definition allows it to stand. An extension whose definition is not here is said to be not checked.
 */
import type { Definitions } from '../definitions/definitions.ts';
import { invariantOf } from '../invariants/invariants.ts';
import type { Check } from './check.ts';
import { isAbsolute } from './codings.ts';
import { isObject } from './documents.ts';
import { type Place, placeOf } from './places.ts';
import type { Profiles } from './profiles.ts';
import type { Walk } from './walk.ts';
import { quoted } from './wording.ts';

const r4 = 'http://hl7.org/fhir/StructureDefinition/';

/**
 * Extensions for which R4 names too few places: its own definitions and capability statements, published with it, have
 * them on these as well.
 */
const widened: Readonly<Record<string, string>> = {
  [`${r4}structuredefinition-fhir-type`]: 'ElementDefinition.type',
  [`${r4}regex`]: 'ElementDefinition.type',
  [`${r4}structuredefinition-normative-version`]: 'Element',
  [`${r4}capabilitystatement-expectation`]: 'Element',
  [`${r4}capabilitystatement-prohibited`]: 'Element',
};

/** The check of one extension, after its shape was checked. */
export function extensionCheck(profiles: Profiles, definitions: Definitions): Check {
  return (value, walk) => {
    if (!isObject(value) || typeof value.url !== 'string' || value.url === '') return;
    const { url } = value;
    if (!isAbsolute(url)) {
      if (isExtension(walk.name(1))) partRule(url, walk, definitions);
      else
        walk.error(
          'extension',
          `${quoted(url)} is no absolute URL: only the parts of an extension have short names.`,
          'url',
        );
      return;
    }
    const definition = definitions.structure(url);
    if (definition === undefined) {
      walk.unknownExtension(url);
      return;
    }
    if (definition.type !== 'Extension') {
      walk.error(
        'extension',
        `${quoted(url)} is the definition of ${definition.type}, not of an extension.`,
        'url',
      );
      return;
    }
    modifierRule(definition, walk);
    contextRule(definition, walk, definitions);
    profiles.of(url)?.(value, walk);
  };
}

function isExtension(name: string): boolean {
  return name === 'extension' || name === 'modifierExtension';
}

/** A part with a short name is one that the definition of the whole extension has (defining-extensions.html). */
function partRule(url: string, walk: Walk, definitions: Definitions): void {
  for (let up = 1; isExtension(walk.name(up)); up += 1) {
    const whole = walk.holder(up);
    if (!isObject(whole) || typeof whole.url !== 'string' || !isAbsolute(whole.url)) continue;
    const elements = definitions.structure(whole.url)?.snapshot?.element;
    if (elements && !elements.some((element) => isUrlOfPart(element, url)))
      walk.error('extension', `${quoted(url)} is no part of the extension ${whole.url}.`, 'url');
    return;
  }
}

function isUrlOfPart({ path, fixedUri }: fhir4.ElementDefinition, url: string): boolean {
  return fixedUri === url && path.endsWith('.extension.url');
}

/** An extension that changes what its element means stands in modifierExtension, every other one in extension. */
function modifierRule({ url, snapshot }: fhir4.StructureDefinition, walk: Walk): void {
  const modifies = snapshot?.element[0]?.isModifier === true;
  if (modifies !== (walk.name() === 'modifierExtension'))
    walk.error(
      'extension',
      `The extension ${url} belongs in ${modifies ? 'modifierExtension' : 'extension'}.`,
    );
}

/** StructureDefinition.context and contextInvariant. */
function contextRule(
  definition: fhir4.StructureDefinition,
  walk: Walk,
  definitions: Definitions,
): void {
  const contexts = contextsOf(definition);
  const invariants = definition.contextInvariant ?? none;
  if (invariants.length === 0 && contexts.some(isAnywhere)) return;
  const holder = walk.holder(1);
  const place = placeOf(walk, definitions);
  const verdicts = contexts.map((context) => isAnywhere(context) || allows(context, place, holder));
  if (contexts.length > 0 && !verdicts.includes(true)) {
    const places = contexts.map(({ expression }) => expression).join(', ');
    if (verdicts.includes(undefined))
      walk.skip('extension', `Whether ${definition.url} may stand here (${places}).`);
    else
      walk.error(
        'extension',
        `The extension ${definition.url} may stand on ${places}, but not here.`,
      );
  }
  for (const expression of invariants)
    if (invariantOf(expression, place.type ?? 'Element').holds(holder, walk.scope) === false)
      walk.error(
        'extension',
        `The extension ${definition.url} may stand only where ${expression}.`,
      );
}

function contextsOf({ url, context = [] }: fhir4.StructureDefinition) {
  const more = Object.hasOwn(widened, url) ? widened[url] : undefined;
  return more === undefined
    ? context
    : [...context, { type: 'element' as const, expression: more }];
}

const none: readonly string[] = [];

function isAnywhere({ type, expression }: fhir4.StructureDefinitionContext): boolean {
  return type === 'element' && expression === 'Element';
}

/** Whether a context allows this place; undefined where it cannot be told. */
function allows(
  { type, expression }: fhir4.StructureDefinitionContext,
  place: Place,
  holder: unknown,
): boolean | undefined {
  if (type === 'extension') return isObject(holder) && holder.url === expression;
  if (type !== 'element') return undefined;
  return place.names.has(expression);
}
