/**
 * Certificates of invented authorities for specs about TLS: made anew each time with the keys of node:crypto, so that none
 * is kept and none expires. Only as much of X.509 (RFC 5280) as TLS on loopback needs, written in DER.
 */
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A certificate with its key, both in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certificate {
  /** A certificate of this authority for 127.0.0.1 and localhost, or for a client of this name. */
  issue(
    commonName: string,
    more?: { readonly expired?: boolean; readonly host?: string },
  ): Certificate;
}

export function authority(commonName: string): Authority {
  const ours = keyPair();
  const cert = certificate({
    subject: commonName,
    issuer: commonName,
    publicKey: ours.publicKey,
    signedWith: ours.privateKey,
    extensions: [extension([2, 5, 29, 19], sequence(tagged(0x01, Buffer.from([0xff]))))],
  });
  return {
    cert,
    key: pemOf(ours.privateKey),
    issue(subject, { expired = false, host } = {}) {
      const { publicKey, privateKey } = keyPair();
      const names = host === undefined ? [loopback, dnsName('localhost')] : [dnsName(host)];
      return {
        cert: certificate({
          subject,
          issuer: commonName,
          publicKey,
          signedWith: ours.privateKey,
          expired,
          extensions: [extension([2, 5, 29, 17], sequence(...names))],
        }),
        key: pemOf(privateKey),
      };
    },
  };
}

interface Contents {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signedWith: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly expired?: boolean;
}

const day = 86_400_000;
const ecdsaWithSha256 = sequence(objectId([1, 2, 840, 10045, 4, 3, 2]));
const loopback = tagged(0x87, Buffer.from([127, 0, 0, 1]));
let serial = 1;

function certificate(contents: Contents): string {
  const { subject, issuer, publicKey, signedWith, extensions, expired = false } = contents;
  const now = Date.now();
  serial += 1;
  const signed = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))), // version 3
    tagged(0x02, Buffer.from([serial])),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(time(now - 2 * day), time(expired ? now - day : now + day)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = createSign('SHA256').update(signed).sign(signedWith);
  const der = sequence(
    signed,
    ecdsaWithSha256,
    tagged(0x03, Buffer.concat([Buffer.from([0]), signature])),
  );
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function keyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The key of a certificate, locked with a passphrase. */
export function locked(key: KeyObject, passphrase: string): string {
  return key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length =
    size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function objectId([first = 0, second = 0, ...arcs]: readonly number[]): Buffer {
  const bytes = [first * 40 + second];
  for (const arc of arcs) {
    const septets = [arc & 0x7f];
    for (let rest = arc >> 7; rest > 0; rest >>= 7) septets.unshift((rest & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return tagged(0x06, Buffer.from(bytes));
}

function nameOf(commonName: string): Buffer {
  const value = tagged(0x0c, Buffer.from(commonName, 'utf8'));
  return sequence(tagged(0x31, sequence(objectId([2, 5, 4, 3]), value)));
}

function dnsName(name: string): Buffer {
  return tagged(0x82, Buffer.from(name, 'ascii'));
}

function extension(id: readonly number[], value: Buffer): Buffer {
  return sequence(objectId(id), tagged(0x04, value));
}

function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return tagged(0x18, Buffer.from(text, 'ascii'));
}
