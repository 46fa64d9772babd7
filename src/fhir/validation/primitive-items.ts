/** One primitive value: its format, its binding, and the two types that need more, xhtml and the url of extensions. */
import { narrativeFaults } from '../narrative.ts';
import { primitiveChecks } from './primitives.ts';
import type { Check } from './types.ts';

/** C0 controls that R4 says a string should not have (datatypes.html#string). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/** The check of one value of a primitive type. */
export function primitiveItem(type: string, binding: Check | undefined): Check {
  const format = primitiveChecks[type] ?? (() => `has the type ${type}, which R4 does not have`);
  const isText = type === 'string' || type === 'markdown';
  if (type === 'xhtml') return narrativeItem;
  return (value, walk) => {
    const fault = format(value);
    if (fault !== undefined) {
      walk.error('value', `${walk.quote(value)} ${fault}.`);
      return;
    }
    if (isText && typeof value === 'string') plainText(value, walk);
    if (binding !== undefined) binding(value, walk);
  };
}

const plainText: (value: string, walk: Parameters<Check>[1]) => void = (value, walk) => {
  if (controls.test(value))
    walk.say('warning', 'value', 'The text has control characters, which it should not have.');
  else if (value.trim() === '')
    walk.say('warning', 'value', 'The text is nothing but white space.');
};

const narrativeItem: Check = (value, walk) => {
  if (typeof value !== 'string') {
    walk.error('value', `${walk.quote(value)} is not a text of XHTML.`);
    return;
  }
  for (const { constraint, message } of narrativeFaults(value))
    walk.say('error', constraint === undefined ? 'invalid' : 'invariant', message, {
      ...(constraint !== undefined && { constraint }),
    });
};
