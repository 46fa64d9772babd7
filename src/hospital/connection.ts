/** What is needed to reach one hospital, as the settings name it. */
import type { HttpProxy, TlsFiles } from './dispatcher.ts';
import type { MeaningOf } from './issue-meanings.ts';
import type { PagingHost } from './next-link.ts';
import type { SignIn } from './sign-in/ways.ts';
import type { Timeouts } from './timeouts.ts';
import type { Vendor } from './vendors/vendor.ts';

export type { Environment } from './environment.ts';
export type { Timeouts } from './timeouts.ts';

/** How much we ask of one hospital, and how much we take in. */
export interface ConnectionLimits {
  /** Exchanges at the same time. */
  readonly connections?: number;
  readonly perMinute?: number | undefined;
  /** In a day of the hospital. */
  readonly perDay?: number | undefined;
  /** Bytes of one decoded answer. */
  readonly maxBytes?: number;
}

export interface HospitalConnection {
  readonly id: string;
  /** Address of the FHIR R4 endpoint, without query. */
  readonly base: string;
  readonly signIn: SignIn;
  readonly timeouts?: Timeouts;
  readonly tls?: TlsFiles | undefined;
  readonly proxy?: HttpProxy | undefined;
  readonly limits?: ConnectionLimits;
  /** IANA zone of the hospital: its day is what daily limits count. */
  readonly timezone?: string;
  /** What the issue codes of this server product mean; asked anew each time, since the product may become known late. */
  readonly meaningOf?: MeaningOf | undefined;
  /** Name of the search parameter for the size of a page, asked anew each time too. */
  readonly countParam?: (() => string) | undefined;
  /** The product, where the settings name it. */
  readonly vendor?: Vendor | undefined;
  /** What becomes of a next link that names another host. */
  readonly pagingHost?: PagingHost;
  /** The most pages that one search may have before its paging counts as broken. */
  readonly maxPages?: number;
  /** `_count` of our searches. */
  readonly pageSize?: number;
  /** Us, as this hospital knows us: `Organization/massage`. */
  readonly organization?: string;
}
