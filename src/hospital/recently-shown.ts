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
  let older = new Set<string>();
  let newer = new Set<string>();
  return {
    isNew({ resourceType, id, meta }) {
      const version = meta?.versionId ?? meta?.lastUpdated;
      if (id === undefined || version === undefined) return true;
      const key = `${resourceType}/${id}/${version}`;
      if (newer.has(key) || older.has(key)) return false;
      newer.add(key);
      if (newer.size >= most) {
        older = newer;
        newer = new Set();
      }
      return true;
    },
  };
}
