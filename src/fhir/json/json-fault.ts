/**
 * Where text stops being JSON (RFC 8259), and what was probably meant. Read only after JSON.parse has refused the text, so
 * that it may be slow; JSON.parse's own message quotes the text, which may be a patient's.
 */

export interface FaultAt {
  readonly offset: number;
  /** A sentence without its full stop. */
  readonly says: string;
}

/** The first fault of a text that is no JSON. */
export function faultOf(text: string): FaultAt {
  // One entry for each open object or list: whether it is an object
  const open: boolean[] = [];
  let state: State = 'value';
  let at = 0;
  for (;;) {
    at = skipSpace(text, at);
    if (at >= text.length) return atEnd(text, at, state, open);
    const letter = text[at] ?? '';
    if (state === 'done')
      return { offset: at, says: 'Something follows after the end of the JSON value' };
    switch (letter) {
      case '{':
      case '[':
        if (state !== 'value' && state !== 'first item') return unexpected(text, at, state);
        open.push(letter === '{');
        state = letter === '{' ? 'first key' : 'first item';
        at += 1;
        continue;
      case '}':
      case ']': {
        const closes = letter === '}';
        if (open.length === 0) return unexpected(text, at, state);
        if (open.at(-1) !== closes)
          return {
            offset: at,
            says: `${closes ? 'A list ends with ] and not with }' : 'An object ends with } and not with ]'}`,
          };
        if (state === 'key' || (state === 'value' && !closes))
          return { offset: at, says: 'There is a comma after the last member' };
        if (state !== 'first key' && state !== 'first item' && state !== 'next')
          return unexpected(text, at, state);
        open.pop();
        break;
      }
      case ',':
        if (state !== 'next') return unexpected(text, at, state);
        state = open.at(-1) === true ? 'key' : 'value';
        at += 1;
        continue;
      case ':':
        if (state !== 'colon') return unexpected(text, at, state);
        state = 'value';
        at += 1;
        continue;
      case '"': {
        if (state === 'next' || state === 'colon') return unexpected(text, at, state);
        const end = stringEnd(text, at + 1);
        if (typeof end !== 'number') return end;
        at = end;
        if (state === 'key' || state === 'first key') {
          state = 'colon';
          continue;
        }
        break;
      }
      default: {
        if (state !== 'value' && state !== 'first item') return unexpected(text, at, state);
        const end = wordEnd(text, at);
        if (typeof end !== 'number') return end;
        at = end;
        state = open.length === 0 ? 'done' : 'next';
        continue;
      }
    }
    if (letter !== '"') at += 1;
    state = open.length === 0 ? 'done' : 'next';
  }
}

/** What may come now. */
type State = 'value' | 'first item' | 'first key' | 'key' | 'colon' | 'next' | 'done';

function skipSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
  }
  return at;
}

function atEnd(text: string, offset: number, state: State, open: readonly boolean[]): FaultAt {
  if (text.trim() === '') return { offset: 0, says: 'There is no text' };
  if (open.length === 0 && state === 'value') return { offset, says: 'A value is missing' };
  const isObject = open.at(-1) === true;
  return {
    offset,
    says: `The text ends in the middle of ${isObject ? 'an object: } is missing' : 'a list: ] is missing'}`,
  };
}

function unexpected(text: string, offset: number, state: State): FaultAt {
  const letter = text[offset] ?? '';
  const two = text.slice(offset, offset + 2);
  if (two === '//' || two === '/*' || letter === '#')
    return { offset, says: 'This looks like a comment: JSON has no comments' };
  if (letter === "'") return { offset, says: 'Text stands between " and not between \' in JSON' };
  const expected: Readonly<Record<State, string>> = {
    value: 'A value is expected here',
    'first item': 'A value or ] is expected here',
    'first key': 'A key between " or } is expected here',
    key: 'A key between " is expected here',
    colon: 'A colon is expected after a key',
    next: 'A comma or the end of the object or list is expected here',
    done: 'Nothing is expected here',
  };
  return { offset, says: expected[state] };
}

/** The offset after the closing quote. */
function stringEnd(text: string, from: number): number | FaultAt {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code < 32)
      return {
        offset: at,
        says:
          code === 10 || code === 13
            ? 'A string is not closed before the end of the line'
            : `The control character U+${code.toString(16).padStart(4, '0').toUpperCase()} stands in a string: it has to be written as an escape`,
      };
    if (code !== 92) continue;
    const escaped = text[at + 1] ?? '';
    if (escaped === 'u') {
      if (!/^[0-9A-Fa-f]{4}$/.test(text.slice(at + 2, at + 6)))
        return { offset: at, says: 'Four hexadecimal digits are expected after \\u' };
      at += 5;
    } else if (escaped !== '' && '"\\/bfnrt'.includes(escaped)) at += 1;
    else return { offset: at, says: 'A backslash stands before a letter that is no escape' };
  }
  return { offset: from - 1, says: 'A string that begins here is not closed' };
}

/** The offset after a number, true, false or null. */
function wordEnd(text: string, from: number): number | FaultAt {
  for (const word of ['true', 'false', 'null'])
    if (text.startsWith(word, from)) return checkedEnd(text, from, from + word.length);
  const first = text.charCodeAt(from);
  if (first !== 45 && !isDigit(first)) {
    if (/^(NaN|Infinity|undefined|True|False|None)/.test(text.slice(from, from + 9)))
      return {
        offset: from,
        says: 'This word is no JSON: true, false, null, numbers and texts are',
      };
    return unexpected(text, from, 'value');
  }
  return numberEnd(text, from);
}

/** -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?, read letter by letter. */
function numberEnd(text: string, from: number): number | FaultAt {
  let at = from;
  if (text[at] === '-') at += 1;
  const whole = digitsEnd(text, at);
  if (whole === at) return { offset: from, says: 'A number has no digits' };
  if (text[at] === '0' && whole > at + 1)
    return { offset: from, says: 'A number begins with 0, which JSON allows before a point only' };
  at = whole;
  if (text[at] === '.') {
    const end = digitsEnd(text, at + 1);
    if (end === at + 1) return { offset: from, says: 'A number has no digits after its point' };
    at = end;
  }
  if (text[at] === 'e' || text[at] === 'E') {
    const sign = text[at + 1] === '+' || text[at + 1] === '-' ? 1 : 0;
    const end = digitsEnd(text, at + 1 + sign);
    if (end === at + 1 + sign)
      return { offset: from, says: 'A number has no digits in its exponent' };
    at = end;
  }
  return checkedEnd(text, from, at);
}

/** What follows a word or number has to end it. */
function checkedEnd(text: string, from: number, end: number): number | FaultAt {
  return /[A-Za-z0-9_.+-]/.test(text[end] ?? '')
    ? { offset: from, says: 'This is neither a number nor true, false or null' }
    : end;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
