/** The shape of a state machine that is a table: who may do what from where, and which rule says so. */

export type Actor = 'service' | 'hospital' | 'adapter';

export type Edge<State extends string, Event extends string> = readonly [
  from: State,
  event: Event,
  to: State,
  who: readonly Actor[],
  rule: string,
];

/** The state that `event` leads to from `from`; undefined where the table has no such edge, or none for `who`. */
export function follow<State extends string, Event extends string>(
  edges: readonly Edge<State, Event>[],
  from: State,
  event: Event,
  who?: Actor,
): State | undefined {
  return edges.find(
    (edge) => edge[0] === from && edge[1] === event && (who === undefined || edge[3].includes(who)),
  )?.[2];
}
