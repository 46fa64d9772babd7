/**
 * Rules that R4 states in the text and in the definitions of elements, where no constraint says them: by the type that
 * they are about. Each is called with a value whose shape was checked.
 */
import { bundleRules } from './bundles.ts';
import type { Check } from './check.ts';
import { identifierCheck, isAbsolute } from './codings.ts';
import { isObject } from './documents.ts';

/** Attachment.size: "the number of bytes of data that make up this attachment, before base64 encoding". */
const attachmentSize: Check = (value, walk) => {
  if (!isObject(value) || typeof value.data !== 'string' || typeof value.size !== 'number') return;
  const bytes = Buffer.byteLength(value.data.replace(/\s+/g, ''), 'base64');
  if (bytes !== value.size)
    walk.error(
      'invalid',
      `The size is said to be ${value.size} bytes, but the data has ${bytes}.`,
      'size',
    );
};

/** CodeSystem.supplements: "the code system content mode SHALL be supplement". */
const supplement: Check = (value, walk) => {
  if (isObject(value) && value.supplements !== undefined && value.content !== 'supplement')
    walk.error(
      'business-rule',
      'A code system that supplements another has the content supplement.',
      'content',
    );
};

/** ValueSet.compose.include.system: "an absolute URI which is the code system". */
const includedSystems: Check = (value, walk) => {
  const compose = isObject(value) ? value.compose : undefined;
  if (!isObject(compose)) return;
  for (const part of ['include', 'exclude']) {
    const list: readonly unknown[] = Array.isArray(compose[part]) ? compose[part] : [];
    for (const [index, one] of list.entries())
      if (
        isObject(one) &&
        typeof one.system === 'string' &&
        one.system !== '' &&
        !isAbsolute(one.system)
      )
        walk.error(
          'invalid',
          `${walk.quote(one.system)} is no absolute URI.`,
          `compose.${part}[${index}].system`,
        );
  }
};

export const prose: Readonly<Record<string, Check>> = {
  Attachment: attachmentSize,
  Bundle: bundleRules,
  CodeSystem: supplement,
  Identifier: identifierCheck,
  ValueSet: includedSystems,
};
