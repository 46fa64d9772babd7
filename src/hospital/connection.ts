/** What is needed to reach one hospital, as the settings name it. */
import type { SignIn } from './sign-in/sign-in.ts';

export interface Timeouts {
  /** Opening a connection, TLS included. */
  readonly connectMs: number;
  /** From the sent request to the first byte of the answer's headers. */
  readonly headersMs: number;
  /** The answer's body: the longest silence within it, and its whole duration. */
  readonly bodyMs: number;
}

export interface HospitalConnection {
  readonly id: string;
  /** Address of the FHIR R4 endpoint, without query. */
  readonly base: string;
  readonly signIn: SignIn;
  readonly timeouts?: Timeouts;
  /** The most pages that one search may have before its paging counts as broken. */
  readonly maxPages?: number;
  /** `_count` of our searches. */
  readonly pageSize?: number;
  /** Us, as this hospital knows us: `Organization/massage`. */
  readonly organization?: string;
}

/** Environment variables, passed in: nothing here reads `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
