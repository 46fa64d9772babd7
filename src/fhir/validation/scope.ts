/** Where in a document a validation stands: the resource, what contains it, and how references are followed there. */

/** A JSON object of FHIR, as parsed. */
export type FhirObject = Readonly<Record<string, unknown>>;

/** Digits of numbers as they were written, where a JavaScript number does not keep them: by object and key. */
export type WrittenDigits = ReadonlyMap<object, ReadonlyMap<string | number, string>>;

/** What a `%resource` is, what surrounds it, and how its references are followed inside this document. */
export interface Scope {
  /** %resource: the resource that holds the node, contained or not. */
  readonly resource: FhirObject;
  /** %rootResource: the resource that contains it, or itself. */
  readonly root: FhirObject;
  /** The Bundle that `root` is an entry of. */
  readonly bundle: FhirObject | undefined;
  /** fullUrl of that entry. */
  readonly fullUrl: string | undefined;
  /** Follows a reference inside this document. */
  readonly resolve: (reference: string) => FhirObject | undefined;
}
