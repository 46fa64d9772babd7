/**
 * Every way in which our validator and the reference engine inside HAPI differ, which of them is right by the text of R4,
 * and why. The differential test holds the table to it: a difference without a row fails, and so does a row without one.
 */

export interface Explanation {
  readonly name: string;
  /** Who follows R4; `neither` where it says nothing. */
  readonly right: 'ours' | 'hapi' | 'neither';
  /** Kinds of change in which it shows. */
  readonly kinds: RegExp;
  /** Our errors that HAPI does not have … */
  readonly ours?: RegExp;
  /** … or HAPI's that we do not have. */
  readonly hapi?: RegExp;
  readonly why: string;
}

export const explanations: readonly Explanation[] = [
  {
    name: 'element with nothing but an id',
    right: 'ours',
    kinds: /^only-an-id$/,
    ours: /^ele-1:/,
    why: 'ele-1 is hasValue() or (children().count() > id.count()): an id alone does not satisfy it. HAPI does not evaluate it on codings, references and their like.',
  },
  {
    name: 'empty list of primitives',
    right: 'ours',
    kinds: /^empty-list$/,
    ours: /is an empty list/,
    why: 'json.html: a property is never an empty array. HAPI takes one of primitives for absent.',
  },
  {
    name: 'padding inside base64',
    right: 'ours',
    kinds: /^base64-that-is-none$/,
    ours: /is not base64/,
    why: 'datatypes.html#base64Binary, RFC 4648 §4: padding stands at the end. HAPI decodes it leniently.',
  },
  {
    name: 'text that is no reference',
    right: 'ours',
    kinds: /^reference-that-is-none$/,
    ours: /is no reference:/,
    why: 'references.html#literal: Type/id, an absolute URL or #id. HAPI refuses only some characters.',
  },
  {
    name: 'half of a surrogate pair',
    right: 'ours',
    kinds: /^text-half-surrogate$/,
    ours: /half of a surrogate pair/,
    why: 'datatypes.html#string: a sequence of Unicode characters, which half of a pair is not. HAPI does not look.',
  },
  {
    name: 'relative system of a coding',
    right: 'ours',
    kinds: /^coding-relative-system$/,
    ours: /is no absolute URI, as a system has to be/,
    why: 'datatypes.html#Coding: the system is an absolute URI. HAPI says so only where it looks the code up.',
  },
  {
    name: 'type of a reference',
    right: 'ours',
    kinds: /^(reference-(to-wrong-type|only-type)|unchanged)$/,
    ours: /^: The reference points to \w+, but (only to|has to point to) /,
    why: 'references.html, ElementDefinition.type.targetProfile. HAPI’s $validate checks no targets unless a reference policy is installed, which the server does not do.',
  },
  {
    name: 'type of a reference that does not exist',
    right: 'ours',
    kinds: /^reference-to-unknown-type$/,
    ours: /which is no type of R4/,
    why: 'references.html#literal: the first part of a relative reference is a resource type. HAPI checks no targets.',
  },
  {
    name: 'null that pads a list',
    right: 'ours',
    kinds: /^siblings-padded$/,
    hapi: /UnsupportedOperationException: JsonNull/,
    why: 'json.html#primitive: null stands for an entry without a value. HAPI breaks on it in some types.',
  },
  {
    name: 'system with a scheme that HAPI does not know',
    right: 'ours',
    kinds: /^uri-unusual$/,
    hapi: /must be an absolute reference, not a local reference/,
    why: 'RFC 3986: mailto: and tag: begin absolute URIs. HAPI lists a few schemes.',
  },
  {
    name: 'code of an unknown system beside one of the required set',
    right: 'ours',
    kinds: /^required-concept-and-another$/,
    hapi: /CodeSystem is unknown and can't be validated|None of the codings provided are in the value set/,
    why: 'terminologies.html#required: one of the codings is from the set; others are allowed. HAPI gives up when it does not know one system.',
  },
  {
    name: 'coding without a code',
    right: 'ours',
    kinds: /^coding-without-code$/,
    hapi: /Unknown code '[^']*#null'/,
    why: 'Coding.code is 0..1. HAPI looks up the code null.',
  },
  {
    name: 'unit that UCUM does not have',
    right: 'hapi',
    kinds: /^(unit-unknown|unchanged)$/,
    hapi: /Error processing unit|Constraint failed: rng-2: .*HAPI-/,
    why: 'UCUM is a grammar that HAPI carries; here its codes are said to be not checked.',
  },
  {
    name: 'profile that is not here',
    right: 'neither',
    kinds: /^profile-unknown$/,
    hapi: /Invalid profile\. Failed to retrieve|has not been checked because it could not be found/,
    why: 'R4 does not say what an unknown profile means. HAPI refuses, we say that it was not checked.',
  },
  {
    name: 'link inside the narrative to nothing',
    right: 'neither',
    kinds: /^xhtml-local-link-to-nothing$/,
    hapi: /does not resolve/,
    why: 'R4 narrative.html asks nothing of local links; HAPI applies a rule of later versions.',
  },
  {
    name: 'period whose ends have different precision',
    right: 'ours',
    kinds: /^per-1-partial$/,
    hapi: /Constraint failed: per-1/,
    why: 'datatypes.html#Period: an end of 2024-03 includes all of March. HAPI takes the empty result of the comparison for false.',
  },
  {
    name: 'vs-1 on a period',
    right: 'ours',
    kinds: /^per-1-partial$/,
    hapi: /Constraint failed: vs-1/,
    why: 'vs-1 is about a dateTime, as it says in words. HAPI takes the empty result of its cast for false.',
  },
  {
    name: 'reason of a no-show',
    right: 'ours',
    kinds: /^app-4-noshow$/,
    hapi: /Constraint failed: app-4/,
    why: 'R4 misspells the status noshow in the expression of app-4; its words allow the reason.',
  },
  {
    name: 'what a search says about itself, without fullUrl',
    right: 'ours',
    kinds: /^unchanged$/,
    hapi: /each entry in a Bundle must have a fullUrl/,
    why: 'Bundle.entry.fullUrl: results of operations might not be identified. HAPI makes no exception.',
  },
  {
    name: 'unit of an HL7 code system',
    right: 'neither',
    kinds: /^unchanged$/,
    hapi: /Unknown code 'http:\/\/terminology\.hl7\.org\//,
    why: 'These systems are published with R4 and grow apart from it: a warning here, an error in HAPI.',
  },
  {
    name: 'language that is no language tag',
    right: 'ours',
    kinds: /^language-that-is-none$/,
    ours: /not in the value set All Languages/,
    why: 'The maximum value set of every language is BCP 47 (elementdefinition-maxValueSet). HAPI does not look at it for codes.',
  },
  {
    name: 'mime type that is none',
    right: 'ours',
    kinds: /^required-code-unknown$/,
    ours: /not in the value set MimeType/,
    why: 'terminologies.html#required, BCP 13: a mime type has a slash. HAPI takes every code for one.',
  },
];

/** The rows that explain an error of this side; an error may need none where the other side has errors too. */
export function explanationOf(
  kind: string,
  side: 'ours' | 'hapi',
  error: string,
): Explanation | undefined {
  return explanations.find((row) => row.kinds.test(kind) && row[side]?.test(error));
}
