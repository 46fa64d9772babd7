/** Writes FHIR packages for tests, sound and broken ones: a ustar archive in gzip, entry by entry. */
import { gzipSync } from 'node:zlib';

export interface Entry {
  readonly name: string;
  readonly content?: string;
  /** `0` is a file; `5` a folder, `2` a link, `x` pax fields, `L` a GNU long name. */
  readonly type?: string;
  /** What the header says, where it lies about the content. */
  readonly size?: number;
  readonly prefix?: string;
}

export function packageOf(resources: Readonly<Record<string, object>>): Buffer {
  return tgz([
    {
      name: 'package/package.json',
      content: JSON.stringify({ name: 'a.package', version: '1.0.0' }),
    },
    ...Object.entries(resources).map(([name, resource]) => ({
      name,
      content: JSON.stringify(resource),
    })),
  ]);
}

export function tgz(entries: readonly Entry[]): Buffer {
  return gzipSync(tar(entries));
}

export function tar(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.map(entryOf), Buffer.alloc(1024)]);
}

function entryOf({ name, content = '', type = '0', size, prefix = '' }: Entry): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
