/**
 * One tag of a narrative: is it well-formed, and is what it says allowed. The same few tags make up most narratives, so
 * their verdicts are kept by their exact text.
 */
import {
  addresses,
  allowedElements,
  isAllowedAttribute,
  isKnownAttribute,
  knownElements,
  notInParagraph,
} from './allowed.ts';
import { referenceAt, resolved } from './references.ts';

export const xhtml = 'http://www.w3.org/1999/xhtml';

export interface Tag {
  readonly kind: 'open' | 'close' | 'empty';
  readonly name: string;
  /** What plainTagKey makes of its name, if it is one of those that are found by it. */
  readonly plainKey: number;
  /** Characters, `<` and `>` included. */
  readonly length: number;
  /** Its name for messages: a stray < before somebody's name makes an element of it, so only known ones are named. */
  readonly shown: string;
  readonly isParagraph: boolean;
  /** Whether it may stand inside a paragraph, however deep. */
  readonly fitsParagraph: boolean;
  /** An image with an address: content, even without text (txt-2). */
  readonly isImage: boolean;
  /** The namespace that it declares. */
  readonly namespace: string | undefined;
  /** What breaks txt-1, as sentences without their full stop. */
  readonly faults: readonly string[];
}

/** Why a text is no tag: a sentence without its full stop. */
export interface NoTag {
  readonly says: string;
}

/** Enough for the tags of all official examples but links; longer tags seldom come again. */
const mostKept = 4000;
const longestKept = 160;
const kept = new Map<string, Tag>();

/**
 * Tags of a short name without attributes: most tags are that, and for these no text has to be cut out. Where two names
 * fall into one slot (none do now) the later is read like any other tag.
 */
const plainSlots = 224;
const plainOpen: (Tag | undefined)[] = Array.from({ length: plainSlots });
const plainClose: (Tag | undefined)[] = Array.from({ length: plainSlots });
for (const name of allowedElements) {
  const key = [...name].reduce((sum, letter) => plainTagKey(sum, letter.charCodeAt(0)), 0);
  if (name.length > 5 || plainOpen[key % plainSlots] !== undefined) continue;
  plainOpen[key % plainSlots] = made('open', name, name.length + 2, undefined, false, [], key);
  plainClose[key % plainSlots] = made('close', name, name.length + 3, undefined, false, [], key);
}

/** A number for a name of up to five letters and digits, one letter after the other; -1 for what is in no such name. */
export function plainTagKey(key: number, code: number): number {
  if (code >= 97 && code <= 122) return key * 37 + code - 96;
  return code >= 49 && code <= 54 ? key * 37 + code - 22 : -1;
}

export function plainTag(key: number, isClose: boolean): Tag | undefined {
  const tag = (isClose ? plainClose : plainOpen)[key % plainSlots];
  return tag?.plainKey === key ? tag : undefined;
}

/** The tag that begins at the < at `less`. */
export function tagAt(text: string, less: number): Tag | NoTag {
  const greater = text.indexOf('>', less);
  const known = kept.get(text.slice(less, greater + 1));
  if (known !== undefined) return known;
  const whole = text.slice(less, endOf(text, less));
  const tag = readTag(whole);
  if ('kind' in tag && whole.length <= longestKept) {
    if (kept.size >= mostKept) kept.clear();
    // A part of a string keeps the whole of it in memory: a copy does not
    kept.set(Buffer.from(whole, 'utf16le').toString('utf16le'), tag);
  }
  return tag;
}

/** After the > of a tag: others may stand in its quoted values. */
function endOf(text: string, less: number): number {
  let mark = 0;
  for (let at = less; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (mark !== 0) {
      if (code === mark) mark = 0;
    } else if (code === 34 || code === 39) mark = code;
    else if (code === 62) return at + 1;
  }
  return text.length;
}

function readTag(text: string): Tag | NoTag {
  const last = text.length - 1;
  if (text[last] !== '>') return { says: 'A tag is not closed' };
  const isClose = text[1] === '/';
  const start = isClose ? 2 : 1;
  const nameEnd = nameEndAt(text, start);
  if (nameEnd === start) return { says: 'A < is not written as &lt;' };
  const name = text.slice(start, nameEnd);
  if (isClose) {
    if (skipSpace(text, nameEnd) !== last) return { says: 'An end tag has more than its name' };
    return made('close', name, text.length, undefined, false, []);
  }
  const faults = elementFaults(name);
  const seen = new Set<string>();
  let namespace: string | undefined;
  let isImage = false;
  let at = nameEnd;
  for (;;) {
    const next = skipSpace(text, at);
    if (next === last) return made('open', name, text.length, namespace, isImage, faults);
    if (text[next] === '/' && next + 1 === last)
      return made('empty', name, text.length, namespace, isImage, faults);
    if (next === at) return { says: 'A tag has something else than attributes' };
    const attributeEnd = nameEndAt(text, next);
    const attribute = text.slice(next, attributeEnd);
    const equals = skipSpace(text, attributeEnd);
    if (attribute === '' || text[equals] !== '=')
      return { says: 'A tag has an attribute without a value, or something else than attributes' };
    const opening = skipSpace(text, equals + 1);
    const mark = text[opening];
    if (mark !== '"' && mark !== "'") return { says: 'The value of an attribute is not quoted' };
    const closing = text.indexOf(mark, opening + 1);
    if (closing < 0) return { says: 'The value of an attribute is not closed' };
    const value = text.slice(opening + 1, closing);
    const wrong = valueFault(value);
    if (wrong !== undefined) return { says: wrong };
    if (seen.has(attribute)) return { says: 'A tag has the same attribute twice' };
    seen.add(attribute);
    if (attribute === 'xmlns') namespace = value;
    else if (!attribute.startsWith('xmlns:')) {
      faults.push(...attributeFaults(name, attribute, value));
      if (name === 'img' && attribute === 'src') isImage = true;
    }
    at = closing + 1;
  }
}

function made(
  kind: Tag['kind'],
  name: string,
  length: number,
  namespace: string | undefined,
  isImage: boolean,
  faults: readonly string[],
  plainKey = -1,
): Tag {
  return {
    kind,
    name,
    plainKey,
    length,
    shown:
      allowedElements.has(name) || knownElements.has(name) ? `<${name}>` : 'an unknown element',
    isParagraph: name === 'p',
    fitsParagraph: !notInParagraph.has(name),
    isImage,
    namespace,
    faults,
  };
}

function elementFaults(name: string): string[] {
  if (allowedElements.has(name)) return [];
  const plain = name.toLowerCase();
  if (allowedElements.has(plain)) return [`<${name}> has to be written in small letters`];
  return [
    knownElements.has(plain)
      ? `<${plain}> is not allowed`
      : 'There is an element that no narrative may have',
  ];
}

function attributeFaults(element: string, attribute: string, value: string): string[] {
  if (isAllowedAttribute(element, attribute))
    return addresses.has(attribute) && isScript(value)
      ? [`The ${attribute} of <${element}> is a script, which is not allowed`]
      : [];
  if (!allowedElements.has(element)) return [];
  const plain = attribute.toLowerCase();
  if (/^on[a-z]+$/.test(plain))
    return [`<${element}> has an event attribute, which is not allowed`];
  return [
    isKnownAttribute(plain)
      ? `<${element}> has the attribute ${attribute}, which is not allowed there`
      : `<${element}> has an attribute that is not allowed`,
  ];
}

/** As a browser reads it: references resolved, white space and controls left out. */
function isScript(value: string): boolean {
  let address = '';
  for (const letter of resolved(value)) {
    if (letter > ' ') address += letter;
    if (address.length === 11) break;
  }
  return /^(javascript:|vbscript:)/i.test(address);
}

function valueFault(value: string): string | undefined {
  if (value.includes('<')) return 'A < stands in the value of an attribute: it is written as &lt;';
  for (let at = value.indexOf('&'); at >= 0; at = value.indexOf('&', at + 1)) {
    const reference = referenceAt(value, at);
    if ('says' in reference) return reference.says;
  }
  return undefined;
}

function nameEndAt(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isLetter = (code | 32) >= 97 && (code | 32) <= 122;
    const isLater = (code >= 48 && code <= 58) || code === 45 || code === 46;
    if (!isLetter && code !== 95 && !(isLater && at > from)) break;
  }
  return at;
}

/** The first offset that is not the white space of XML. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
  }
  return at;
}
