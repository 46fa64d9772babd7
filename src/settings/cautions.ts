/** What is allowed and probably not meant: said once at the start and by `settings check`, never in the way. */
import { dirname, isAbsolute, join } from 'node:path';
import { lookAlikes } from '../core/selection.ts';
import type { Environment } from '../hospital/connection.ts';
import type { Secret } from '../hospital/sign-in/secret.ts';
import { isLoopback } from './loopback.ts';
import type { HospitalSettings, Settings } from './schema.ts';

export interface Surroundings {
  readonly env: Environment;
  readonly readFile: (path: string) => string;
  /** Path of the settings file, beside which the site's own files are. */
  readonly file?: string | undefined;
}

/** One sentence each. */
export function cautions(settings: Settings, around: Surroundings): string[] {
  return [
    ...settings.hospitals.flatMap((hospital) =>
      ofHospital(hospital, around).map((says) => `hospital ${hospital.id}: ${says}`),
    ),
    ...sharedBases(settings.hospitals),
  ];
}

function ofHospital(hospital: HospitalSettings, around: Surroundings): string[] {
  const base = new URL(hospital.base);
  const found: string[] = [];
  if (base.protocol === 'http:' && !isLoopback(base.hostname))
    found.push('base is http: patient data and credentials travel unencrypted; use https.');
  if (hospital.organization === undefined)
    found.push(
      'organization is not set: Tasks that are addressed to us are not found, and what we write names no performer.',
    );
  for (const code of hospital.select.codes) {
    const looksLike = lookAlikes[code];
    if (looksLike !== undefined)
      found.push(`select.codes has ${code}, which is ${looksLike}; such orders wait for a person.`);
  }
  found.push(...ofTheWay(hospital, around));
  const { patients } = hospital.discover;
  if (patients !== undefined && !isReadable(beside(around.file, patients), around))
    found.push(
      `discover.patients: ${patients} cannot be read, so nobody of this list is looked for.`,
    );
  for (const secret of secretsOf(hospital)) {
    const why = unreadable(secret, around);
    if (why !== undefined) found.push(`signIn cannot work yet: ${why}.`);
  }
  return found;
}

/** Certificates and proxy: what cannot work, and who can read along. */
function ofTheWay({ base, tls, proxy }: HospitalSettings, around: Surroundings): string[] {
  const found: string[] = [];
  if ((tls.cert === undefined) !== (tls.key === undefined))
    found.push('tls.cert and tls.key go together; with one of them alone no certificate is shown.');
  const files = [tls.ca, tls.cert, tls.key].filter((file) => file !== undefined);
  for (const secret of [...files.map((file) => ({ file })), ...given(tls.passphrase)]) {
    const why = unreadable(secret, around);
    if (why !== undefined) found.push(`tls cannot work yet: ${why}.`);
  }
  if (proxy.url === undefined) {
    if (proxy.user !== undefined || proxy.password !== undefined)
      found.push('proxy has no url: none is used.');
    return found;
  }
  if (proxy.password !== undefined && proxy.user === undefined)
    found.push('proxy.password without proxy.user is not used.');
  if (base.startsWith('http:'))
    found.push(
      'base is http and reached through a proxy, which can read patient data and credentials; use https.',
    );
  for (const secret of given(proxy.password)) {
    const why = unreadable(secret, around);
    if (why !== undefined) found.push(`proxy cannot work yet: ${why}.`);
  }
  return found;
}

function given<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

function secretsOf({ signIn }: HospitalSettings): Secret[] {
  switch (signIn.type) {
    case 'none':
      return [];
    case 'basic':
      return [signIn.password];
    case 'bearer':
      return [signIn.token];
    case 'client-secret':
      return [signIn.secret];
    case 'smart-backend':
      return [];
  }
}

/** Only whether there is one: what was read is let go at once. */
function unreadable(secret: Secret, { env, readFile }: Surroundings): string | undefined {
  if ('env' in secret)
    return env[secret.env]?.trim() ? undefined : `environment variable ${secret.env} is not set`;
  try {
    return readFile(secret.file).trim() === '' ? `file ${secret.file} is empty` : undefined;
  } catch {
    return `file ${secret.file} cannot be read`;
  }
}

function isReadable(path: string, { readFile }: Surroundings): boolean {
  try {
    readFile(path);
    return true;
  } catch {
    return false;
  }
}

function beside(settingsFile: string | undefined, path: string): string {
  return isAbsolute(path) ? path : join(dirname(settingsFile ?? '.'), path);
}

/** Two connections to one server would each make a referral of the same order. */
function sharedBases(hospitals: readonly HospitalSettings[]): string[] {
  return hospitals.flatMap((hospital, index) => {
    const same = (other: HospitalSettings) => address(other) === address(hospital);
    const first = hospitals.findIndex(same);
    return first === index
      ? []
      : [
          `hospitals ${hospitals[first]?.id} and ${hospital.id} have the same base: each order becomes two referrals.`,
        ];
  });
}

function address({ base }: HospitalSettings): string {
  return new URL(base).href.replace(/\/$/, '');
}
