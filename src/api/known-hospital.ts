/** The hospital that a request means. A name that is not configured is a mistake, not an empty list. */
import { AdapterError } from '../core/errors.ts';
import type { ApiDeps } from './deps.ts';

export function knownHospital({ hospitals }: ApiDeps, named: string | undefined): void {
  if (named === undefined || hospitals.includes(named)) return;
  throw new AdapterError('bad-request', 'There is no hospital of this name in the settings.', {
    fix: `Use one of: ${hospitals.join(', ')}.`,
  });
}

/** The named hospital; where only one is configured it need not be named. */
export function oneHospital(deps: ApiDeps, named: string | undefined): string {
  knownHospital(deps, named);
  const [only, another] = deps.hospitals;
  if (named !== undefined) return named;
  if (only !== undefined && another === undefined) return only;
  throw new AdapterError('bad-request', 'Several hospitals are configured.', {
    fix: `Say which one: ?hospital= with one of ${deps.hospitals.join(', ')}.`,
  });
}
