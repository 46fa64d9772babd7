/** Random choices that can be made again: the same seed, the same round. */
export interface Choices {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  below(below: number): number;
  of<T>(all: readonly T[]): T;
  /** True with this probability. */
  maybe(probability: number): boolean;
}

/** mulberry32: small, and even enough to choose faults with. */
export function choicesFrom(seed: number): Choices {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    of(all) {
      const chosen = all[below(all.length)];
      if (chosen === undefined) throw new Error('nothing to choose from');
      return chosen;
    },
    maybe: (probability) => next() < probability,
  };
}

/** The seed of this run: of the environment to repeat one, else of the day, so that CI sees new ones. */
export function runSeed(): number {
  const given = Number(process.env.MASSAGE_FHIR_TEST_SEED);
  return Number.isSafeInteger(given) && given > 0 ? given : Math.floor(Date.now() / 1000);
}
