/**
 * What R4 says of the systems of codings and identifiers in its text: they are absolute (datatypes.html#Coding,
 * #Identifier), and a code belongs to its code system, as far as that system is here.
 */
import type { Definitions } from '../definitions/definitions.ts';
import type { Check } from './check.ts';
import type { FhirObject } from './scope.ts';

const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:/;

/** Whether a URI has a scheme. */
export function isAbsolute(uri: string): boolean {
  return uri.startsWith('http:') || uri.startsWith('https:') || absolute.test(uri);
}

/** A system is an absolute URI (datatypes.html#Coding, #Identifier). */
const absoluteSystem: Check = (value, walk) => {
  const { system } = value as FhirObject;
  if (typeof system === 'string' && system !== '' && !isAbsolute(system))
    walk.error(
      'invalid',
      `${walk.quote(system)} is no absolute URI, as a system has to be.`,
      'system',
    );
};

/** An Identifier: absolute system, and a full URI as the value where the system says that it is one (#Identifier). */
export const identifierCheck: Check = (value, walk) => {
  absoluteSystem(value, walk);
  const { system, value: text } = value as FhirObject;
  if (
    system === 'urn:ietf:rfc:3986' &&
    typeof text === 'string' &&
    text !== '' &&
    !isAbsolute(text)
  )
    walk.error(
      'invalid',
      `${walk.quote(text)} is no absolute URI, as the system ${system} says it is.`,
      'value',
    );
};

function isValueSet(url: string, definitions: Definitions): boolean {
  return url.includes('/ValueSet/') && definitions.valueSet(url) !== undefined;
}

/** A Coding: absolute system, and the code known to it where the system is here whole. */
export function codingCheck(definitions: Definitions): Check {
  return (value, walk) => {
    if (typeof value !== 'object' || value === null) return;
    absoluteSystem(value, walk);
    const { system, code } = value as FhirObject;
    if (typeof system !== 'string' || typeof code !== 'string') return;
    const list = definitions.codeSystem(system);
    if (list === undefined && isValueSet(system, definitions)) {
      walk.error('invalid', `${walk.quote(system)} is a value set, no code system.`, 'system');
      return;
    }
    if (list === undefined || !list.complete) {
      if (list === undefined || list.has(system, code) !== 'in') walk.unknownCode(system);
      return;
    }
    if (list.has(system, code) === 'in') return;
    // Systems of the specification itself are published with it; others grow between its versions
    const severity = system.startsWith('http://hl7.org/fhir/') ? 'error' : 'warning';
    walk.say(severity, 'code-invalid', `${walk.quote(code)} is not a code of ${system}.`, {
      child: 'code',
    });
  };
}
