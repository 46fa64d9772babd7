/**
 * The ways to do a thing that this slice knows, best first for each function (DESIGN decision 12), with what each needs.
 * `whyNot` reads the server's statement only; a server without one may do anything, and its first answer decides.
 */
import type { ResourceType } from './answer.ts';
import type { Capabilities } from './capabilities.ts';

export interface Rung {
  readonly function: 'discovery' | 'booking' | 'result' | 'once';
  readonly rung: 'A1' | 'A3' | 'B3' | 'C1' | 'D1' | 'D4';
  readonly says: string;
  readonly needs: readonly Need[];
}

export interface Need {
  readonly type: ResourceType;
  readonly interactions?: readonly string[];
  readonly searchParams?: readonly string[];
  readonly conditionalCreate?: true;
}

export const rungs = [
  {
    function: 'discovery',
    rung: 'A1',
    says: 'search ServiceRequest by the time of its last change',
    needs: [
      {
        type: 'ServiceRequest',
        interactions: ['read', 'search-type'],
        searchParams: ['_lastUpdated'],
      },
    ],
  },
  {
    function: 'discovery',
    rung: 'A3',
    says: 'search the Tasks that are addressed to us or to nobody yet',
    needs: [
      {
        type: 'Task',
        interactions: ['search-type'],
        searchParams: ['owner', 'status', '_lastUpdated'],
      },
      { type: 'ServiceRequest', interactions: ['read'] },
    ],
  },
  {
    function: 'booking',
    rung: 'B3',
    says: 'create and update the Appointment',
    needs: [{ type: 'Appointment', interactions: ['create', 'update'] }],
  },
  {
    function: 'result',
    rung: 'C1',
    says: 'create the Procedure and its Observations',
    needs: [
      { type: 'Procedure', interactions: ['create'] },
      { type: 'Observation', interactions: ['create'] },
    ],
  },
  {
    function: 'once',
    rung: 'D1',
    says: 'create with If-None-Exist by our identifier',
    needs: (['Appointment', 'Procedure', 'Observation', 'Task'] as const).map((type) => ({
      type,
      conditionalCreate: true,
    })),
  },
  {
    function: 'once',
    rung: 'D4',
    says: 'search by our identifier before each create',
    needs: (['Appointment', 'Procedure', 'Observation', 'Task'] as const).map((type) => ({
      type,
      searchParams: ['identifier'],
    })),
  },
] as const satisfies readonly Rung[];

/** What this server's statement lacks for a rung, one sentence each; empty when nothing speaks against it. */
export function whyNot(rung: Rung, capabilities: Capabilities): readonly string[] {
  if (!capabilities.declared) return [];
  return rung.needs.flatMap((need) => {
    const has = capabilities.types.get(need.type);
    if (!has) return [`${need.type} is not declared`];
    return [
      ...(need.interactions ?? [])
        .filter((interaction) => !has.interactions.has(interaction))
        .map((interaction) => `${need.type} ${interaction} is not declared`),
      ...(need.searchParams ?? [])
        .filter((name) => !has.searchParams.has(name))
        .map((name) => `${need.type} cannot be searched by ${name}`),
      ...(need.conditionalCreate && !has.conditionalCreate
        ? [`${need.type} has no conditional create`]
        : []),
    ];
  });
}
