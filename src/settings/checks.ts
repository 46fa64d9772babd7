/**
 * What one value must be beyond its type, by the name that the schema uses for the check. Each is a pure question:
 * undefined when all is well, else what is wrong about it and, where one can tell, what was meant.
 */

import { knownUnits } from '../core/fact-units.ts';
import { nearest } from '../mapping/nearest.ts';
import { isDuration } from './duration.ts';
import { isLoopback } from './loopback.ts';

export interface Complaint {
  /** A reason that the general "expected …" does not give. */
  readonly because?: string | undefined;
  /** The value that was probably meant. */
  readonly meant?: string | undefined;
}

const resourceId = '[A-Za-z0-9.-]{1,64}';

/** The intents of a FHIR R4 request (value set request-intent). */
const intents = [
  'proposal',
  'plan',
  'directive',
  'order',
  'original-order',
  'reflex-order',
  'filler-order',
  'instance-order',
  'option',
] as const;

export const checks = {
  base(value) {
    if (!/^https?:\/\//i.test(value))
      return { meant: /^[\w.-]+\.\w+(:\d+)?(\/|$)/.test(value) ? `https://${value}` : undefined };
    const url = URL.parse(value);
    if (url === null) return { because: 'it is not a valid address' };
    if (url.username !== '' || url.password !== '')
      return { because: 'user and password belong into signIn: { type: basic, … }' };
    if (url.search !== '' || url.hash !== '')
      return { meant: `${url.origin}${url.pathname}`.replace(/\/$/, '') };
    return undefined;
  },
  tokenUrl(value) {
    const url = URL.parse(value);
    if (url === null || !/^https?:$/.test(url.protocol))
      return { meant: /^[\w.-]+\.\w+(:\d+)?(\/|$)/.test(value) ? `https://${value}` : undefined };
    if (url.username !== '' || url.password !== '')
      return { because: 'user and password belong into clientId and secret' };
    if (url.protocol === 'http:' && !isLoopback(url.hostname))
      return {
        because: 'it is http, by which everybody on the way could read what proves who we are',
      };
    return url.hash === '' ? undefined : { because: 'it has a part after #' };
  },
  scope: (value) => (/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value) ? undefined : {}),
  proxy(value) {
    const url = URL.parse(value);
    if (url === null || !/^https?:$/.test(url.protocol))
      return { meant: /^[\w.-]+:\d+\/?$/.test(value) ? `http://${value}` : undefined };
    if (url.username !== '' || url.password !== '')
      return { because: 'user and password belong into proxy.user and proxy.password' };
    if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return { meant: url.origin };
    return undefined;
  },
  timezone(value) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: value });
      return undefined;
    } catch {
      return { meant: nearest(value, ['UTC', ...Intl.supportedValuesOf('timeZone')]) };
    }
  },
  listen(value) {
    const [, , port] = /^(\[[0-9a-fA-F:.]+\]|[^:\s[\]]+):(\d{1,5})$/.exec(value) ?? [];
    if (port === undefined)
      return { meant: /^\d{1,5}$/.test(value) ? `127.0.0.1:${value}` : undefined };
    return Number(port) > 65_535 ? { because: 'there are only 65535 ports' } : undefined;
  },
  store(value) {
    if (value.trim() === '') return {};
    return /^[a-z][a-z0-9+.-]+:\/\//i.test(value)
      ? { because: 'this version keeps its store in a SQLite file only' }
      : undefined;
  },
  name: (value) =>
    /^[a-z0-9][a-z0-9-]{0,62}$/.test(value) ? undefined : { meant: nameLike(value) },
  organization: (value) => referenceTo(['Organization'], value),
  location: (value) => referenceTo(['Location'], value),
  group: (value) => referenceTo(['Group'], value),
  practitioner: (value) => referenceTo(['Practitioner', 'PractitionerRole'], value),
  reference: (value) => (new RegExp(`^[A-Z][A-Za-z]+/${resourceId}$`).test(value) ? undefined : {}),
  token: (value) => {
    if (/^[^|\s]*\|[^|\s]+$/.test(value)) return undefined;
    return /^\d{6,18}$/.test(value) ? { meant: `http://snomed.info/sct|${value}` } : {};
  },
  intent: (value) =>
    (intents as readonly string[]).includes(value) ? undefined : { meant: nearest(value, intents) },
  /** The date of a signature. */
  day(value) {
    const real = new Date(`${value}T00:00:00Z`);
    return /^\d{4}-\d{2}-\d{2}$/.test(value) && real.toJSON()?.startsWith(value) ? undefined : {};
  },
  unit: (value) => (knownUnits.includes(value) ? undefined : { meant: nearest(value, knownUnits) }),
  timeOfDay(value) {
    if (/^([01]\d|2[0-3]):[0-5]\d$/.test(value)) return undefined;
    const padded = `0${value}`.slice(0, 5);
    return { meant: /^0\d:[0-5]\d$/.test(padded) ? `"${padded}"` : undefined };
  },
  duration(value) {
    if (isDuration(value)) return undefined;
    const close = value.replace(/\s/g, '').toLowerCase();
    const [, weeks] = /^(\d+)w(?:eeks?)?$/.exec(close) ?? [];
    if (weeks !== undefined) return { meant: `${Number(weeks) * 7}d` };
    const [, amount, unit = 's'] = /^(\d+)(?:(s|m|h|d)[a-z]*)?$/.exec(close) ?? [];
    // Months are no time span, and certainly no minutes.
    const isClear = amount !== undefined && !/^\d+mo/.test(close);
    return { meant: isClear ? `${amount}${unit}` : undefined };
  },
} as const satisfies Record<string, (value: string) => Complaint | undefined>;

export type CheckName = keyof typeof checks;

function referenceTo(types: readonly string[], value: string): Complaint | undefined {
  if (new RegExp(`^(${types.join('|')})/${resourceId}$`).test(value)) return undefined;
  const [, id] = new RegExp(`(?:^|/)(${resourceId})$`).exec(value) ?? [];
  return { meant: id === undefined ? undefined : `${types[0]}/${id}` };
}

function nameLike(value: string): string | undefined {
  const name = value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return name === '' ? undefined : name.slice(0, 63);
}
