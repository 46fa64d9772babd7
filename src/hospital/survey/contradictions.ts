/**
 * Where the SMART configuration and the statement disagree (MEDITECH: scopes wider than interactions; Q35). A scope that
 * is not listed proves nothing, since `scopes_supported` is not exhaustive; one that is listed for something which the
 * statement does not declare is said, so that nobody builds on it.
 */
import type { StatementSummary, TypeSummary } from './summary.ts';

/** The letters of v2 scopes that write (SMART App Launch 2.2, scopes). */
const writing = [
  { letter: 'c', interactions: ['create'] },
  { letter: 'u', interactions: ['update', 'patch'] },
  { letter: 'd', interactions: ['delete'] },
] as const;

/** A sentence, or none. Scopes for all types (`system/*.cruds`) name nothing in particular. */
export function scopeContradictions(
  statement: StatementSummary | undefined,
  scopes: readonly string[],
): readonly string[] {
  if (statement === undefined) return [];
  const wide = new Set<string>();
  for (const scope of scopes) {
    const [, type = '', permission = ''] =
      /^(?:system|user|patient)\/(\w+)\.([a-z*]+)/.exec(scope) ?? [];
    const declared = statement.types[type];
    if (declared !== undefined && isWider(permission, declared)) wide.add(type);
  }
  if (wide.size === 0) return [];
  return [
    `SMART scopes allow more writing than the statement declares: ${[...wide].sort().join(', ')}. The statement is followed.`,
  ];
}

function isWider(permission: string, { interactions }: TypeSummary): boolean {
  if (interactions.length === 0) return false;
  const has = (names: readonly string[]) => names.some((name) => interactions.includes(name));
  // v1 has one word for all writing: it is only wider where nothing can be written.
  if (permission === 'write' || permission === '*')
    return !writing.some((one) => has(one.interactions));
  if (!/^c?r?u?d?s?$/.test(permission)) return false;
  return writing.some((one) => permission.includes(one.letter) && !has(one.interactions));
}
