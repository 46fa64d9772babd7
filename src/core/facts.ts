/**
 * Facts on file (DESIGN decision 17): what the hospital has about a patient that a massage therapist must know,
 * each with date and source, and the honest gaps. Facts inform; they never decide and never say "safe".
 */
import type { Concept } from './concept.ts';

export const factTopics = [
  'clots-and-bleeding',
  'skin',
  'bone',
  'lines-and-devices',
  'infection',
  'allergy',
  'sensation',
  'consent',
] as const;
export type FactTopic = (typeof factTopics)[number];

export interface Fact {
  readonly topic: FactTopic;
  /** `on-file`: read and understood; `not-understood`: present, code unknown here; `not-readable`: the hospital did not let us. */
  readonly kind: 'on-file' | 'not-understood' | 'not-readable';
  readonly what: Concept;
  readonly date?: string | undefined;
  /** FHIR reference of the resource, or the search that was refused. */
  readonly source: string;
}
