/**
 * The functions of FHIRPath with what each gives, for checking a site's expressions. Those that ask a server, and `trace`,
 * which would print what a patient's resource says, are left out on purpose and refused by name.
 */

/** `same`: some of what it is called on. `argument`: what its argument gives. `named`: the type that it names. */
export type Gives =
  | { readonly gives: 'same' | 'argument' | 'named' | 'unknown' | 'either' }
  | { readonly gives: 'type'; readonly type: string };

interface Row {
  readonly is: Gives;
  /** Its arguments are evaluated on each item that it is called on. */
  readonly onItems: boolean;
}

const of = (is: Gives, names: string, onItems = false): [string, Row][] =>
  names.split(' ').map((name) => [name, { is, onItems }]);
const type = (name: string): Gives => ({ gives: 'type', type: name });

export const pathFunctions: ReadonlyMap<string, Row> = new Map([
  ...of({ gives: 'same' }, 'where', true),
  ...of({ gives: 'same' }, 'first last tail single skip take distinct exclude intersect'),
  ...of({ gives: 'either' }, 'union combine'),
  ...of({ gives: 'argument' }, 'select', true),
  ...of({ gives: 'unknown' }, 'repeat aggregate', true),
  ...of({ gives: 'unknown' }, 'children descendants min max sum avg abs getValue'),
  ...of({ gives: 'named' }, 'ofType as'),
  ...of(type('Extension'), 'extension'),
  ...of(type('System.Boolean'), 'exists all', true),
  ...of(
    type('System.Boolean'),
    'empty not allTrue anyTrue allFalse anyFalse subsetOf supersetOf isDistinct hasValue contains startsWith endsWith matches matchesFull is toBoolean convertsToBoolean convertsToInteger convertsToDecimal convertsToString convertsToDate convertsToDateTime convertsToTime convertsToQuantity',
  ),
  ...of(
    type('System.String'),
    'substring replace replaceMatches upper lower trim toString join split toChars encode decode escape unescape',
  ),
  ...of(type('System.Integer'), 'count length indexOf lastIndexOf toInteger'),
  ...of(type('System.Decimal'), 'toDecimal ceiling floor round truncate sqrt exp ln log power'),
  ...of(type('System.Date'), 'toDate today'),
  ...of(type('System.DateTime'), 'toDateTime now'),
  ...of(type('System.Time'), 'toTime timeOfDay'),
  ...of(type('System.Quantity'), 'toQuantity'),
]);

const counted = (counts: readonly number[], names: string): [string, readonly number[]][] =>
  names.split(' ').map((name) => [name, counts]);

const takes: ReadonlyMap<string, readonly number[]> = new Map([
  ...counted(
    [1],
    'where select repeat all exclude intersect union combine skip take ofType as is extension subsetOf supersetOf contains startsWith endsWith split encode decode escape unescape indexOf lastIndexOf log power',
  ),
  ...counted([0, 1], 'exists toQuantity join round'),
  ...counted([1, 2], 'substring aggregate matches matchesFull'),
  ...counted([2], 'replace replaceMatches'),
  ...counted([2, 3], 'iif'),
]);

/**
 * With how many arguments a function can be called. The engine answers any other number with nothing at all, so that the
 * field would be empty for ever.
 */
export function argumentsOf(name: string): readonly number[] {
  return takes.get(name) ?? [0];
}

/** Why a function that FHIRPath has may not stand in a site's expression. */
export const refusedFunctions: Readonly<Record<string, string>> = {
  trace: 'it would print what the resource says',
  resolve: 'it would have to ask a server',
  memberOf: 'it would have to ask a server',
  subsumes: 'it would have to ask a server',
  subsumedBy: 'it would have to ask a server',
  conformsTo: 'it would have to ask a server',
};
