/** The error constraints of Questionnaire, which turn on the type of the item. */

import { valuesBelow } from '../descendants.ts';
import type { Rules } from '../predicate.ts';
import { areDistinct, choice, count, has, hasChoice } from '../presence.ts';

const answer = choice('answer');

const withOptions: readonly unknown[] = [
  'choice',
  'open-choice',
  'decimal',
  'integer',
  'date',
  'dateTime',
  'time',
  'string',
  'quantity',
];
const withLength: readonly unknown[] = [
  'boolean',
  'decimal',
  'integer',
  'string',
  'text',
  'url',
  'open-choice',
];

export const questionnaireRules: Rules = {
  // que-1
  "(type='group' implies item.empty().not()) and (type.trace('type')='display' implies item.trace('item').empty())":
    ({ type, item }) => (type === 'group' ? has(item) : type !== 'display' || !has(item)),
  // que-2
  'descendants().linkId.isDistinct()': (node) => areDistinct(valuesBelow(node, 'linkId')),
  // que-3
  "type!='display' or code.empty()": ({ type, code }) => type !== 'display' || !has(code),
  // que-4
  'answerOption.empty() or answerValueSet.empty()': ({
    answerOption,
    answerValueSet,
    _answerValueSet,
  }) => !has(answerOption) || !has(answerValueSet, _answerValueSet),
  // que-5
  "(type ='choice' or type = 'open-choice' or type = 'decimal' or type = 'integer' or type = 'date' or type = 'dateTime' or type = 'time' or type = 'string' or type = 'quantity') or (answerValueSet.empty() and answerOption.empty())":
    ({ type, answerValueSet, _answerValueSet, answerOption }) =>
      !has(type) ||
      withOptions.includes(type) ||
      !(has(answerValueSet, _answerValueSet) || has(answerOption)),
  // que-6
  "type!='display' or (required.empty() and repeats.empty())": ({
    type,
    required,
    _required,
    repeats,
    _repeats,
  }) => type !== 'display' || !(has(required, _required) || has(repeats, _repeats)),
  // que-7: FHIR's boolean stands for FHIRPath's Boolean here, or no question could be enabled by an answer's existence
  "operator = 'exists' implies (answer is Boolean)": (node) =>
    node.operator !== 'exists' ||
    !hasChoice(node, answer) ||
    has(node.answerBoolean, node._answerBoolean),
  // que-8
  "(type!='group' and type!='display') or initial.empty()": ({ type, initial }) =>
    (type !== 'group' && type !== 'display') || !has(initial),
  // que-9
  "type!='display' or readOnly.empty()": ({ type, readOnly, _readOnly }) =>
    type !== 'display' || !has(readOnly, _readOnly),
  // que-10
  "(type in ('boolean' | 'decimal' | 'integer' | 'string' | 'text' | 'url' | 'open-choice')) or maxLength.empty()":
    ({ type, maxLength, _maxLength }) =>
      !has(type) || withLength.includes(type) || !has(maxLength, _maxLength),
  // que-11
  'answerOption.empty() or initial.empty()': ({ answerOption, initial }) =>
    !has(answerOption) || !has(initial),
  // que-12
  'enableWhen.count() > 2 implies enableBehavior.exists()': ({
    enableWhen,
    enableBehavior,
    _enableBehavior,
  }) => count(enableWhen) <= 2 || has(enableBehavior, _enableBehavior),
  // que-13
  'repeats=true or initial.count() <= 1': ({ repeats, initial }) =>
    !has(repeats) || repeats === true || count(initial) <= 1,
};
