/** Changes that leave a resource as valid as it was. */
import { type Kind, somewhere } from './change.ts';
import { isJson, type Json } from './element-places.ts';

export const neutral: readonly Kind[] = [
  { name: 'unchanged', makes: 'either', change: () => true },
  {
    name: 'keys-reordered',
    makes: 'valid',
    change(resource, random) {
      const keys = Object.keys(resource);
      const turned = random.below(keys.length);
      for (const key of [...keys.slice(turned), ...keys.slice(0, turned)]) {
        const value = resource[key];
        delete resource[key];
        resource[key] = value;
      }
      return true;
    },
  },
  somewhere(
    'list-doubled',
    'either',
    ({ index, element }) => index === 0 && element.max === '*',
    ({ holder, key }) => {
      const list = holder[key] as unknown[];
      list.push(structuredClone(list[0]));
    },
  ),
  somewhere(
    'list-reversed',
    'either',
    ({ index }) => index === 1,
    ({ holder, key }) => {
      (holder[key] as unknown[]).reverse();
    },
  ),
  somewhere(
    'element-id',
    'valid',
    ({ type }, value) => isJson(value) && type !== 'Resource',
    (_, __, value) => {
      (value as Json).id = 'a-new.id';
    },
  ),
  {
    name: 'element-id-twice',
    makes: 'invalid',
    change(resource) {
      const objects = Object.values(resource)
        .flatMap((value) => (Array.isArray(value) ? value : [value]))
        .filter(isJson)
        .filter((one) => one.resourceType === undefined);
      for (const one of objects) one.id = 'same';
      return objects.length > 1;
    },
  },
  {
    name: 'language',
    makes: 'valid',
    change(resource) {
      resource.language = 'pt-BR';
      return true;
    },
  },
  {
    name: 'language-that-is-none',
    makes: 'invalid',
    change(resource) {
      resource.language = 'no language';
      return true;
    },
  },
  {
    name: 'implicit-rules',
    makes: 'either',
    change(resource) {
      resource.implicitRules = 'https://changes.example/rules';
      return true;
    },
  },
  {
    name: 'meta-full',
    makes: 'valid',
    change(resource) {
      resource.meta = {
        versionId: '3',
        lastUpdated: '2024-03-05T10:00:00.000+01:00',
        source: 'https://changes.example/source#1',
        tag: [{ system: 'https://changes.example/tags', code: 'a' }],
        security: [
          { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' },
        ],
      };
      return true;
    },
  },
  {
    name: 'resource-type-unknown',
    makes: 'invalid',
    change(resource) {
      resource.resourceType = 'Ward';
      return true;
    },
  },
];
