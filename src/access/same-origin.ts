/**
 * Whether a browser sends a request from one of our own pages. A cookie goes along with whatever a page asks for, so
 * what changes something has to prove where it comes from; a bearer key is never sent by a browser on its own.
 */

export interface RequestHeaders {
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
  readonly host?: string | undefined;
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

export function isSafe(method: string): boolean {
  return safeMethods.includes(method);
}

/**
 * Sec-Fetch-Site where the browser says it (it cannot be set by script), else Origin against Host. A request that
 * carries neither is not one of a browser of today: refused.
 */
export function fromOwnPage(headers: RequestHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase();
}
