/**
 * The elements and attributes that a narrative may have (R4 narrative.html, txt-1): HTML 4.0 chapters 7-11 without 9.4,
 * chapter 15 without what is deprecated, links by name or href, images. Where the XPath of txt-1 and the text of HTML 4.0
 * differ, what either allows is allowed. Where an element stands is no part of txt-1, but for paragraphs.
 */

/** Of every element: HTML 4.0 core, language and keyboard attributes, and those that the parts of a table share. */
const common = words(
  'id idref class style title lang xml:lang xml:space dir accesskey tabindex ' +
    'span width align valign char charoff cellhalign cellvalign abbr axis headers scope rowspan colspan',
);

const cell = words('bgcolor height nowrap');

/** Of one element only. */
const own: Readonly<Record<string, ReadonlySet<string>>> = {
  a: words('name href charset coords hreflang rel rev shape type'),
  area: words('alt coords href nohref shape'),
  blockquote: words('cite'),
  dl: words('compact'),
  img: words('src alt border height hspace ismap longdesc name usemap vspace'),
  li: words('type value'),
  map: words('name'),
  ol: words('compact start type'),
  pre: words('space'),
  q: words('cite'),
  table: words('bgcolor border cellpadding cellspacing frame rules summary'),
  td: cell,
  th: cell,
  tr: words('bgcolor'),
  ul: words('compact type'),
};

export const allowedElements = words(
  'div p h1 h2 h3 h4 h5 h6 address hr br span blockquote pre a img map area ' +
    'b i em strong small big tt dfn q var abbr acronym cite bdo kbd sub sup code samp ' +
    'ul ol li dl dt dd table caption colgroup col thead tfoot tbody tr th td',
);

/** Forbidden by name in the specification, or what people most often bring along; only these are named in messages. */
export const knownElements = words(
  'html head body title meta script style link base form input button select option textarea label fieldset legend ' +
    'frame frameset noframes iframe object param applet embed audio video canvas svg math ' +
    'font center u s strike basefont ins del nav section article header footer main figure',
);

/** What cannot stand anywhere inside a paragraph (HTML 4.0 §9.3.1). */
export const notInParagraph = words('div blockquote table ol ul p');

export function isAllowedAttribute(element: string, attribute: string): boolean {
  return common.has(attribute) || own[element]?.has(attribute) === true;
}

/** Whether an attribute is one of HTML 4.0 that stands elsewhere, so that a message may name it. */
export function isKnownAttribute(attribute: string): boolean {
  return (
    common.has(attribute) ||
    foreign.has(attribute) ||
    Object.values(own).some((names) => names.has(attribute))
  );
}

/** Attributes whose value is an address. */
export const addresses = words('href src cite longdesc usemap');

const foreign = words(
  'target action method background color face size clear noshade data codebase classid content media profile ' +
    'xlink:href role datetime',
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
