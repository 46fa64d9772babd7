/**
 * Units of measured facts, as far as thresholds of a site may use them: each UCUM unit with its factor to the base unit
 * of its kind. Public files carry platelets as `10*3/uL`, `/uL` and worse (clinical §2.7); a unit that is not here is
 * unknown and never guessed, because a factor of a thousand decides whether anybody is warned.
 */
import type { Measured } from './facts.ts';

const ucum = 'http://unitsofmeasure.org';

interface Unit {
  readonly kind: string;
  readonly factor: number;
  readonly offset?: number;
}

const unit = (kind: string, factor: number, offset = 0): Unit => ({ kind, factor, offset });
const cells = (factor: number) => unit('cells per volume', factor);

/** UCUM, case-sensitive. Cells: to 10*9/L; mass: to g/dL; substance: to mmol/L; temperature: to Cel; pressure: to mm[Hg]. */
const units: ReadonlyMap<string, Unit> = new Map([
  ['10*9/L', cells(1)],
  ['10*3/uL', cells(1)],
  ['10*3/mm3', cells(1)],
  ['10*6/mL', cells(1)],
  ['10*12/L', cells(1_000)],
  ['10*6/uL', cells(1_000)],
  ['10*6/L', cells(1e-3)],
  ['10*3/mL', cells(1e-3)],
  ['/uL', cells(1e-3)],
  ['/mm3', cells(1e-3)],
  ['/L', cells(1e-9)],
  ['g/dL', unit('mass per volume', 1)],
  ['g/L', unit('mass per volume', 0.1)],
  ['mg/dL', unit('mass per volume', 1e-3)],
  ['mg/L', unit('mass per volume', 1e-4)],
  ['ug/mL', unit('mass per volume', 1e-4)],
  ['mmol/L', unit('substance per volume', 1)],
  ['umol/L', unit('substance per volume', 1e-3)],
  ['[IU]/mL', unit('activity per volume', 1)],
  ['/min', unit('rate', 1)],
  ['s', unit('time', 1)],
  ['Cel', unit('temperature', 1)],
  ['[degF]', unit('temperature', 5 / 9, -32)],
  ['K', unit('temperature', 1, -273.15)],
  ['mm[Hg]', unit('pressure', 1)],
  ['kPa', unit('pressure', 7.500_616_827)],
  ['%', unit('percent', 1)],
  ['1', unit('number', 1)],
]);

/** Every unit that a threshold may have. */
export const knownUnits: readonly string[] = [...units.keys()];

/** A measured value in `wanted`; undefined when its unit is not known here, of another kind, or not said. */
export function valueIn(measured: Measured, wanted: string): number | undefined {
  const to = units.get(wanted);
  const from = unitOf(measured, to);
  if (measured.value === undefined || to === undefined || from?.kind !== to.kind) return undefined;
  const base = (measured.value + (from.offset ?? 0)) * from.factor;
  // 12 digits: what a conversion adds behind them is noise, and 50 must stay 50
  return Number((base / to.factor - (to.offset ?? 0)).toPrecision(12));
}

function unitOf({ system, code, unit: words }: Measured, wanted: Unit | undefined) {
  if (code !== undefined && system !== undefined && system !== ucum) return undefined;
  const said = code ?? words;
  // a score or an INR is a bare number; for anything else a missing unit is an unknown one
  if (said === undefined) return wanted?.kind === 'number' ? wanted : undefined;
  const plain = said.replace(/\{[^{}]*\}/g, '');
  return units.get(plain === '' ? '1' : plain);
}
