/**
 * Operations under one name each: servers list the bulk export of a Group as `export`, `group-export` or `$export`, and
 * Veradigm prints `$docref` (Q35). The definition’s address tells what is meant; the name only where there is none.
 */
import { nameOf, type Odd, type Part, partsOf, textOf } from './statement-parts.ts';

/** `group-export`, `patient-export`, `export` (of all), `docref`, `validate` … `type`: where it is listed. */
export function operationsOf(holder: Part, type: string | undefined, odd: Odd): readonly string[] {
  const where = `${type ?? 'rest'}.operation`;
  return partsOf(holder.operation, where, odd).flatMap((operation) => {
    const name = lastSegment(textOf(operation.definition)) ?? nameOf(operation.name);
    return name === undefined ? [] : [normal(name, type)];
  });
}

function normal(name: string, type: string | undefined): string {
  const bare = name.replace(/^\$/, '').toLowerCase();
  if (!/(^|[^a-z])export$/.test(bare)) return bare;
  const level = /group|patient/.exec(bare)?.[0] ?? type?.toLowerCase();
  return level === 'group' || level === 'patient' ? `${level}-export` : 'export';
}

function lastSegment(url: string | undefined): string | undefined {
  const [address = ''] = (url ?? '').split('|');
  return nameOf(address.slice(address.lastIndexOf('/') + 1));
}
