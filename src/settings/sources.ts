/** Where each value came from: a line of the file, an environment variable, or nowhere (then it is the default). */

/** `massage-fhir.yaml:12` or `MASSAGE_FHIR_STORE`, by JSON pointer. */
export type Sources = ReadonlyMap<string, string>;

/** The source of a place or of the nearest place around it. */
export function nearestSource(sources: Sources, place: string): string {
  for (let at = place; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const source = sources.get(at);
    if (source !== undefined) return source;
    if (at === '') return 'settings';
  }
}
