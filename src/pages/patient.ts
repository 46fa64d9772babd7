/** Who it is about: name, birth date and identifier, always the three together, so that nobody is taken for another. */
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Patient } from '../core/referral.ts';
import { ageAt, dateInWords } from './time.ts';
import { identifierInWords } from './words.ts';

export interface Shown {
  readonly now: Date;
  readonly timezone: string;
}

export function nameOf({ name }: Patient): string {
  return name ?? 'Name not known';
}

/** Birth date and identifiers, to stand right below the name. `all`: every identifier, else the first. */
export function identityOf(patient: Patient, { now, timezone }: Shown, all: boolean): VNode {
  const age = patient.birthDate && ageAt(patient.birthDate, now, timezone);
  const born =
    patient.birthDate === undefined
      ? 'Birth date not known'
      : `Born ${dateInWords(patient.birthDate)}${age === undefined ? '' : ` (${age} y)`}`;
  const [first, ...others] = patient.identifier.map(identifierInWords);
  const numbers =
    first === undefined ? ['Identifier not known'] : all ? [first, ...others] : [first];
  return html`<span class="identity">
    <span>${born}</span>
    ${numbers.map((number) => html`<span>${number}</span>`)}
  </span>` as VNode;
}
