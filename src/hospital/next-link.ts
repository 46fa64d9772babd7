/**
 * Where a link of the hospital leads, for paging. Servers behind a proxy write their inner host into their links, the
 * wrong port, `:443:443`, or http for https (Q1): such a link is laid onto the configured base when its path fits there.
 * Whatever a link says, nothing is ever sent to another origin (invariant I8).
 */
import { insideBase, linkUrl, resolveInside, type ServiceBase } from './service-base.ts';

/** What becomes of a next link with another host: laid onto our base, or refused. */
export type PagingHost = 'rebase' | 'strict';

export interface NextLink {
  readonly href: string;
  /** The origin that the link named, when it was not ours. */
  readonly rebasedFrom?: string;
}

// Scheme, host and however many ports, then what counts. No user: that is a trick and no accident.
const absolute = /^(https?):\/\/([^/?#@\\\s]+)(?:([/?][^#]*))?(?:#.*)?$/i;

/** The address to ask for the next page; throws `foreign-origin` when the link cannot be one of our base. */
export function nextLink(base: ServiceBase, link: string, pagingHost: PagingHost): NextLink {
  const url = linkUrl(base, link);
  if (url !== undefined && insideBase(base, url)) return { href: url.href };
  const rebased = pagingHost === 'rebase' ? onto(base, link) : undefined;
  return rebased ?? { href: resolveInside(base, link) };
}

function onto(base: ServiceBase, link: string): NextLink | undefined {
  // `//inner/fhir?page=2` is absolute too, but for its scheme.
  const full = link.startsWith('//') ? new URL(base.href).protocol + link : link;
  const [, scheme = '', authority, rest = ''] = absolute.exec(full) ?? [];
  if (authority === undefined) return undefined;
  const query = rest.indexOf('?');
  // Parsed at a host of no meaning, so that `..` is taken out of the path before it is compared.
  const at = `http://hospital.invalid${query < 0 ? rest : rest.slice(0, query)}`;
  const below = URL.canParse(at) ? belowTail(base, new URL(at).pathname) : undefined;
  if (below === undefined) return undefined;
  return {
    href: base.href + below + (query < 0 ? '' : rest.slice(query)),
    rebasedFrom: `${scheme}://${authority}`.toLowerCase(),
  };
}

/**
 * What the path has below the base, when it begins with the base path or with the end of it: a proxy often adds segments
 * in front (`/ehr/fhir` outside, `/fhir` inside).
 */
function belowTail({ path: basePath }: ServiceBase, path: string): string | undefined {
  const segments = basePath.split('/').slice(1);
  for (let from = 0; from < Math.max(segments.length, 1); from += 1) {
    const tail = segments
      .slice(from)
      .map((segment) => `/${segment}`)
      .join('');
    if (path === tail || path.startsWith(`${tail}/`))
      return path.slice(tail.length).replace(/^\/$/, '');
  }
  return undefined;
}
