/** The error constraints of R4's data types: quantities, periods, contact points, timing, triggers and the rest. */
import { byFhirpath } from '../by-fhirpath.ts';
import { inOrder } from '../moments.ts';
import type { Node, Rules, Surroundings } from '../predicate.ts';
import { choice, fields, has, hasChoice, items } from '../presence.ts';

const timing = choice('timing');

const ucum = 'http://unitsofmeasure.org';
const currencies = 'urn:iso:std:iso:4217';

/** `system.empty() or system = …` */
const isOf = (system: unknown, wanted: string): boolean => !has(system) || system === wanted;

const isUnit = ({ code, _code, value, _value, system }: Node, wanted: string): boolean =>
  (has(code, _code) || !has(value, _value)) && isOf(system, wanted);

const inRange = 'low.empty() or high.empty() or (low <= high)';
const convertedInRange = byFhirpath(inRange, 'Range');

/**
 * Quantities of one unit compare by their numbers; UCUM units that differ are converted by the engine; between other
 * units there is no order.
 */
function isLowNotAboveHigh(node: Node, around: Surroundings): boolean | undefined {
  if (!has(node.low) || !has(node.high)) return true;
  const low = fields(node.low);
  const high = fields(node.high);
  if (has(low.comparator) || has(high.comparator)) return undefined;
  if (low.system === high.system && low.code === high.code && low.unit === high.unit)
    return typeof low.value === 'number' && typeof high.value === 'number'
      ? low.value <= high.value
      : true;
  if (low.system !== ucum || high.system !== ucum) return true;
  return convertedInRange(node, around);
}

const mealTimes: readonly unknown[] = ['C', 'CM', 'CD', 'CV'];

/** R4 compares a single `when`; of several, one that is no meal time will do, as the HL7 engine has it. */
function isWhenToOffset(when: unknown): boolean {
  for (const event of items(when)) if (!mealTimes.includes(event)) return true;
  return false;
}

/** A number below 0; what is no number has no answer, and so does not fail. */
const isNegative = (value: unknown): boolean => typeof value === 'number' && value < 0;

export const dataTypeRules: Rules = {
  // per-1
  'start.hasValue().not() or end.hasValue().not() or (start <= end)': ({ start, end }) =>
    !has(start) || !has(end) || inOrder(start, end),
  // rng-2
  [inRange]: isLowNotAboveHigh,
  // qty-3, vsd-10
  'code.empty() or system.exists()': ({ code, _code, system, _system }) =>
    !has(code, _code) || has(system, _system),
  // sqty-1
  'comparator.empty()': ({ comparator, _comparator }) => !has(comparator, _comparator),
  // mqty-1
  "(code.exists() or value.empty()) and (system.empty() or system = 'urn:iso:std:iso:4217')": (
    node,
  ) => isUnit(node, currencies),
  // dis-1
  '(code.exists() or value.empty()) and (system.empty() or system = %ucum)': (node) =>
    isUnit(node, ucum),
  // age-1
  '(code.exists() or value.empty()) and (system.empty() or system = %ucum) and (value.empty() or value.hasValue().not() or value > 0)':
    (node) => isUnit(node, ucum) && !(typeof node.value === 'number' && node.value <= 0),
  // cnt-3
  "(code.exists() or value.empty()) and (system.empty() or system = %ucum) and (code.empty() or code = '1') and (value.empty() or value.hasValue().not() or value.toString().contains('.').not())":
    (node) =>
      isUnit(node, ucum) &&
      isOf(node.code, '1') &&
      !(typeof node.value === 'number' && String(node.value).includes('.')),
  // drt-1
  'code.exists() implies ((system = %ucum) and value.exists())': ({
    code,
    _code,
    system,
    value,
    _value,
  }) => !has(code, _code) || (isOf(system, ucum) && has(value, _value)),
  // rat-1
  '(numerator.empty() xor denominator.exists()) and (numerator.exists() or extension.exists())': ({
    numerator,
    denominator,
    extension,
  }) => has(numerator) === has(denominator) && (has(numerator) || has(extension)),
  // att-1
  'data.empty() or contentType.exists()': ({ data, _data, contentType, _contentType }) =>
    !has(data, _data) || has(contentType, _contentType),
  // cpt-2
  'value.empty() or system.exists()': ({ value, _value, system, _system }) =>
    !has(value, _value) || has(system, _system),
  // exp-1
  'expression.exists() or reference.exists()': ({
    expression,
    _expression,
    reference,
    _reference,
  }) => has(expression, _expression) || has(reference, _reference),
  // drq-1, drq-2
  'path.exists() xor searchParam.exists()': ({ path, _path, searchParam, _searchParam }) =>
    has(path, _path) !== has(searchParam, _searchParam),
  // tim-1
  'duration.empty() or durationUnit.exists()': ({
    duration,
    _duration,
    durationUnit,
    _durationUnit,
  }) => !has(duration, _duration) || has(durationUnit, _durationUnit),
  // tim-2
  'period.empty() or periodUnit.exists()': ({ period, _period, periodUnit, _periodUnit }) =>
    !has(period, _period) || has(periodUnit, _periodUnit),
  // tim-4
  'duration.exists() implies duration >= 0': ({ duration }) => !isNegative(duration),
  // tim-5
  'period.exists() implies period >= 0': ({ period }) => !isNegative(period),
  // tim-6
  'periodMax.empty() or period.exists()': ({ periodMax, _periodMax, period, _period }) =>
    !has(periodMax, _periodMax) || has(period, _period),
  // tim-7
  'durationMax.empty() or duration.exists()': ({
    durationMax,
    _durationMax,
    duration,
    _duration,
  }) => !has(durationMax, _durationMax) || has(duration, _duration),
  // tim-8
  'countMax.empty() or count.exists()': ({ countMax, _countMax, count, _count }) =>
    !has(countMax, _countMax) || has(count, _count),
  // tim-9
  "offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | 'CV')).not()))": ({
    offset,
    _offset,
    when,
    _when,
  }) => !has(offset, _offset) || isWhenToOffset(when ?? _when),
  // tim-10
  'timeOfDay.empty() or when.empty()': ({ timeOfDay, _timeOfDay, when, _when }) =>
    !has(timeOfDay, _timeOfDay) || !has(when, _when),
  // trd-1
  'data.empty() or timing.empty()': (node) => !has(node.data) || !hasChoice(node, timing),
  // trd-2
  'condition.exists() implies data.exists()': ({ condition, data }) => !has(condition) || has(data),
  // trd-3
  "(type = 'named-event' implies name.exists()) and (type = 'periodic' implies timing.exists()) and (type.startsWith('data-') implies data.exists())":
    (node) => {
      const { type } = node;
      if (type === 'named-event') return has(node.name, node._name);
      if (type === 'periodic') return hasChoice(node, timing);
      return typeof type !== 'string' || !type.startsWith('data-') || has(node.data);
    },
};
