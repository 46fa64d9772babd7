/** The constraints of ElementDefinition, the type that profiles are made of. */

import type { Rules } from '../predicate.ts';
import {
  areDistinct,
  choice,
  count,
  fields,
  has,
  hasChoice,
  integerIn,
  items,
} from '../presence.ts';

const fixed = choice('fixed');
const pattern = choice('pattern');
const defaultValue = choice('defaultValue');

function* each(list: unknown, name: string): Generator<unknown> {
  for (const item of items(list)) yield fields(item)[name];
}

const limits = [defaultValue, fixed, pattern, choice('minValue'), choice('maxValue')];

export const elementDefinitionRules: Rules = {
  // eld-1
  'discriminator.exists() or description.exists()': ({
    discriminator,
    description,
    _description,
  }) => has(discriminator) || has(description, _description),
  // eld-2
  "min.empty() or max.empty() or (max = '*') or iif(max != '*', min <= max.toInteger())": ({
    min,
    max,
  }) => {
    const most = integerIn(max);
    return typeof min !== 'number' || most === undefined || min <= most;
  },
  // eld-4
  "aggregation.empty() or (code = 'Reference') or (code = 'canonical')": ({
    aggregation,
    _aggregation,
    code,
  }) =>
    !has(aggregation, _aggregation) || !has(code) || code === 'Reference' || code === 'canonical',
  // eld-5
  'contentReference.empty() or (type.empty() and defaultValue.empty() and fixed.empty() and pattern.empty() and example.empty() and minValue.empty() and maxValue.empty() and maxLength.empty() and binding.empty())':
    (node) =>
      !has(node.contentReference, node._contentReference) ||
      !(
        has(node.type) ||
        has(node.example) ||
        has(node.binding) ||
        has(node.maxLength, node._maxLength) ||
        limits.some((limit) => hasChoice(node, limit))
      ),
  // eld-6
  'fixed.empty() or (type.count()  <= 1)': (node) =>
    count(node.type) <= 1 || !hasChoice(node, fixed),
  // eld-7
  'pattern.empty() or (type.count() <= 1)': (node) =>
    count(node.type) <= 1 || !hasChoice(node, pattern),
  // eld-8
  'pattern.empty() or fixed.empty()': (node) =>
    !hasChoice(node, pattern) || !hasChoice(node, fixed),
  // eld-11: asks whether there are answers, not what they are, so that it holds for every type
  "binding.empty() or type.code.empty() or type.select((code = 'code') or (code = 'Coding') or (code='CodeableConcept') or (code = 'Quantity') or (code = 'string') or (code = 'uri')).exists()":
    () => true,
  // eld-12
  "valueSet.exists() implies (valueSet.startsWith('http:') or valueSet.startsWith('https') or valueSet.startsWith('urn:'))":
    ({ valueSet }) => typeof valueSet !== 'string' || /^(http:|https|urn:)/.test(valueSet),
  // eld-13
  'type.select(code).isDistinct()': ({ type }) => areDistinct(each(type, 'code')),
  // eld-14
  'constraint.select(key).isDistinct()': ({ constraint }) => areDistinct(each(constraint, 'key')),
  // eld-15
  'defaultValue.empty() or meaningWhenMissing.empty()': (node) =>
    !has(node.meaningWhenMissing, node._meaningWhenMissing) || !hasChoice(node, defaultValue),
  // eld-16
  "sliceName.empty() or sliceName.matches('^[a-zA-Z0-9\\\\/\\\\-_\\\\[\\\\]\\\\@]+$')": ({
    sliceName,
  }) => typeof sliceName !== 'string' || /^[a-zA-Z0-9/\-_[\]@]+$/.test(sliceName),
  // eld-17
  "(code='Reference' or code = 'canonical') or targetProfile.empty()": ({
    code,
    targetProfile,
    _targetProfile,
  }) =>
    !has(targetProfile, _targetProfile) ||
    !has(code) ||
    code === 'Reference' ||
    code === 'canonical',
  // eld-18
  '(isModifier.exists() and isModifier) implies isModifierReason.exists()': ({
    isModifier,
    isModifierReason,
    _isModifierReason,
  }) => isModifier !== true || has(isModifierReason, _isModifierReason),
  // eld-19: matches() is content with a part of the text, and any one character that may be in a name is such a part
  "path.matches('[^\\\\s\\\\.,:;\\\\\\'\"\\\\/|?!@#$%&*()\\\\[\\\\]{}]{1,64}(\\\\.[^\\\\s\\\\.,:;\\\\\\'\"\\\\/|?!@#$%&*()\\\\[\\\\]{}]{1,64}(\\\\[x\\\\])?(\\\\:[^\\\\s\\\\.]+)?)*')":
    ({ path }) => typeof path !== 'string' || /[^\s.,:;'"/|?!@#$%&*()[\]{}]/.test(path),
  // eld-20: the same, with letters
  "path.matches('[A-Za-z][A-Za-z0-9]*(\\\\.[a-z][A-Za-z0-9]*(\\\\[x])?)*')": ({ path }) =>
    typeof path !== 'string' || /[A-Za-z]/.test(path),
  // eld-21
  'expression.exists()': ({ expression, _expression }) => has(expression, _expression),
  // eld-22
  'sliceIsConstraining.exists() implies sliceName.exists()': ({
    sliceIsConstraining,
    _sliceIsConstraining,
    sliceName,
    _sliceName,
  }) => !has(sliceIsConstraining, _sliceIsConstraining) || has(sliceName, _sliceName),
};
