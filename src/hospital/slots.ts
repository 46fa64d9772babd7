/** Lets at most `count` pieces of work run at once; the others wait in line, first come first served. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
}

export function slots(count: number): Slots {
  let running = 0;
  const line: (() => void)[] = [];
  const whenIdle: (() => void)[] = [];
  return {
    async run(work) {
      if (running < count) running += 1;
      else await new Promise<void>((turn) => line.push(turn));
      try {
        return await work();
      } finally {
        const next = line.shift();
        // The slot passes to the next in line without becoming free in between.
        if (next) next();
        else running -= 1;
        if (running === 0) for (const done of whenIdle.splice(0)) done();
      }
    },
    idle: () =>
      running === 0 ? Promise.resolve() : new Promise<void>((done) => void whenIdle.push(done)),
  };
}
