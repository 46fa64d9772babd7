/**
 * What a mapping noticed and a person should see: an element that is missing, has the wrong type or could not be
 * used. Words and paths only: a finding never repeats what a patient's resource says.
 */
export interface Finding {
  /** FHIRPath of the element, e.g. `ServiceRequest.code.coding.system`. */
  readonly path: string;
  readonly says: string;
}

/** The outcome of a mapping: it always has a value, and what was not as it should be stands beside it. */
export interface Mapped<Target> {
  readonly value: Target;
  readonly flags: readonly Finding[];
}

/** A resource made from one that the other side has. */
export interface Rewritten<Resource> extends Mapped<Resource> {
  /** Why it came back as it was although we would have changed it; also among the flags. */
  readonly leftAsIs?: Finding | undefined;
}

export type Report = (path: string, says: string) => void;
