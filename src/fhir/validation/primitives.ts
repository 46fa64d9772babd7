/**
 * The primitive types of R4 (datatypes.html, the table of primitive types): JSON type, format and range, each as a
 * function from a JSON value to what is wrong with it. Formats are anchored and read in linear time.
 */
import { isAbsolute } from './codings.ts';
import { isDate, isDateTime, isInstant, isTime } from './dates.ts';
import { jsonType } from './wording.ts';

/** What is wrong with a value, as the end of a sentence that begins with the value; undefined when nothing is. */
export type PrimitiveFault = string | undefined;
export type PrimitiveCheck = (value: unknown) => PrimitiveFault;

/** R4 datatypes.html, string: 1 MB of characters at most. */
export const longestString = 1024 * 1024;
const int32 = 2 ** 31;

function text(value: unknown): PrimitiveFault {
  if (typeof value !== 'string') return `is not a string but ${jsonType(value)}`;
  if (value.length === 0) return 'is empty: an element without a value is left out';
  if (value.length > longestString) return 'is longer than 1,048,576 characters';
  return value.isWellFormed() ? undefined : 'contains half of a surrogate pair';
}

/** A string type with a format; `sentence` says what is expected. */
function formatted(matches: (value: string) => boolean, sentence: string): PrimitiveCheck {
  return (value) => {
    if (typeof value !== 'string') return `is not a string but ${jsonType(value)}`;
    return matches(value) ? undefined : sentence;
  };
}

function integer(least: number, sentence: string): PrimitiveCheck {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value < int32
      ? undefined
      : typeof value === 'number'
        ? sentence
        : `is not a number but ${jsonType(value)}`;
}

const blank = /\s/;
const isUri = (value: string): boolean => value.length > 0 && !blank.test(value);
const anyUri = formatted(isUri, 'is not a URI: it is empty or has white space in it');

const oid = /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/;
const uuid = /^urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** A URI; those of the two URN schemes that R4 names have the form of their scheme (datatypes.html#uri). */
const uri: PrimitiveCheck = (value) => {
  const fault = anyUri(value);
  if (fault !== undefined || typeof value !== 'string') return fault;
  if (value.startsWith('oid:') || value.startsWith('uuid:')) return 'lacks urn: at its beginning';
  if (!value.startsWith('urn:')) return undefined;
  const [name = ''] = value.split('#');
  if (value.startsWith('urn:uuid:') && !uuid.test(name))
    return 'is not a UUID in small letters, as urn:uuid: wants it';
  return value.startsWith('urn:oid:') && !oid.test(name) ? 'is not an OID' : undefined;
};

/** `url|version#fragment` without its version, which may be in any form but for white space. */
function withoutVersion(value: string): string {
  const [url = ''] = value.split('|', 1);
  return url !== '' && isUri(value) ? url : value;
}

/**
 * What a canonical refers to has an absolute URL (references.html#canonical); only what is contained is named by its id.
 */
const canonical: PrimitiveCheck = (value) =>
  uri(typeof value === 'string' ? withoutVersion(value) : value) ??
  (typeof value === 'string' && !value.startsWith('#') && !isAbsolute(value)
    ? 'is not canonical: the URL has to be absolute, or # and the id of a contained resource'
    : undefined);

export const primitiveChecks: Readonly<Record<string, PrimitiveCheck>> = {
  boolean: (value) =>
    typeof value === 'boolean' ? undefined : `is not true or false but ${jsonType(value)}`,
  integer: integer(-int32, 'is not a whole number of 32 bits'),
  unsignedInt: integer(0, 'is not a whole number from 0 to 2,147,483,647'),
  positiveInt: integer(1, 'is not a whole number from 1 to 2,147,483,647'),
  decimal: (value) =>
    typeof value === 'number' && Number.isFinite(value)
      ? undefined
      : `is not a number but ${jsonType(value)}`,
  string: text,
  markdown: text,
  xhtml: text,
  code: formatted(
    isCode,
    'is not a code: codes have no white space at their ends and single blanks inside',
  ),
  id: formatted(
    (value) => /^[A-Za-z0-9\-.]{1,64}$/.test(value),
    'is not an id: 1 to 64 letters, digits, - and .',
  ),
  uri,
  url: uri,
  canonical,
  oid: formatted((value) => oid.test(value), 'is not an OID such as urn:oid:1.2.3'),
  uuid: formatted(
    (value) => uuid.test(value),
    'is not a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
  ),
  date: formatted(isDate, 'is not a date: YYYY, YYYY-MM or YYYY-MM-DD, and the day has to exist'),
  dateTime: formatted(
    isDateTime,
    'is not a dateTime: a date, or a date with a time to the second and a zone',
  ),
  instant: formatted(isInstant, 'is not an instant: YYYY-MM-DDThh:mm:ss with a zone'),
  time: formatted(isTime, 'is not a time: hh:mm:ss without a zone'),
  base64Binary: formatted(isBase64, 'is not base64'),
};

/** No white space but single blanks, and none at the ends (datatypes.html#code). */
function isCode(value: string): boolean {
  const { length } = value;
  let afterBlank = true;
  for (let index = 0; index < length; index += 1) {
    const code = value.charCodeAt(index);
    const isBlank = code === 32;
    if (isBlank ? afterBlank : code < 32 || code > 127 ? blank.test(value[index] ?? '') : false)
      return false;
    afterBlank = isBlank;
  }
  return length > 0 && !afterBlank;
}

/** Groups of four letters with padding at the end only; white space is allowed between them. */
function isBase64(value: string): boolean {
  if (/[^A-Za-z0-9+/=\s]/.test(value)) return false;
  const letters = value.replace(/\s+/g, '');
  const padding = letters.indexOf('=');
  const end = padding < 0 ? letters.length : padding;
  return (
    letters.length > 0 &&
    letters.length % 4 === 0 &&
    letters.length - end <= 2 &&
    noLetter(letters, end)
  );
}

function noLetter(letters: string, from: number): boolean {
  for (let index = from; index < letters.length; index += 1)
    if (letters[index] !== '=') return false;
  return true;
}
