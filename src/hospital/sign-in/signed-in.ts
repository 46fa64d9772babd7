/** What an exchange knows of the sign-in that stands behind it. */
import type { AdapterError } from '../../core/errors.ts';

/** A sign-in at work. */
export interface SignedIn {
  /** The Authorization header of the next exchange; undefined when there is none. May have to ask for a token first. */
  header(): Promise<string | undefined>;
  /** Hears that this header was taken. */
  accepted(header: string | undefined): void;
  /** Hears that this header was answered with 401; true when the exchange may be tried once more with a new one. */
  refused(header: string | undefined): Promise<boolean>;
  /** An error of the hospital (401, 403) with what the sign-in knows about it. */
  explained(error: AdapterError): AdapterError;
  /** Scopes that were asked for and not granted, of the last token. */
  missingScopes(): readonly string[];
}
