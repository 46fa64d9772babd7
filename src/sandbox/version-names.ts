/**
 * How a server spells its version numbers. Inside they are 1, 2, 3 …; outside they may start at 0 or be no numbers at
 * all, and a client has to hand them back as it got them.
 */
import type { Answer, Call } from './exchange.ts';
import { isObject, type JsonResource } from './json.ts';
import { withResources } from './resource-rewriting.ts';

export type VersionNames = {
  readonly write: (number: number) => string;
  /** Undefined for a name that is none of this server's. */
  readonly read: (name: string) => number | undefined;
};

/** `0` for the first version. */
export const fromZero: VersionNames = {
  write: (number) => String(number - 1),
  read: (name) => (/^\d{1,9}$/.test(name) ? Number(name) + 1 : undefined),
};

/** Two numbers joined by a letter, as in `3423957v2380283`. */
export const odd: VersionNames = {
  write: (number) => `${3_423_956 + number}v${2_380_282 + 7 * number}`,
  read: (name) => {
    const number = Number(/^(\d{7,9})v\d+$/.exec(name)?.[1]) - 3_423_956;
    return number > 0 && odd.write(number) === name ? number : undefined;
  },
};

/** The call with the outside names of versions in its headers and path turned into numbers. */
export function readVersions(call: Call, names: VersionNames): Call {
  const path = call.path.map((segment, n) =>
    call.path[n - 1] === '_history' ? String(names.read(segment) ?? 0) : segment,
  );
  const inside = (_tag: string, name: string) => `W/"${names.read(name) ?? 0}"`;
  const header: Call['header'] = (name) => {
    const value = call.header(name);
    if (value === undefined || (name !== 'if-match' && name !== 'if-none-match')) return value;
    return value
      .split(',')
      .map((tag) => tag.trim().replace(/^(?:W\/)?"?([^"*]+)"?$/, inside))
      .join(', ');
  };
  return { ...call, path, header };
}

/** The answer with every version number, in bodies, ETag and addresses, spelt as outside. */
export function writtenVersions(answer: Answer, names: VersionNames): Answer {
  const spelt = (number: string) => names.write(Number(number));
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      name === 'ETag' ? value.replace(/\d+/, spelt) : value.replace(/(?<=\/_history\/)\d+$/, spelt),
    ]),
  );
  return { ...withResources(answer, (resource) => renamed(resource, names)), headers };
}

function renamed(resource: JsonResource, names: VersionNames): JsonResource {
  const { meta } = resource;
  if (!isObject(meta) || typeof meta.versionId !== 'string') return resource;
  return { ...resource, meta: { ...meta, versionId: names.write(Number(meta.versionId)) } };
}
