/** What a bench finds: a number in words, beside its goal where there is one. */

export interface Figure {
  readonly what: string;
  readonly is: string;
  readonly goal?: string;
  readonly isMet?: boolean;
}

export interface Bench {
  readonly title: string;
  readonly run: () => Figure[] | Promise<Figure[]>;
}

export function inMs(milliseconds: number): string {
  return `${milliseconds.toFixed(0)} ms`;
}

export function inMb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
