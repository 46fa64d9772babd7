/** Where in a text something stands, as editors count: lines and columns from 1. */

export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Finds places one after the other: offsets have to ascend, so that the text is read once. */
export function placesIn(text: string): (offset: number) => TextPlace {
  let line = 1;
  let lineStart = 0;
  let next = text.indexOf('\n');
  return (offset) => {
    while (next >= 0 && next < offset) {
      line += 1;
      lineStart = next + 1;
      next = text.indexOf('\n', lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };
}
