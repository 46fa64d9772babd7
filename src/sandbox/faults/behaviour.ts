/** What a fault can do to a request on its way in, in place of the work, or to the answer on its way out. */
import type { Answer, Call, FhirServer } from '../exchange.ts';
import type { FaultName, FaultOf } from './kinds.ts';

/** One request, understood, and what will answer it. */
export type Stage = {
  readonly server: FhirServer;
  readonly call: Call;
  /** The absolute address that was asked. */
  readonly url: string;
};

/** What a planned fault remembers from one request to the next. */
export type Memory = Map<string, unknown>;

export type Behaviour<N extends FaultName> = {
  /** Answers without the work being done; the request is not even looked at. */
  readonly instead?: (
    fault: FaultOf<N>,
    given: { readonly at: Date; readonly base: string },
  ) => Answer;
  /** Changes what is carried out, or throws a Refusal. */
  readonly ask?: (fault: FaultOf<N>, stage: Stage, memory: Memory) => Stage;
  /** Changes what is answered; `stage` is as it was before any fault changed it. */
  readonly answer?: (fault: FaultOf<N>, answer: Answer, stage: Stage, memory: Memory) => Answer;
};

export type Behaviours = { readonly [N in FaultName]?: Behaviour<N> };
