/** What an Oracle-Health-like server asks of a search (hospital-servers §8.1 to §8.3, §3). */
import { Refusal } from '../outcome.ts';
import { parametersOf } from '../search-parameters.ts';
import { hasNeeded, keeping, on, onSearch, parameterOf, type Rule, valuesOf } from './vendor.ts';

/** Without one parameter that it requires it says so in plain text, as a proxy would. */
export function plainly(text: string): Refusal {
  return new Refusal(400, [{ severity: 'error', code: 'required', diagnostics: text }], {}, text);
}

function wrong(diagnostics: string): Refusal {
  return new Refusal(400, [{ severity: 'error', code: 'value', diagnostics }]);
}

export const needParameters: Rule = onSearch((asked) => {
  if (hasNeeded(asked)) return asked;
  throw plainly('no supported search parameters provided');
});

const beside = new Set(['_format', '_pretty', '_count', '_revinclude', '_include']);

/** `_id` stands alone, where the table says so. */
export const idAlone: Rule = onSearch((asked) => {
  const others = asked.call.query.filter((pair) => !beside.has(pair[0]) && pair[0] !== '_id');
  const { type } = asked;
  if (valuesOf(asked.call, '_id').length === 0 || others.length === 0) return asked;
  if (['Patient', 'Practitioner', 'Organization', 'Location'].includes(type)) return asked;
  throw wrong('Beside _id no other parameter may be set.');
});

const timed = /^([a-z]{2})\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

export const updatedOrders: Rule = on('ServiceRequest', 'search-type', (asked) => {
  for (const value of valuesOf(asked.call, '_lastUpdated')) {
    const [, prefix] = timed.exec(value) ?? [];
    if (prefix !== 'ge' && prefix !== 'le') {
      throw wrong('_lastUpdated needs a time and the prefix ge or le.');
    }
  }
  for (const token of valuesOf(asked.call, 'code').flatMap((value) => value.split(','))) {
    if (!/\/codeSet\/200\|./.test(token)) throw wrong('code needs the system of codeSet/200.');
  }
  return asked;
});

/** Elsewhere `_lastUpdated` is a closed range, and on Procedure it does not go with `date`. */
export const updatedElsewhere: Rule = onSearch((asked) => {
  const values = valuesOf(asked.call, '_lastUpdated');
  if (values.length === 0 || asked.type === 'ServiceRequest') return asked;
  if (!isClosed(values)) throw wrong('_lastUpdated must be a closed range with ge and lt.');
  if (asked.type === 'Procedure' && valuesOf(asked.call, 'date').length > 0) {
    throw wrong('date and _lastUpdated must not be set together.');
  }
  return asked;
});

const closedRange = ['ge', 'lt'];

function isClosed(values: readonly string[]): boolean {
  const prefixes = values.map((value) => timed.exec(value)?.[1] ?? '');
  return prefixes.toSorted().join() === closedRange.join();
}

/** One of three people or places, once; one of two dates, with a prefix and a time. */
export const appointmentSearch: Rule = on('Appointment', 'search-type', (asked) => {
  if (valuesOf(asked.call, '_id').length > 0) return asked;
  const { call } = asked;
  if (valuesOf(call, '_lastUpdated').length > 0) {
    throw wrong('Appointment knows no _lastUpdated.');
  }
  const whose = call.query.filter(([name]) =>
    ['patient', 'practitioner', 'location'].includes(name),
  );
  if (whose.length !== 1) {
    throw wrong('Exactly one of patient, practitioner and location must be set, once.');
  }
  const dates = valuesOf(call, 'date');
  const wide = valuesOf(call, '-date-or-req-period');
  if (dates.length > 0 && wide.length > 0) {
    throw wrong('At most one of date and -date-or-req-period may be set.');
  }
  const used = dates.length > 0 ? dates : wide;
  const prefixed =
    used.length === 1 && /^(ge|gt|le|lt)/.test(used[0] ?? '') && timed.test(used[0] ?? '');
  if (!prefixed && !isClosed(used)) {
    throw wrong('date needs a prefix and a time once, or ge and lt as a closed range.');
  }
  return asked;
});

const comesAlong = ['Slot:schedule', 'Schedule:actor:Practitioner', 'Provenance:target'];

/** Hardly anything comes along with the matches. */
export const fewIncludes: Rule = onSearch((asked) => ({
  ...asked,
  call: keeping(
    asked.call,
    ([name, value]) => !/^_(rev)?include/.test(name) || comesAlong.includes(value),
  ),
}));

/** Only free slots in a closed range. */
export const slotSearch: Rule = on('Slot', 'search-type', (asked) => {
  if (valuesOf(asked.call, '_id').length > 0) return asked;
  if (!isClosed(valuesOf(asked.call, 'start'))) {
    throw wrong('start must be a closed range with ge and lt.');
  }
  return { ...asked, call: { ...asked.call, query: [...asked.call.query, ['status', 'free']] } };
});

/** A prefix is refused where R4 would allow it: `ne`, `sa`, `eb` are not known. */
export const plainPrefixes: Rule = onSearch((asked) => {
  const parameters = parametersOf(asked.type);
  const isOdd = (pair: readonly [string, string]) =>
    parameters.get(parameterOf(pair))?.type === 'date' && /^(ne|sa|eb|ap)/.test(pair[1]);
  if (asked.call.query.some(isOdd)) throw wrong('This prefix is not supported.');
  return asked;
});
