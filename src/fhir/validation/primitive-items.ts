/** One primitive value: its format, its binding, and the two types that need more, xhtml and the url of extensions. */
import { narrativeFaults } from '../narrative.ts';
import type { Check } from './check.ts';
import { longestString, primitiveChecks } from './primitives.ts';
import type { Walk } from './walk.ts';

export interface PrimitiveItem {
  readonly check: Check;
  /** True only for values of which `check` would say nothing, so that nothing has to be prepared for it. */
  readonly isFine: (value: unknown) => boolean;
}

/** One value of a primitive type, with its binding where it has one. */
export function primitiveItem(
  type: string,
  binding: Check | undefined,
  isListed: (value: string) => boolean,
): PrimitiveItem {
  if (type === 'xhtml') return { check: narrativeItem, isFine: () => false };
  const format = primitiveChecks[type] ?? (() => `has the type ${type}, which R4 does not have`);
  const isText = type === 'string' || type === 'markdown';
  return {
    check(value, walk) {
      const fault = format(value);
      if (fault !== undefined) {
        walk.error('value', `${walk.quote(value)} ${fault}.`);
        return;
      }
      if (isText && typeof value === 'string') plainText(value, walk);
      if (binding !== undefined) binding(value, walk);
    },
    isFine: binding
      ? (value) => typeof value === 'string' && isListed(value)
      : isText
        ? isPlain
        : repeated.has(type)
          ? remembering(format)
          : (value) => format(value) === undefined,
  };
}

/** Types whose values come again and again: systems, units, codes. */
const repeated = new Set(['uri', 'url', 'canonical', 'code']);
const mostRemembered = 5000;

function remembering(format: (value: unknown) => string | undefined): (value: unknown) => boolean {
  const fine = new Set<unknown>();
  return (value) => {
    if (fine.has(value)) return true;
    if (format(value) !== undefined) return false;
    if (fine.size < mostRemembered) fine.add(value);
    return true;
  };
}

/** A text that begins with a visible ASCII character and has no half of a surrogate pair. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > longestString) return false;
  const first = value.charCodeAt(0);
  // NaN, of the empty text, is not in the range either
  return first > 32 && first < 127 && value.isWellFormed();
}

function plainText(value: string, walk: Walk): void {
  if (value.trim() === '') walk.say('warning', 'value', 'The text is nothing but white space.');
}

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
