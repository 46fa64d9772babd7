/**
 * Watches the whole suite for leaks (invariant I7): every adapter in tests writes its log here at debug level, and what
 * the test process itself prints is kept too; after the last test none of it may hold a name, an identifier, a token or
 * a body that a test used.
 */
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { wardResources } from '../../src/sandbox/ward.ts';

let heard = '';
const secrets = new Map<string, string>();

/** Where adapters in tests write their log. */
export const watchedLog = new Writable({
  write(chunk: Buffer, _encoding, done) {
    heard += chunk.toString();
    done();
  },
});

/** A test that uses a name, identifier or token of its own says so here. */
export function mustNotLeak(secret: string, what: string): void {
  if (secret.length >= 4) secrets.set(secret, what);
}

function ofPatients(resources: readonly fhir4.FhirResource[]): void {
  for (const one of resources) {
    if (one.resourceType !== 'Patient') continue;
    for (const name of one.name ?? [])
      for (const part of [name.family, name.text, ...(name.given ?? [])])
        if (part !== undefined) mustNotLeak(part, 'a patient’s name');
    for (const { value } of one.identifier ?? [])
      if (value !== undefined) mustNotLeak(value, 'a patient’s identifier');
  }
}

const real = { out: process.stdout.write, err: process.stderr.write };

export const mochaHooks = {
  beforeAll(): void {
    ofPatients(wardResources(new Date()));
    for (const stream of [process.stdout, process.stderr] as const) {
      const write = stream.write.bind(stream);
      stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
        heard += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
        return write(chunk, ...rest);
      }) as typeof stream.write;
    }
  },
  afterAll(): void {
    process.stdout.write = real.out;
    process.stderr.write = real.err;
    const leaked = [...secrets].filter(([secret]) =>
      new RegExp(`(?<![\\w-])${literally(secret)}(?![\\w-])`).test(heard),
    );
    expect(leaked, 'what the suite printed or logged').to.deep.equal([]);
    expect(/"resourceType"\s*:/.test(heard), 'a resource in the output').to.equal(false);
    expect(/\bmf_[\w-]{43}\b/.test(heard), 'a key in the output').to.equal(false);
    // A digit or padding tells a credential from a word of a sentence.
    expect(
      /\b(bearer|basic) (?=\S*[\d=])[\w+/=.-]{8,}/i.test(heard),
      'a credential in the output',
    ).to.equal(false);
    expect(heard.length, 'the watch heard something').to.be.greaterThan(0);
  },
};

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
