/**
 * What a broken connection means, as one coded error. The question is how far the request had come: before anything left
 * it is `hospital-unreachable`; afterwards a write is `write-unclear`. TLS has so many ways to fail, each with another
 * remedy, that they are a table.
 */
import { AdapterError } from '../core/errors.ts';
import { type Asked, broken, isWrite } from './faults.ts';
import { Lasting } from './retry.ts';
import { AnswerNotTaken, type Progress } from './transport.ts';

interface TlsFault {
  readonly sign: RegExp;
  readonly says: string;
  readonly fix: string;
  /** Comes after the request left, in TLS 1.3, and yet none of it was processed. */
  readonly late?: true;
}

/** By the codes of Node.js and OpenSSL; the first sign that fits counts. */
const tlsFaults: readonly TlsFault[] = [
  {
    sign: /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/,
    says: 'it offers no TLS 1.2 or newer',
    fix: 'Ask the hospital to offer TLS 1.2 or newer at this address.',
  },
  {
    sign: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/,
    says: 'what answers there does not speak TLS',
    fix: 'Check scheme and port of base.',
  },
  {
    sign: /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_\w+|HANDSHAKE_FAILURE|ACCESS_DENIED)/,
    says: 'it did not accept our client certificate, or wants one',
    fix: 'Set tls.cert and tls.key of this hospital to the client certificate that it issued for us.',
    late: true,
  },
  {
    sign: /CERT_HAS_EXPIRED/,
    says: 'its certificate has expired',
    fix: 'Ask the hospital to renew its certificate; check our clock.',
  },
  {
    sign: /ALTNAME_INVALID/,
    says: 'its certificate is for another name',
    fix: 'Set base to the name that the certificate is for.',
  },
  {
    sign: /CERT|SELF_SIGNED|UNABLE_TO_/,
    says: 'certificate not trusted',
    fix: 'Set tls.ca of this hospital to the certificate of its authority (a PEM file), or correct base.',
  },
  {
    sign: /^ERR_(SSL|TLS)|^EPROTO$/,
    says: 'the TLS handshake failed',
    fix: 'Ask the hospital what its server demands of TLS clients.',
  },
];

const neverConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** The error for something that was thrown before the whole answer was there. `proxy`: the one it was sent through. */
export function thrownFault(
  thrown: unknown,
  asked: Asked,
  progress: Pick<Progress, 'sent' | 'status'>,
  proxy?: string,
): AdapterError {
  const what = `${asked.method} ${asked.path}`;
  const about = { about: asked.path };
  const { status } = progress;
  const chain = causes(thrown);
  const ours = chain.find((cause) => cause instanceof AdapterError);
  if (ours) return ours;
  const notTaken = chain.find((cause) => cause instanceof AnswerNotTaken);
  if (notTaken) {
    return broken(asked, `The answer to ${what} was not taken in: it is ${notTaken.message}.`, {
      // The server did answer: that is no sign of trouble.
      ...(status !== undefined && { status }),
      cause: notTaken,
      fix: 'Ask for smaller pages (pageSize of this hospital), or for answers in gzip or without compression.',
    });
  }
  const refusedBy = proxy === undefined ? undefined : proxyStatus(chain);
  if (refusedBy !== undefined) {
    return new AdapterError(
      'hospital-unreachable',
      `${what} was not sent: the proxy ${proxy} answered with ${refusedBy}.`,
      { ...about, fix: proxyFix(refusedBy) },
    );
  }
  const code = causeCode(chain);
  const tls = tlsFaults.find(({ sign }) => sign.test(code));
  if (tls && status === undefined && (tls.late || !progress.sent)) {
    return new AdapterError(
      'hospital-unreachable',
      `${what} was not sent: ${tls.says} (${code}).`,
      {
        ...about,
        fix: tls.fix,
        cause: new Lasting(tls.says),
      },
    );
  }
  if (!progress.sent || neverConnected.test(code)) {
    const by = proxy === undefined ? '' : ` through the proxy ${proxy}`;
    return new AdapterError(
      'hospital-unreachable',
      `${what} could not be sent${by} (${code}).`,
      about,
    );
  }
  if (isWrite(asked)) {
    return new AdapterError(
      'write-unclear',
      `${what} was sent, but its answer did not come whole (${code}).`,
      about,
    );
  }
  if (status !== undefined) return broken(asked, `The answer to ${what} is broken (${code}).`);
  return new AdapterError('hospital-unreachable', `The answer to ${what} did not come (${code}).`, {
    ...about,
    // TLS 1.3 tells us of a missing client certificate after our request left, and then undici only sees the end.
    ...(/^(UND_ERR_SOCKET|ECONNRESET)$/.test(code) && {
      fix: 'Check the network path to the hospital; if no request is ever answered, the hospital may want a client certificate (tls.cert and tls.key of this hospital).',
    }),
  });
}

/** The status with which a proxy refused to let us through; undici has it in its messages alone. */
function proxyStatus(chain: readonly unknown[]): number | undefined {
  for (const cause of chain) {
    if (!(cause instanceof Error)) continue;
    const status = /^Proxy [^(]*\((\d{3})\)/.exec(cause.message)?.[1];
    if (status !== undefined) return Number(status);
  }
  return undefined;
}

function proxyFix(status: number): string {
  if (status === 407) return 'Set user and password of proxy for this hospital.';
  if (status === 403) return 'Ask who runs the proxy to let us through to the hospital.';
  return 'Check proxy of this hospital, and whether it reaches the hospital.';
}

/** The chain of causes; an AggregateError (one failure per address tried) is followed into its first. */
function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let at = thrown;
  while (at instanceof Error && !chain.includes(at)) {
    chain.push(at);
    at = at.cause ?? (at instanceof AggregateError ? at.errors[0] : undefined);
  }
  return chain;
}

/** The most telling machine code: fetch wraps it once, an abort has only its name, unreadable JSON has none. */
function causeCode(chain: readonly unknown[]): string {
  for (const cause of chain) {
    if (cause instanceof DOMException) return cause.name;
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string')
      return cause.code;
  }
  return 'no code';
}
