/** What the parts of a profile need of the whole, passed in, since profiles lead to profiles. */
import type { Definitions } from '../definitions/definitions.ts';
import type { Check } from './check.ts';

export interface ProfileParts {
  readonly definitions: Definitions;
  /** The check of a profile by its URL; undefined where it is not here. */
  readonly profile: (url: string) => Check | undefined;
}
