/** How long we wait for one hospital. */
export interface Timeouts {
  /** Opening a connection, TLS included. */
  readonly connectMs: number;
  /** From the sent request to the first byte of the answer's headers. */
  readonly headersMs: number;
  /** The answer's body: the longest silence within it, and its whole duration. */
  readonly bodyMs: number;
}
