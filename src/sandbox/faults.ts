/**
 * Faults on demand: a list of what shall go wrong, for which requests and how often. The first fault of the list that
 * fits a request and is due strikes it; beside it strike all fitting faults that are planned for always, because they
 * are how this server is.
 */
import type { Answer } from './exchange.ts';
import type { Behaviour, Behaviours, Memory, Stage } from './faults/behaviour.ts';
import type { Fault, FaultName, FaultTarget } from './faults/kinds.ts';
import { pageFaults } from './faults/pages.ts';
import { refusalFaults } from './faults/refusals.ts';
import { resourceFaults } from './faults/resources.ts';
import { searchFaults } from './faults/searches.ts';
import { statementFaults } from './faults/statements.ts';
import { faultTable } from './faults/table.ts';
import { writeFaults } from './faults/writes.ts';

export type { FaultKind } from './faults/kinds.ts';

export type ListedFault = Fault & {
  readonly id: number;
  /** How many requests it will still strike; of no meaning for one that strikes always. */
  readonly left: number;
};

/** `later` for a request that follows a next link. */
export type Request = {
  readonly method: string;
  readonly type: string;
  readonly path: string;
  readonly later: boolean;
};

export type Struck = { readonly fault: Fault; readonly memory: Memory };

type Planned = Struck & { readonly id: number; left: number; skip: number };

export class Faults {
  readonly #newest: () => number;
  #next = 1;
  #planned: Planned[] = [];

  /** `newest` is the time of the newest version: what is written later is new to a fault planned now. */
  constructor(newest: () => number) {
    this.#newest = newest;
  }

  /** Plans a fault; returns its number in the list. */
  add(fault: Fault): number {
    const id = this.#next;
    this.#next += 1;
    const memory: Memory = new Map([['planned-after', this.#newest()]]);
    this.#planned.push({ fault, memory, id, left: fault.times ?? 1, skip: fault.after ?? 0 });
    return id;
  }

  list(): ListedFault[] {
    return this.#planned.map(({ fault, id, left }) => ({ ...fault, id, left }));
  }

  clear(): void {
    this.#planned = [];
  }

  /** The faults that strike this request, in the order of the list; counts them. */
  strike(request: Request): readonly Struck[] {
    const struck: Struck[] = [];
    let once = false;
    for (const planned of this.#planned) {
      const always = planned.fault.always === true;
      if (!always && (once || planned.left <= 0)) continue;
      if (!fits(planned.fault, request)) continue;
      if (planned.skip > 0) {
        planned.skip -= 1;
        continue;
      }
      if (!always) {
        planned.left -= 1;
        once = true;
      }
      struck.push(planned);
    }
    return struck;
  }
}

function fits(fault: Fault, request: Request): boolean {
  const only: { readonly page?: 'later'; readonly path?: string } = faultTable[fault.do];
  return fitsTarget(only, request) && fitsTarget(fault.on, request);
}

function fitsTarget(on: FaultTarget | undefined, request: Request): boolean {
  if (on?.method !== undefined && on.method.toUpperCase() !== request.method) return false;
  if (on?.type !== undefined && on.type !== request.type) return false;
  if (on?.page !== undefined && (on.page === 'later') !== request.later) return false;
  return on?.path === undefined || request.path.includes(on.path);
}

const behaviours: Behaviours = {
  ...refusalFaults,
  ...pageFaults,
  ...searchFaults,
  ...writeFaults,
  ...resourceFaults,
  ...statementFaults,
};

function behaviourOf(fault: Fault): Behaviour<FaultName> | undefined {
  return behaviours[fault.do] as Behaviour<FaultName> | undefined;
}

/** The answer of the first fault that answers in place of the server. */
export function answeredInstead(
  struck: readonly Struck[],
  given: { readonly at: Date; readonly base: string },
): Answer | undefined {
  for (const { fault } of struck) {
    const instead = behaviourOf(fault)?.instead;
    if (instead !== undefined) return instead(fault, given);
  }
  return undefined;
}

/** The request as the faults let it through. */
export function askedThrough(struck: readonly Struck[], stage: Stage): Stage {
  return struck.reduce(
    (changed, { fault, memory }) => behaviourOf(fault)?.ask?.(fault, changed, memory) ?? changed,
    stage,
  );
}

/** The answer as the faults let it out. */
export function answeredThrough(struck: readonly Struck[], answer: Answer, stage: Stage): Answer {
  return struck.reduce(
    (changed, { fault, memory }) =>
      behaviourOf(fault)?.answer?.(fault, changed, stage, memory) ?? changed,
    answer,
  );
}
