/** Which RESTful interaction of R4 a call is, by method and shape of its path. */
import type { Call } from './exchange.ts';
import { isObject } from './json.ts';

export type Interaction =
  | 'read'
  | 'vread'
  | 'search-type'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'history'
  | 'batch'
  | 'transaction'
  | 'operation';

export const writes: ReadonlySet<Interaction> = new Set(['create', 'update', 'patch', 'delete']);

/** The conditional forms count as what they do: `PUT Type?…` is an update. */
export function interactionOf({ method, path, body }: Call): Interaction {
  if (path.length === 0) {
    return isObject(body) && body.type === 'transaction' ? 'transaction' : 'batch';
  }
  if (path.some((segment) => segment.startsWith('$'))) return 'operation';
  const history = path.indexOf('_history');
  if (history >= 0) return path.length > history + 1 ? 'vread' : 'history';
  switch (method) {
    case 'POST':
      return path[1] === '_search' ? 'search-type' : 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return path.length === 1 ? 'search-type' : 'read';
  }
}
