/**
 * Which FHIR a server speaks, by the version that its statement declares. Only R4 (4.0.x) is read: the other versions have
 * other elements under the same names, so that reading them would go wrong without a word. They are named and refused.
 */
import { AdapterError } from '../core/errors.ts';

/** Publications of FHIR by their version number (hl7.org/fhir/directory.html); ballots go by the version that they led to. */
const releases: readonly (readonly [RegExp, string])[] = [
  [/^(0\.|1\.0)/, 'DSTU2'],
  [/^(1\.|3\.0)/, 'STU3'],
  [/^4\.[13](\.|$)/, 'R4B'],
  [/^3\./, 'a ballot of R4'],
  [/^(4\.|5\.)/, 'R5'],
  [/^6\./, 'R6'],
];

/**
 * Throws `not-fhir-r4` for a statement of another version than 4.0.x (R4 and its technical correction). A statement that
 * names no version is let through: then the first answers show what the server speaks.
 */
export function refuseOtherVersions(fhirVersion: unknown): void {
  if (fhirVersion === undefined || fhirVersion === null || fhirVersion === '') return;
  const version = String(fhirVersion);
  if (/^4\.0(\.|$)/.test(version)) return;
  const release = releases.find(([pattern]) => pattern.test(version))?.[1];
  // Nothing but a version number may stand in a message: a statement is somebody else’s text.
  const shown = /^[\w.-]{1,20}$/.test(version) ? version : 'of an unreadable version';
  throw new AdapterError(
    'not-fhir-r4',
    release === undefined
      ? `The server declares FHIR ${shown}.`
      : `The server speaks FHIR ${release} (${shown}).`,
    {
      fix: 'Look for its R4 endpoint and set base to it: often the same address with R4 (or r4) in the place of the other version.',
      spec: 'http://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.fhirVersion',
    },
  );
}
