/**
 * How searches must be asked on this server: what is known of the product, and what its own statement adds or takes away.
 */
import type { ResourceType } from '../answer.ts';
import type { Capabilities, TypeCapabilities } from '../capabilities.ts';
import { scopeOf } from '../statement-scope.ts';
import type { SearchHabits, Vendor } from '../vendors/vendor.ts';

/** The searches by which things are found. */
const asked = ['ServiceRequest', 'Task', 'Appointment'] as const satisfies readonly ResourceType[];

export function habitsOf(
  vendor: Vendor,
  capabilities: Capabilities,
): Partial<Record<ResourceType, SearchHabits>> {
  const known = vendor.searches ?? {};
  const types = new Set<ResourceType>([...(Object.keys(known) as ResourceType[]), ...asked]);
  return Object.fromEntries(
    [...types].flatMap((type) => {
      const declared = capabilities.declared ? capabilities.types.get(type) : undefined;
      const habits = merged(known[type] ?? {}, declared);
      return Object.keys(habits).length === 0 ? [] : [[type, habits]];
    }),
  );
}

function merged(known: SearchHabits, declared: TypeCapabilities | undefined): SearchHabits {
  if (declared === undefined) return known;
  const { since: knownSince, ...others } = known;
  const scope = known.scope ?? scopeOf(declared.demands);
  const since = sinceOf(knownSince, declared.searchParams);
  const isClosed = since !== undefined && declared.demands.closed.includes(since);
  const window = known.window ?? (isClosed ? 'closed' : undefined);
  return {
    ...others,
    ...(scope !== undefined && { scope }),
    ...(since !== undefined && { since }),
    ...(window !== undefined && { window }),
  };
}

/** What a statement does not list is not asked by, whatever the record knows: it may speak of another version. */
function sinceOf(known: SearchHabits['since'], listed: ReadonlySet<string>): SearchHabits['since'] {
  if (listed.size === 0) return known;
  const order = [known, '_lastUpdated', 'authored'] as const;
  return order.find((name) => name !== undefined && listed.has(name));
}
