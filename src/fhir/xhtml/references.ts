/** Character references of XHTML inside XML: & is written as one, and only those of XML exist (R4 narrative.html). */

const ofXml: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Longer than any that exists. */
const longest = 12;

export type Reference =
  | { readonly character: string; readonly end: number }
  | { readonly says: string };

/** The reference that begins with the & at `at`. */
export function referenceAt(text: string, at: number): Reference {
  const end = text.indexOf(';', at);
  const name = end < 0 || end - at > longest ? '' : text.slice(at + 1, end);
  const known = Object.hasOwn(ofXml, name) ? ofXml[name] : undefined;
  if (known !== undefined) return { character: known, end: end + 1 };
  if (name.startsWith('#')) {
    const code = codeOf(name);
    return code !== undefined && isXmlCharacter(code)
      ? { character: String.fromCodePoint(code), end: end + 1 }
      : { says: 'A character reference by number names no character' };
  }
  return /^[A-Za-z][A-Za-z0-9]*$/.test(name)
    ? {
        says: 'A named entity such as &nbsp; is used: narratives know &amp; &lt; &gt; &quot; &apos; and numbers such as &#160; only',
      }
    : { says: 'An & is not written as &amp;' };
}

/** The text with its references resolved; those that are none stay. */
export function resolved(text: string): string {
  let result = '';
  let from = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    const reference = referenceAt(text, at);
    if ('says' in reference) continue;
    result += text.slice(from, at) + reference.character;
    from = reference.end;
  }
  return result + text.slice(from);
}

function codeOf(name: string): number | undefined {
  if (/^#[0-9]{1,7}$/.test(name)) return Number.parseInt(name.slice(1), 10);
  return /^#x[0-9A-Fa-f]{1,6}$/.test(name) ? Number.parseInt(name.slice(2), 16) : undefined;
}

function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return (
    code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
  );
}
