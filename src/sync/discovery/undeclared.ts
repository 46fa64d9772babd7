/**
 * A way that failed because this server does not have such resources, by its own statement: then there is nothing to miss,
 * and the run is whole without it, else no run of this hospital could ever be. Said in the report each time (I5).
 */
import { AdapterError, asAdapterError } from '../../core/errors.ts';
import { allows, type Capabilities } from '../../hospital/capabilities.ts';
import type { Site } from '../site.ts';
import { isHospitals } from './pass.ts';

export async function undeclared(
  { hospital }: Pick<Site, 'hospital'>,
  rung: string,
  type: 'Task' | 'Appointment',
  { code, kind }: AdapterError,
): Promise<AdapterError | undefined> {
  if (kind !== 'permanent' || code === 'sign-in-refused') return undefined;
  if (allows(await declaredNow({ hospital }), type, 'search-type')) return undefined;
  return new AdapterError(
    'not-allowed',
    `${rung}: this server does not declare that ${type} can be searched.`,
    { fix: 'Nothing to do if the hospital does not use it; else ask for the right to search it.' },
  );
}

/** The statement; one that cannot be read now speaks against nothing, and is no reason to end the run. */
export function declaredNow({ hospital }: Pick<Site, 'hospital'>): Promise<Capabilities> {
  return hospital.capabilities().catch((thrown: unknown): Capabilities => {
    if (!isHospitals(asAdapterError(thrown))) throw thrown;
    return { declared: false };
  });
}
