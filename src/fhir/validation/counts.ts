/** Cardinalities in numbers and in words. */

/** ElementDefinition.max as a number. */
export function maximum(max: string | undefined): number {
  return max === undefined || max === '*' ? Infinity : Number(max);
}

export function times(count: number): string {
  return count === 0 ? 'not at all' : count === 1 ? 'once' : `${count} times`;
}
