/**
 * Which resources pages have shown before, in which version. Pages that are cut by offsets shift while the data changes, so
 * what comes twice comes within a few pages (Q4): only so much is remembered, whatever the length of a search.
 */
export interface RecentlyShown {
  /** Notes it, and says whether it is new; true for one without any version, since it may have changed in between. */
  isNew(resource: fhir4.FhirResource): boolean;
}

/** Remembers the last `most` resources at least, and twice as many at most. */
export function recentlyShown(most = 5000): RecentlyShown {
  let older: Shown = new Map();
  let newer: Shown = new Map();
  let count = 0;
  return {
    isNew({ resourceType, id, meta }) {
      const version = meta?.versionId ?? meta?.lastUpdated;
      if (id === undefined || version === undefined) return true;
      if (isNoted(older, resourceType, id, version)) return false;
      if (!note(newer, resourceType, id, version)) return false;
      count += 1;
      if (count >= most) {
        older = newer;
        newer = new Map();
        count = 0;
      }
      return true;
    },
  };
}

/** Versions by type and id: nearly always one, and a name of all three would have to be made for each resource. */
type Shown = Map<string, Map<string, string | Set<string>>>;

function isNoted(shown: Shown, type: string, id: string, version: string): boolean {
  const versions = shown.get(type)?.get(id);
  return versions === version || (typeof versions === 'object' && versions.has(version));
}

/** False when it was noted before. */
function note(shown: Shown, type: string, id: string, version: string): boolean {
  let ids = shown.get(type);
  if (ids === undefined) {
    ids = new Map();
    shown.set(type, ids);
  }
  const before = ids.get(id);
  if (before === undefined) ids.set(id, version);
  else if (before === version) return false;
  else if (typeof before === 'string') ids.set(id, new Set([before, version]));
  else if (before.has(version)) return false;
  else before.add(version);
  return true;
}
