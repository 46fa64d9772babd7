/**
 * What changed between two surveys of one server, a sentence each: Epic’s statements change with each of four upgrades a
 * year, Oracle’s changed in searches and creates within three (hospital-servers.md §9). Pure.
 */
import { rungFunctions } from '../rungs.ts';
import type { Survey } from '../survey.ts';
import type { StatementSummary, TypeSummary } from './summary.ts';

export interface Drift {
  /** Of the server’s statement, and of its product. */
  readonly changes: readonly string[];
  /** Rungs that are used now and were not, or the other way round for a good reason. */
  readonly rungs: readonly string[];
  /** Rungs that were used and do not hold any more. */
  readonly lost: readonly string[];
}

/** Changes of the settings, and of what this product can do, are no drift of the server: only its own are told as lost. */
export function driftBetween(before: Survey, after: Survey): Drift {
  return {
    changes: statementChanges(before.statement, after.statement),
    rungs: [...vendorChange(before, after), ...rungChanges(before, after)],
    lost: lostRungs(before, after),
  };
}

function statementChanges(
  before: StatementSummary | undefined,
  after: StatementSummary | undefined,
): string[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return ['The server shows a statement now.'];
  if (after === undefined) return ['The server shows no statement any more.'];
  return [
    ...textChange('FHIR version', before.fhirVersion, after.fhirVersion),
    ...textChange('Software', labelOf(before), labelOf(after)),
    ...flagChange('Batch', before.batch, after.batch),
    ...flagChange('Transaction', before.transaction, after.transaction),
    ...listChange('The server', 'operation', before.operations, after.operations),
    ...typeChanges(before, after),
  ];
}

function typeChanges(before: StatementSummary, after: StatementSummary): string[] {
  const names = new Set([...Object.keys(before.types), ...Object.keys(after.types)]);
  return [...names].sort().flatMap((type) => {
    const old = before.types[type];
    const now = after.types[type];
    if (old === undefined) return [`${type} is declared now.`];
    if (now === undefined) return [`${type} is not declared any more.`];
    return typeChange(type, old, now);
  });
}

function typeChange(type: string, before: TypeSummary, after: TypeSummary): string[] {
  return [
    ...listChange(type, 'interaction', before.interactions, after.interactions),
    ...listChange(type, 'search by', before.searchParams, after.searchParams),
    ...listChange(type, 'operation', before.operations, after.operations),
    ...listChange(type, 'required search by', before.oneOf, after.oneOf),
    ...listChange(type, 'closed range of', before.closed, after.closed),
    ...flagChange(`${type} conditional create`, before.conditionalCreate, after.conditionalCreate),
    ...flagChange(`${type} create by update`, before.updateCreate, after.updateCreate),
    ...textChange(`${type} versioning`, before.versioning, after.versioning),
  ];
}

/** `Procedure: search by _lastUpdated is new.` */
function listChange(
  whose: string,
  what: string,
  before: readonly string[],
  after: readonly string[],
): string[] {
  const fresh = after.filter((one) => !before.includes(one));
  const gone = before.filter((one) => !after.includes(one));
  return [
    ...(fresh.length > 0 ? [`${whose}: ${what} ${fresh.join(', ')} is new.`] : []),
    ...(gone.length > 0 ? [`${whose}: ${what} ${gone.join(', ')} is gone.`] : []),
  ];
}

function flagChange(what: string, before: boolean, after: boolean): string[] {
  return before === after ? [] : [`${what} is ${after ? 'new' : 'gone'}.`];
}

function textChange(what: string, before: string | undefined, after: string | undefined): string[] {
  if (before === after) return [];
  return [`${what}: ${before ?? 'nothing'} before, ${after ?? 'nothing'} now.`];
}

function labelOf({ software, softwareVersion }: StatementSummary): string | undefined {
  return [software, softwareVersion].filter((part) => part !== undefined).join(' ') || undefined;
}

function vendorChange(before: Survey, after: Survey): string[] {
  if (before.vendor.name === after.vendor.name) return [];
  return [
    `The server is taken for ${after.vendor.product} now, and was for ${before.vendor.product}.`,
  ];
}

function rungChanges(before: Survey, after: Survey): string[] {
  return rungFunctions.flatMap((name) => {
    const old = before[name].map(({ rung }) => rung).join(' and ') || 'nothing';
    const now = after[name].map(({ rung }) => rung).join(' and ') || 'nothing';
    return old === now ? [] : [`For ${name} ${now} is used now, and ${old} was before.`];
  });
}

const serversWord: readonly string[] = ['statement', 'vendor', 'probe'];

function lostRungs(before: Survey, after: Survey): string[] {
  return rungFunctions.flatMap((name) =>
    before[name].flatMap(({ rung, says }) => {
      const passed = after.passed.find((one) => one.function === name && one.rung === rung);
      if (passed === undefined || !serversWord.includes(passed.by)) return [];
      return [`${rung} (${says}) does not work here any more: ${passed.whyNot.join(', ')}.`];
    }),
  );
}
