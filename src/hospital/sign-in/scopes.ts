/**
 * What we ask to be allowed, in the two spellings of SMART scopes (App Launch 2.2, scopes and launch context): v2 names
 * interactions by letters, always in the order of `cruds`, since another order may be ignored; v1 has `.read` and `.write`.
 */

/** What this product does, and nothing beyond: writes need `c` and `u`, searches `s`. */
export const defaultScopes: readonly string[] = [
  // found, followed and reported on
  'system/ServiceRequest.rs',
  'system/Task.crus',
  'system/Appointment.crus',
  'system/Procedure.crus',
  'system/Observation.crus',
  // who and where
  'system/Patient.rs',
  'system/Group.r',
  'system/Practitioner.r',
  'system/PractitionerRole.r',
  'system/Organization.r',
  'system/Location.r',
  'system/Encounter.rs',
  'system/Coverage.rs',
  // facts on file
  'system/Condition.rs',
  'system/AllergyIntolerance.rs',
  'system/Flag.rs',
  'system/MedicationRequest.rs',
  'system/Medication.r',
  'system/DeviceUseStatement.rs',
  'system/Device.rs',
];

const letters = 'cruds';
/** What each v1 word means in letters. */
const words: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

interface Scope {
  /** `system/Task` */
  readonly on: string;
  /** Of `cruds`. */
  readonly may: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
}

/** Undefined for what is no scope on resources (`openid`, `launch`). */
function parsed(scope: string): Scope | undefined {
  const [, on, suffix = '', query = ''] =
    /^((?:system|user|patient)\/(?:[A-Za-z]+|\*))\.(read|write|\*|[cruds]+)(\?.*)?$/.exec(scope) ??
    [];
  return on === undefined ? undefined : { on, may: words[suffix] ?? suffix, query };
}

/** Each scope once, its letters in order, the list in order: equal wishes are equal texts. */
export function sortedScopes(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes.map(inOrder))].sort();
}

function inOrder(scope: string): string {
  return scope.replace(
    /^([^.?]+\.)([cruds]+)(?=\?|$)/,
    (_, on: string, may: string) => on + [...letters].filter((one) => may.includes(one)).join(''),
  );
}

/**
 * The scopes to ask for: those of the settings as they are, else ours, in v1 names where the server lists only
 * `permission-v1`.
 */
export function scopesToAsk(
  configured: readonly string[] | undefined,
  capabilities: readonly string[] | undefined,
): readonly string[] {
  if (configured !== undefined && configured.length > 0) return sortedScopes(configured);
  const has = (one: string) => capabilities?.includes(one) === true;
  const isOld = has('permission-v1') && !has('permission-v2');
  return sortedScopes(isOld ? defaultScopes.flatMap(inV1) : defaultScopes);
}

function inV1(scope: string): readonly string[] {
  const { on = '', may = '' } = parsed(scope) ?? {};
  return [
    ...(/[rs]/.test(may) ? [`${on}.read`] : []),
    ...(/[cud]/.test(may) ? [`${on}.write`] : []),
  ];
}

/**
 * What of `asked` the scopes of an answer do not cover, in v2 spelling. Both sides are read by meaning: `.read` covers
 * `.rs`, `system/*` covers every type. A scope that was granted with a query covers only the same query.
 */
export function missingScopes(
  asked: readonly string[],
  granted: readonly string[],
): readonly string[] {
  const have = granted.flatMap((one) => parsed(one) ?? []);
  return asked.flatMap((one) => {
    const wish = parsed(one);
    if (wish === undefined) return granted.includes(one) ? [] : [one];
    const covers = have.filter(
      ({ on, query }) =>
        (on === wish.on || on === wish.on.replace(/\/.*/, '/*')) &&
        (query === '' || query === wish.query),
    );
    const lacks = [...wish.may].filter((letter) => !covers.some(({ may }) => may.includes(letter)));
    return lacks.length === 0 ? [] : [`${wish.on}.${lacks.join('')}${wish.query}`];
  });
}
