/**
 * Reads a FHIR package as registries give it: a tar archive (POSIX ustar, with pax and GNU long names) in gzip. Only
 * into memory, never onto the disk. What is cut off, too large or tries to leave the archive is refused as a whole.
 */

import { gunzipSync } from 'node:zlib';

/** What is added as definitions and cannot be read. The message is a sentence. */
export class DefinitionsUnreadable extends Error {
  override readonly name = 'DefinitionsUnreadable';
}

export interface ArchivedFile {
  readonly name: string;
  readonly text: () => string;
}

/** The largest package that people exchange, a national one with all its value sets, unpacks to about half of this. */
const mostBytes = 512 * 1024 * 1024;
const block = 512;

/** The files of the archive, in its order. `file` is for messages. Throws DefinitionsUnreadable. */
export function* readArchive(
  bytes: Buffer,
  file: string,
  most = mostBytes,
): Generator<ArchivedFile> {
  const tar = unpack(bytes, file, most);
  let long: { name?: string; size?: number } = {};
  for (let at = 0; at < tar.length; ) {
    if (at + block > tar.length) throw cutOff(file);
    const header = tar.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return;
    if (!checksumHolds(header))
      throw new DefinitionsUnreadable(`${file} is no tar archive, or it is damaged.`);
    const size = long.size ?? sizeIn(header);
    const start = at + block;
    const end = start + size;
    if (!(size >= 0 && end <= tar.length)) throw cutOff(file);
    const content = tar.subarray(start, end);
    at = start + Math.ceil(size / block) * block;
    switch (String.fromCharCode(header[156] ?? 0)) {
      case 'x':
        long = paxFields(content);
        continue;
      case 'L':
        long = { name: textIn(content) };
        continue;
      case '0':
      case '7':
      case '\0':
        yield {
          name: inside(long.name ?? nameIn(header), file),
          text: () => content.toString('utf8'),
        };
    }
    long = {};
  }
}

function unpack(bytes: Buffer, file: string, most: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new DefinitionsUnreadable(`${file} unpacks to more than ${most / 1024 / 1024} MB.`, {
        cause,
      });
    if (code === 'Z_BUF_ERROR') throw cutOff(file, cause);
    throw new DefinitionsUnreadable(`${file} is no gzip archive, or it is damaged.`, { cause });
  }
}

function cutOff(file: string, cause?: unknown): DefinitionsUnreadable {
  return new DefinitionsUnreadable(`${file} is cut off: fetch it again.`, { cause });
}

/** The sum of all bytes of the header, its own field taken as spaces. */
function checksumHolds(header: Buffer): boolean {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  return sum === octalIn(header, 148, 8);
}

/** Octal digits, or, where the first bit is set, a binary number: sizes beyond 8 GB, which are refused anyway. */
function sizeIn(header: Buffer): number {
  return (header[124] ?? 0) & 0x80 ? Number.POSITIVE_INFINITY : octalIn(header, 124, 12);
}

function octalIn(header: Buffer, at: number, length: number): number {
  return Number.parseInt(textIn(header.subarray(at, at + length)).trim() || '0', 8);
}

function nameIn(header: Buffer): string {
  const name = textIn(header.subarray(0, 100));
  const prefix = textIn(header.subarray(257, 263)).startsWith('ustar')
    ? textIn(header.subarray(345, 500))
    : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Lines of `length key=value`, where length counts the whole line (POSIX pax). */
function paxFields(content: Buffer): { name?: string; size?: number } {
  const fields: { name?: string; size?: number } = {};
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const length = Number(content.toString('latin1', at, space));
    if (space < 0 || !(length > space - at)) break;
    const [key, ...value] = content.toString('utf8', space + 1, at + length - 1).split('=');
    if (key === 'path') fields.name = value.join('=');
    if (key === 'size') fields.size = Number(value.join('='));
    at += length;
  }
  return fields;
}

function textIn(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** Nothing is written, so that a name could do no harm; but an archive with such a name was made to do some. */
function inside(name: string, file: string): string {
  const parts = name.split(/[/\\]/);
  if (parts.includes('..') || parts[0] === '' || /^[A-Za-z]:$/.test(parts[0] ?? ''))
    throw new DefinitionsUnreadable(`${file} is refused: it names a file outside of itself.`);
  return name;
}
