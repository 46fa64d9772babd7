/**
 * Times of several ways to do the same, taken in turns: a machine that is slower for a while is so for all of them, and
 * the ratios stay what they are.
 */

interface Rounds {
  readonly rounds: number;
  /** Rounds before those that count. */
  readonly warmUp: number;
}

/**
 * Median milliseconds of each way for all things together, by its name. Every thing goes through all ways before the next
 * one comes, as a resource is parsed and judged before the next one arrives.
 */
export function interleavedMedians<Thing, Name extends string>(
  things: readonly Thing[],
  ways: Readonly<Record<Name, (thing: Thing) => void>>,
  { rounds, warmUp }: Rounds,
): Record<Name, number> {
  // Object.keys forgets the names of the record
  const names = Object.keys(ways) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < warmUp + rounds; round += 1) {
    const sums = new Map(names.map((name) => [name, 0]));
    for (const thing of things)
      for (const name of names) {
        const started = performance.now();
        ways[name](thing);
        sums.set(name, (sums.get(name) ?? 0) + performance.now() - started);
      }
    if (round >= warmUp) for (const [name, sum] of sums) times.get(name)?.push(sum);
  }
  const medians = names.map((name) => [name, medianOf(times.get(name) ?? [])] as const);
  return Object.fromEntries(medians) as Record<Name, number>;
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
