/** Files of a source that are nowhere but in a test. */
import type { SourceFile } from '../../src/sync/folder.ts';

export interface TextSource {
  /** Bytes of a chunk: a small one tears lines and characters apart. */
  readonly chunk?: number;
  /** As the disk would say it. */
  readonly size?: number;
}

/** A file with this text; each of its chunks is written over by the next one, as those of real files are. */
export function textSource(
  name: string,
  text: string,
  { chunk = 1 << 16, size }: TextSource = {},
): SourceFile {
  const bytes = Buffer.from(text, 'utf8');
  return {
    name,
    stamp: '1',
    size: size ?? bytes.length,
    async *chunks() {
      const buffer = Buffer.alloc(chunk);
      for (let at = 0; at < bytes.length; at += chunk) {
        const read = bytes.copy(buffer, 0, at, at + chunk);
        yield buffer.subarray(0, read);
      }
    },
  };
}
