/** What the parts of the validator are made of. */
import type { Walk } from './walk.ts';

/** Looks at one value where the walk stands. */
export type Check = (value: unknown, walk: Walk) => void;
