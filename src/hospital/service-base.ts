/**
 * The address of one FHIR server and the rule that nothing leaves for another one (invariant I8): origins are compared
 * as parsed origins and the path by whole segments, because `https://host.example.evil` begins like `https://host.example`.
 */
import { AdapterError } from '../core/errors.ts';

const longestPath = 300;

export interface ServiceBase {
  /** Without a slash at its end. */
  readonly href: string;
  readonly origin: string;
  /** Path without a slash at its end; empty for a server at the root. */
  readonly path: string;
}

/** Reads a configured base address; throws `settings-wrong` when no FHIR server can live there. */
export function serviceBase(base: string): ServiceBase {
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new AdapterError('settings-wrong', 'A hospital base must be an http or https address.');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new AdapterError(
      'settings-wrong',
      `The hospital base ${url.origin}${url.pathname} must carry no user, query or fragment.`,
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  return { href: url.origin + path, origin: url.origin, path };
}

/** Whether this address lies on the hospital's origin and under its base path. */
export function insideBase(base: ServiceBase, url: URL): boolean {
  if (url.origin !== base.origin || url.username || url.password) return false;
  return url.pathname === base.path || url.pathname.startsWith(`${base.path}/`);
}

/**
 * The absolute address of a link that the hospital gave, which may be relative. Throws `foreign-origin` for a link that
 * leads out of the base; the message names the other origin but not its path or query, which may hold patient data.
 */
export function resolveInside(base: ServiceBase, link: string): string {
  const url = linkUrl(base, link);
  if (!url || !insideBase(base, url)) {
    const where = url
      ? url.origin === base.origin
        ? 'outside its base path'
        : `to ${url.origin}`
      : 'nowhere';
    throw new AdapterError(
      'foreign-origin',
      `A link of the hospital leads ${where}; it was not followed.`,
      {
        about: base.href,
      },
    );
  }
  return url.href;
}

/** The address that a link of the hospital names, wherever it leads; undefined when it names none. */
export function linkUrl(base: ServiceBase, link: string): URL | undefined {
  // `?page=2` belongs to the base itself, `ServiceRequest?page=2` goes below it.
  const against = link.startsWith('?') ? base.href : `${base.href}/`;
  return URL.canParse(link, against) ? new URL(link, against) : undefined;
}

/**
 * A request's path as it may be logged: type and id, and the names of query parameters without their values, which
 * can identify a patient (invariant I7). A link of the hospital may hold anything: what is no name is left out, and so is
 * what is longer than a line of a log should be.
 */
export function loggedPath(base: ServiceBase, href: string): string {
  const url = new URL(href);
  const below = url.pathname
    .slice(base.path.length)
    .split('/')
    .filter(Boolean)
    .slice(0, 4)
    .join('/');
  const names = [...new Set(url.searchParams.keys())].map((name) =>
    /^[\w.:-]{1,64}$/.test(name) ? name : '…',
  );
  const path = names.length === 0 ? below || '/' : `${below}?${[...new Set(names)].join('&')}`;
  return path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
}
