/** Changes that add extensions, sound and unsound, and profiles that a resource claims. */
import { type Kind, somewhere } from './change.ts';
import { isJson, type Json } from './element-places.ts';

const url = 'https://changes.example/note';

function added(name: string, makes: Kind['makes'], ...extensions: readonly unknown[]): Kind {
  return somewhere(
    name,
    makes,
    ({ type, key }, value) =>
      isJson(value) && type !== 'Resource' && key !== 'extension' && key !== 'modifierExtension',
    (_, random, value) => {
      const object = value as Json;
      const had: readonly unknown[] = Array.isArray(object.extension) ? object.extension : [];
      object.extension = [...had, structuredClone(random.pick(extensions))];
    },
  );
}

function onRoot(
  name: string,
  makes: Kind['makes'],
  property: string,
  ...values: readonly unknown[]
): Kind {
  return {
    name,
    makes,
    change(resource, random) {
      if (resource.resourceType === 'Bundle' || resource.resourceType === 'Parameters')
        return false;
      const had: readonly unknown[] = Array.isArray(resource[property]) ? resource[property] : [];
      resource[property] = [...had, structuredClone(random.pick(values))];
      return true;
    },
  };
}

function claiming(name: string, makes: Kind['makes'], profile: (type: string) => unknown): Kind {
  return {
    name,
    makes,
    change(resource) {
      resource.meta = { profile: [profile(String(resource.resourceType))] };
      return true;
    },
  };
}

const definitions = 'http://hl7.org/fhir/StructureDefinition';

export const extensions: readonly Kind[] = [
  added('extension-unknown', 'valid', { url, valueString: 'a note' }, { url, valueBoolean: false }),
  added('extension-nested', 'valid', { url, extension: [{ url: 'part', valueInteger: 1 }] }),
  added('extension-without-url', 'invalid', { valueString: 'a note' }),
  added('extension-relative-url', 'invalid', { url: 'note', valueString: 'a note' }),
  added('extension-without-value', 'invalid', { url }),
  added('extension-value-and-parts', 'invalid', {
    url,
    valueString: 'a note',
    extension: [{ url: 'part', valueInteger: 1 }],
  }),
  added('extension-two-values', 'invalid', { url, valueString: 'a note', valueInteger: 1 }),
  added('extension-unknown-type', 'invalid', { url, valueText: 'a note' }),
  added('extension-bad-value', 'invalid', { url, valueDate: '2024-02-30' }),
  added('extension-of-fhir-elsewhere', 'invalid', {
    url: `${definitions}/patient-birthTime`,
    valueDateTime: '2024-03-05T10:00:00Z',
  }),
  added('extension-of-fhir-wrong-value', 'invalid', {
    url: `${definitions}/data-absent-reason`,
    valueString: 'unknown',
  }),
  added('data-absent-reason', 'valid', {
    url: `${definitions}/data-absent-reason`,
    valueCode: 'unknown',
  }),
  onRoot('root-extension-unknown', 'valid', 'extension', { url, valueString: 'a note' }),
  onRoot('root-modifier-unknown', 'valid', 'modifierExtension', { url, valueBoolean: true }),
  onRoot('root-extension-without-value', 'invalid', 'extension', { url }),
  onRoot('root-extension-undefined-of-fhir', 'either', 'extension', {
    url: `${definitions}/there-is-no-such`,
    valueString: 'a note',
  }),
  onRoot('language-of-text', 'valid', 'extension', {
    url,
    valueMarkdown: '*in words*',
  }),
  claiming('profile-unknown', 'either', () => 'https://changes.example/StructureDefinition/none'),
  claiming('profile-of-own-type', 'valid', (type) => `${definitions}/${type}`),
  claiming('profile-of-other-type', 'invalid', (type) =>
    type === 'Patient' ? `${definitions}/Slot` : `${definitions}/Patient`,
  ),
  claiming('profile-relative', 'invalid', () => 'StructureDefinition/none'),
];
