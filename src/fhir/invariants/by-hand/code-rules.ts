/** The error constraints of terminology: CodeSystem, ValueSet, ConceptMap, NamingSystem. */

import { valuesBelow } from '../descendants.ts';
import type { Node, Rules } from '../predicate.ts';
import { areDistinct, fields, has, items } from '../presence.ts';

function* codesOf(system: Node): Generator<unknown> {
  for (const concept of items(system.concept)) yield fields(concept).code;
  for (const concept of valuesBelow(system, 'concept')) yield fields(concept).code;
}

function* typesOfPreferred({ uniqueId }: Node): Generator<unknown> {
  for (const item of items(uniqueId)) {
    const { preferred, type } = fields(item);
    if (preferred === true) yield type;
  }
}

export const codeRules: Rules = {
  // csd-1
  'concept.code.combine($this.descendants().concept.code).isDistinct()': (node) =>
    areDistinct(codesOf(node)),
  // vsd-1
  'valueSet.exists() or system.exists()': ({ valueSet, _valueSet, system, _system }) =>
    has(valueSet, _valueSet) || has(system, _system),
  // vsd-2
  '(concept.exists() or filter.exists()) implies system.exists()': ({
    concept,
    filter,
    system,
    _system,
  }) => !(has(concept) || has(filter)) || has(system, _system),
  // vsd-3
  'concept.empty() or filter.empty()': ({ concept, filter }) => !has(concept) || !has(filter),
  // vsd-6
  'code.exists() or display.exists()': ({ code, _code, display, _display }) =>
    has(code, _code) || has(display, _display),
  // vsd-9
  'code.exists() or abstract = true': ({ code, _code, abstract }) =>
    has(code, _code) || !has(abstract) || abstract === true,
  // cmd-1
  "comment.exists() or equivalence.empty() or ((equivalence != 'narrower') and (equivalence != 'inexact'))":
    ({ comment, _comment, equivalence }) =>
      (equivalence !== 'narrower' && equivalence !== 'inexact') || has(comment, _comment),
  // cmd-2
  "(mode = 'fixed') implies code.exists()": ({ mode, code, _code }) =>
    mode !== 'fixed' || has(code, _code),
  // cmd-3
  "(mode = 'other-map') implies url.exists()": ({ mode, url, _url }) =>
    mode !== 'other-map' || has(url, _url),
  // nsd-1
  "kind != 'root' or uniqueId.all(type != 'uuid')": ({ kind, uniqueId }) =>
    kind !== 'root' ||
    items(uniqueId).every((item) => {
      const { type } = fields(item);
      return type !== undefined && type !== 'uuid';
    }),
  // nsd-2
  'uniqueId.where(preferred = true).select(type).isDistinct()': (node) =>
    areDistinct(typesOfPreferred(node)),
};
