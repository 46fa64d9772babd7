/** Answers of servers that tell nothing of versions: no `meta` in any body, no ETag, no time of the last change. */
import type { Answer } from './exchange.ts';
import { withResources } from './resource-rewriting.ts';

export function unversioned(answer: Answer): Answer {
  const { version: _version, headers: told, ...rest } = answer;
  const { ETag: _tag, 'Last-Modified': _at, 'Content-Location': _here, ...headers } = told;
  const bare = withResources({ ...rest, headers }, ({ meta: _meta, ...resource }) => resource);
  const location = headers.Location?.replace(/\/_history\/.*$/, '');
  const named = location === undefined ? headers : { ...headers, Location: location };
  if (bare.body === undefined) return { ...bare, headers: named };
  const { meta: _bundleMeta, ...body } = bare.body;
  return { ...bare, headers: named, body };
}
