/**
 * The rules of R4 for the XHTML of a narrative (narrative.html, txt-1, txt-2): well-formed XML with one <div> of XHTML as
 * its root and nothing around it, only allowed elements and attributes, some content. One pass without backtracking; it
 * runs on every resource.
 */
import { referenceAt, resolved } from './xhtml/references.ts';
import { plainTag, plainTagKey, skipSpace, type Tag, tagAt, xhtml } from './xhtml/tag.ts';

export interface NarrativeFault {
  /** The constraint of Narrative that is broken; none where the text is no XHTML at all. */
  readonly constraint: 'txt-1' | 'txt-2' | undefined;
  /** A sentence. It repeats nothing of the text but names of HTML. */
  readonly message: string;
}

const ampersand = 38;
const slash = 47;
const lessThan = 60;
const greaterThan = 62;

/** One entry for each open element, and whether it is or stands in a paragraph: used again by each call. */
const open: Tag[] = [];
const inParagraph: boolean[] = [];

/** More than anybody corrects at once. */
const mostFaults = 20;

/** What is wrong with the div of a narrative. Nothing more is looked for after the first place that is no XML. */
export function narrativeFaults(div: string): readonly NarrativeFault[] {
  const { length } = div;
  const faults: NarrativeFault[] = [];
  let depth = 0;
  let hasContent = false;
  let nextReference = ampersandAt(div, 0);
  let at = skipSpace(div, 0);
  // A declaration says nothing of the narrative, and R4 nothing of it: the reference engine passes over it
  while (div.startsWith('<?', at)) {
    const end = instructionEnd(div, at);
    if (end < 0) return noXml(faults, at, wrongMarkup(div, at));
    at = skipSpace(div, end);
  }
  if (div.charCodeAt(at) !== lessThan) return noXml(faults, at, noDiv);
  do {
    if (div.charCodeAt(at) !== lessThan) {
      const from = at;
      at = div.indexOf('<', from);
      if (at < 0) return noXml(faults, length, 'The narrative ends before its last </div>');
      for (; nextReference < at; nextReference = ampersandAt(div, nextReference + 1)) {
        const reference = referenceAt(div, nextReference);
        if ('says' in reference) return noXml(faults, nextReference, reference.says);
      }
      hasContent ||= saysSomething(div, from, at);
    }
    const tag = shortTagAt(div, at) ?? (isMarkup(div, at) ? undefined : tagAt(div, at));
    if (tag === undefined) {
      const end = div.startsWith('<?', at) ? instructionEnd(div, at) : commentEnd(div, at);
      if (end < 0 || depth === 0) return noXml(faults, at, wrongMarkup(div, at));
      at = end;
    } else if ('says' in tag) {
      return noXml(faults, at, tag.says);
    } else {
      if (tag.kind === 'close') {
        depth -= 1;
        if (open[depth]?.name !== tag.name)
          return noXml(faults, at, 'An end tag does not belong to the element that is open');
      } else {
        const wrong = depth === 0 ? wrongRoot(tag) : undefined;
        if (wrong !== undefined) return noXml(faults, at, wrong);
        for (const fault of tag.faults) broken(faults, at, fault);
        const isInside = depth > 0 && inParagraph[depth - 1] === true;
        const misplaced = depth > 0 ? placeFault(tag, isInside) : undefined;
        if (misplaced !== undefined) broken(faults, at, misplaced);
        hasContent ||= tag.isImage;
        if (tag.kind === 'open') {
          open[depth] = tag;
          inParagraph[depth] = isInside || tag.isParagraph;
          depth += 1;
        }
      }
      at += tag.length;
    }
    // Those inside of tags were looked at with them, those of comments mean nothing
    if (nextReference < at) nextReference = ampersandAt(div, at);
  } while (depth > 0);
  if (skipSpace(div, at) < length)
    return noXml(faults, at, 'Something follows after the </div> of the narrative');
  if (!hasContent)
    faults.push({
      constraint: 'txt-2',
      message: 'The narrative has neither text nor an image.',
    });
  return faults;
}

const noDiv = 'The narrative does not begin with <div>';

function wrongRoot({ name, namespace }: Tag): string | undefined {
  if (name !== 'div') return noDiv;
  return namespace === xhtml ? undefined : `The <div> of the narrative needs xmlns="${xhtml}"`;
}

/** What there is against an element at its place; undefined where there is nothing. */
function placeFault(tag: Tag, isInParagraph: boolean): string | undefined {
  if (tag.namespace !== undefined && tag.namespace !== xhtml) return 'An element is not XHTML';
  return isInParagraph && !tag.fitsParagraph ? `${tag.shown} stands inside a <p>` : undefined;
}

/** The tag at a place if it is one of those that need no reading: a short name and nothing else. */
function shortTagAt(div: string, less: number): Tag | undefined {
  let at = less + 1;
  const isClose = div.charCodeAt(at) === slash;
  if (isClose) at += 1;
  let key = 0;
  for (const last = at + 6; at < last; at += 1) {
    const code = div.charCodeAt(at);
    if (code === greaterThan) return plainTag(key, isClose);
    key = plainTagKey(key, code);
    if (key < 0) return undefined;
  }
  return undefined;
}

function isMarkup(div: string, less: number): boolean {
  const next = div.charCodeAt(less + 1);
  return next === 33 || next === 63; // <! <?
}

/** The end of a comment, -1 where it is none: XML does not allow -- inside. */
function commentEnd(div: string, less: number): number {
  if (!div.startsWith('<!--', less)) return -1;
  const end = div.indexOf('--', less + 4);
  return end >= 0 && div[end + 2] === '>' ? end + 3 : -1;
}

/** The end of a processing instruction or XML declaration, -1 where it has none. */
function instructionEnd(div: string, less: number): number {
  const end = div.indexOf('?>', less + 2);
  return end < 0 ? -1 : end + 2;
}

function wrongMarkup(div: string, less: number): string {
  if (div.startsWith('<!--', less))
    return 'A comment is not closed, stands outside the <div>, or has -- inside';
  if (div.startsWith('<!D', less)) return 'A document type is not allowed in a narrative';
  if (div.startsWith('<![', less)) return 'A CDATA section is not allowed in a narrative';
  return 'A processing instruction or XML declaration is not closed';
}

/** Whether a piece of text is more than white space (XPath normalize-space). */
function saysSomething(div: string, from: number, to: number): boolean {
  const first = skipSpace(div, from);
  if (first >= to) return false;
  if (div.charCodeAt(first) !== ampersand) return true;
  const text = resolved(div.slice(first, to));
  return skipSpace(text, 0) < text.length;
}

function ampersandAt(div: string, from: number): number {
  const at = div.indexOf('&', from);
  return at < 0 ? div.length : at;
}

/** Ends with the place from which on it is no XML. */
function noXml(faults: NarrativeFault[], at: number, says: string): readonly NarrativeFault[] {
  return [...faults, { constraint: undefined, message: placed(says, at) }];
}

function broken(faults: NarrativeFault[], at: number, says: string): void {
  if (faults.length < mostFaults) faults.push({ constraint: 'txt-1', message: placed(says, at) });
}

function placed(says: string, at: number): string {
  return `${says} (character ${at + 1} of the div).`;
}
