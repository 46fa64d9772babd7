/**
 * What stands between us and one hospital before each exchange: how much may be asked of it, and whether it is worth
 * asking at all.
 */
import type { AdapterError } from '../core/errors.ts';

export interface Gate {
  /** Waits until an exchange may begin; throws, with the time from which on it is worth trying again, when none may now. */
  enter(): Promise<void>;
  /** Hears how each exchange went. */
  left(error: AdapterError | undefined): void;
}

/** Lets everything through. */
export function openGate(): Gate {
  return { enter: async () => {}, left: () => {} };
}
