/**
 * Nothing goes back (invariant I3): is what arrived older than what we have? Versions are opaque to FHIR, so time decides
 * where both have one, whole numbers where both are, and otherwise what arrived last is the latest.
 */
interface Versioned {
  readonly version_id: string | null;
  readonly last_updated: string | null;
}

export function isOlder(arrived: Versioned, known: Versioned): boolean {
  const [arrivedAt, knownAt] = [time(arrived.last_updated), time(known.last_updated)];
  if (arrivedAt !== undefined && knownAt !== undefined && arrivedAt !== knownAt)
    return arrivedAt < knownAt;
  const [a, b] = [arrived.version_id, known.version_id];
  if (a !== null && b !== null && /^\d+$/.test(a) && /^\d+$/.test(b)) return BigInt(a) < BigInt(b);
  return false;
}

/** The very version that we wrote or applied ourselves: the hospital shows us our own change. */
export function isEcho(
  arrived: Versioned & { readonly hash: string },
  known: Versioned & { readonly hash: string | null },
): boolean {
  if (known.hash === arrived.hash) return true;
  // Some servers add to what they store; then the version that they gave our write tells.
  return (
    known.hash !== null && known.version_id !== null && known.version_id === arrived.version_id
  );
}

function time(instant: string | null): number | undefined {
  const ms = instant === null ? Number.NaN : Date.parse(instant);
  return Number.isNaN(ms) ? undefined : ms;
}
