import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import type { HospitalConnection } from '../../src/hospital/connection.ts';
import { thrownFault } from '../../src/hospital/connection-faults.ts';
import { authority, locked } from '../support/certificates.ts';
import { mustNotLeak } from '../support/leak-watch.ts';
import { closeAll, failureOf, listening, sendJson, wireTo, withRealSockets } from './wire.ts';

const patient = { resourceType: 'Patient', id: 'p1' };
const procedure: fhir4.Procedure = {
  resourceType: 'Procedure',
  status: 'completed',
  subject: { reference: 'Patient/p1' },
};
const hospitalRoot = authority('Invented Hospital Root');
const ours = hospitalRoot.issue('massage-fhir');
const open: { close(): void }[] = [];
let folder = '';

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A FHIR server with TLS on loopback. */
async function tlsServer(options: ServerOptions = {}) {
  const requests: IncomingMessage[] = [];
  const clients: (string | undefined)[] = [];
  const own = hospitalRoot.issue('127.0.0.1');
  const server = createHttpsServer({ ...own, ...options }, (request, response) => {
    requests.push(request);
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    clients.push([subject?.CN].flat()[0]);
    sendJson(response, 200, patient);
  });
  server.on('tlsClientError', () => undefined);
  const port = await started(server);
  return { base: `https://127.0.0.1:${port}/fhir`, port, requests, clients };
}

/** A proxy on loopback that opens tunnels (RFC 9110 §9.3.6) and passes plain requests on; it notes what it could read. */
async function proxyServer({ refuses }: { refuses?: number } = {}) {
  const tunnels: IncomingMessage[] = [];
  const read: string[] = [];
  const server = createHttpServer((request, response) => {
    read.push(`${request.url} ${request.headers.authorization}`);
    sendJson(response, refuses ?? 200, patient);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    tunnels.push(request);
    socket.on('error', () => undefined);
    if (refuses !== undefined) {
      socket.end(`HTTP/1.1 ${refuses} No\r\n\r\n`);
      return;
    }
    const [host, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.write(head);
      target.pipe(socket);
      socket.on('data', (chunk: Buffer) => read.push(chunk.toString('latin1')));
      socket.pipe(target);
    });
    target.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    socket.on('close', () => target.destroy());
  });
  return { url: `http://127.0.0.1:${await started(server)}`, tunnels, read };
}

async function started(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  open.push({
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  return (server.address() as AddressInfo).port;
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

describe('hospital dispatcher', () => {
  withRealSockets();
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'massage-fhir-tls-'));
    file('ca.pem', hospitalRoot.cert);
    file('ours.pem', ours.cert);
    file('ours.key', ours.key);
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    await closeAll();
    for (const one of open.splice(0)) one.close();
  });
  const ca = () => join(folder, 'ca.pem');
  const withOurs = () => ({
    ca: ca(),
    cert: join(folder, 'ours.pem'),
    key: join(folder, 'ours.key'),
  });
  const failure = (base: string, connection: Partial<HospitalConnection> = {}, env = {}) =>
    failureOf(wireTo(base, connection, { env }).client.create(procedure));

  describe('trust', () => {
    it('does not trust an authority that nobody named, and says which setting names it', async () => {
      const { base, requests } = await tlsServer();
      const error = await failure(base);
      expect(error.code).to.equal('hospital-unreachable');
      expect(error.message).to.contain('certificate not trusted');
      expect(error.fix).to.contain('tls.ca');
      expect(requests).to.deep.equal([]);
    });

    it('does not ask again at once where TLS failed', async () => {
      const { base } = await tlsServer();
      const { client, exchanges } = wireTo(base);
      await failureOf(client.read('Patient/p1'));
      expect(exchanges).to.have.length(1);
    });

    it('trusts the authority of the site, beside those of Node.js', async () => {
      const { base } = await tlsServer();
      const { client } = wireTo(base, { tls: { ca: ca() } });
      expect((await client.read('Patient/p1')).resource).to.deep.equal(patient);
    });

    it('speaks HTTP/1.1 over TLS 1.2 or newer', async () => {
      const { base, requests } = await tlsServer({ ALPNProtocols: ['h2', 'http/1.1'] });
      const { client } = wireTo(base, { tls: { ca: ca() } });
      await client.read('Patient/p1');
      const socket = requests[0]?.socket as TLSSocket;
      expect(requests[0]?.httpVersion).to.equal('1.1');
      expect(socket.getProtocol()).to.match(/^TLSv1\.[23]$/);
    });

    const faults: readonly [string, ServerOptions, string, string][] = [
      [
        'a server with TLS 1.1 alone',
        { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
        'no TLS 1.2 or newer',
        'TLS 1.2',
      ],
      [
        'a certificate that has expired',
        hospitalRoot.issue('127.0.0.1', { expired: true }),
        'has expired',
        'renew',
      ],
      [
        'a certificate for another name',
        hospitalRoot.issue('elsewhere', { host: 'elsewhere.example' }),
        'for another name',
        'base',
      ],
    ];
    for (const [name, options, says, fix] of faults) {
      it(`refuses ${name}, and says so`, async () => {
        const { base, requests } = await tlsServer(options);
        const error = await failure(base, { tls: { ca: ca() } });
        expect(error.code).to.equal('hospital-unreachable');
        expect(error.message).to.contain(says);
        expect(error.fix).to.contain(fix);
        expect(requests).to.deep.equal([]);
      });
    }

    it('says when plain HTTP answers at an https address', async () => {
      const { origin } = await listening((_, response) => sendJson(response, 200, patient));
      const error = await failure(origin.replace('http:', 'https:'));
      expect(error.code).to.equal('hospital-unreachable');
      expect(error.message).to.contain('does not speak TLS');
    });
  });

  describe('our client certificate', () => {
    const demanding = { requestCert: true, rejectUnauthorized: true, ca: hospitalRoot.cert };

    it('is shown to a server that demands one', async () => {
      const { base, clients } = await tlsServer(demanding);
      const { client } = wireTo(base, { tls: withOurs() });
      await client.read('Patient/p1');
      expect(clients).to.deep.equal(['massage-fhir']);
    });

    it('is asked for by name where it is missing; nothing was processed', async () => {
      const { base, requests } = await tlsServer({ ...demanding, maxVersion: 'TLSv1.2' });
      const error = await failure(base, { tls: { ca: ca() } });
      expect(error.code).to.equal('hospital-unreachable');
      expect(error.message).to.contain('client certificate');
      expect(error.fix).to.contain('tls.cert');
      expect(requests).to.deep.equal([]);
    });

    it('is missed only after the request left in TLS 1.3: an alert says so, a mere end leaves it unclear', async () => {
      const { base, requests } = await tlsServer({ ...demanding, minVersion: 'TLSv1.3' });
      expect((await failure(base, { tls: { ca: ca() } })).code).to.equal('write-unclear');
      expect(requests).to.deep.equal([]);
      const alert = Object.assign(new Error('alert'), {
        code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      });
      const fault = thrownFault(alert, { method: 'POST', path: 'Procedure' }, { sent: true });
      expect(fault.code).to.equal('hospital-unreachable');
      expect(fault.fix).to.contain('tls.cert');
    });

    it('has its key unlocked with a passphrase', async () => {
      const { base } = await tlsServer(demanding);
      const key = file('locked.key', locked(createPrivateKey(ours.key), 'open-sesame-9'));
      mustNotLeak('open-sesame-9', 'a passphrase');
      const tls = { ...withOurs(), key, passphrase: { env: 'PASS' } };
      const { client } = wireTo(base, { tls }, { env: { PASS: 'open-sesame-9' } });
      expect((await client.read('Patient/p1')).status).to.equal(200);
      const wrong = await failure(base, { tls }, { PASS: 'open-sesame-8' });
      expect(wrong.code).to.equal('settings-wrong');
      expect(wrong.message).to.contain('ours.pem').and.not.contain('sesame');
    });

    it('takes effect when it is renewed, without a restart', async () => {
      const { base, clients } = await tlsServer(demanding);
      const cert = file('renewed.pem', ours.cert);
      const key = file('renewed.key', ours.key);
      const { client } = wireTo(base, { tls: { ca: ca(), cert, key } });
      await client.read('Patient/p1');
      const later = hospitalRoot.issue('massage-fhir renewed');
      file('renewed.pem', later.cert);
      file('renewed.key', later.key);
      await client.read('Patient/p1');
      expect(clients).to.deep.equal(['massage-fhir', 'massage-fhir renewed']);
    });

    for (const [name, tls, code] of [
      ['a file that is not there', { ca: '/nowhere/ca.pem' }, 'file-unreadable'],
      ['an authority that is no PEM', { ca: 'nonsense.pem' }, 'settings-wrong'],
      [
        'a certificate with the key of another',
        { cert: 'ours.pem', key: 'other.key' },
        'settings-wrong',
      ],
    ] as const) {
      it(`is refused with ${name} before anything is sent`, async () => {
        const { base, requests } = await tlsServer();
        file('nonsense.pem', 'nonsense');
        file('other.key', hospitalRoot.key);
        const placed = Object.fromEntries(
          Object.entries(tls).map(([part, path]) => [
            part,
            path.startsWith('/') ? path : join(folder, path),
          ]),
        );
        const error = await failure(base, { tls: placed });
        expect(error.code).to.equal(code);
        expect(error.message).to.match(/\/(nowhere\/ca|nonsense|ours)\.pem/);
        expect(requests).to.deep.equal([]);
      });
    }
  });

  describe('a proxy', () => {
    const token = {
      signIn: { type: 'bearer', token: { env: 'TOKEN' } },
    } as const;
    const env = { TOKEN: 'sesame-for-hospital', SECRET: 'sesame-for-proxy' };

    it('opens a tunnel to an https base and reads nothing of what goes through it', async () => {
      const { base, port, requests } = await tlsServer();
      const proxy = await proxyServer();
      const { client } = wireTo(
        base,
        { ...token, tls: { ca: ca() }, proxy: { url: proxy.url } },
        { env },
      );
      expect((await client.read('Patient/p1')).resource).to.deep.equal(patient);
      expect(proxy.tunnels.map(({ url }) => url)).to.deep.equal([`127.0.0.1:${port}`]);
      expect(requests[0]?.headers.authorization).to.equal('Bearer sesame-for-hospital');
      expect(proxy.read.length).to.be.greaterThan(0);
      expect(proxy.read.join()).to.not.contain('sesame').and.not.contain('Patient');
      expect(proxy.tunnels[0]?.headers).to.not.have.property('authorization');
    });

    it('is told who we are, and the hospital is not', async () => {
      const { base, requests } = await tlsServer();
      const proxy = await proxyServer();
      const { client } = wireTo(
        base,
        {
          tls: { ca: ca() },
          proxy: { url: proxy.url, user: 'massage', password: { env: 'SECRET' } },
        },
        { env },
      );
      await client.read('Patient/p1');
      const said = proxy.tunnels[0]?.headers['proxy-authorization'] ?? '';
      expect(Buffer.from(said.slice('Basic '.length), 'base64').toString()).to.equal(
        'massage:sesame-for-proxy',
      );
      expect(requests[0]?.headers).to.not.have.property('proxy-authorization');
    });

    it('is checked for the certificate of the hospital behind it all the same', async () => {
      const { base, requests } = await tlsServer();
      const proxy = await proxyServer();
      const error = await failure(base, { proxy: { url: proxy.url } });
      expect(error.message).to.contain('certificate not trusted');
      expect(requests).to.deep.equal([]);
    });

    for (const [status, fix] of [
      [407, 'user and password'],
      [403, 'who runs the proxy'],
      [502, 'Check proxy'],
    ] as const) {
      it(`that answers ${status} is told apart from the hospital`, async () => {
        const { base } = await tlsServer();
        const proxy = await proxyServer({ refuses: status });
        const error = await failure(base, { tls: { ca: ca() }, proxy: { url: proxy.url } });
        expect(error.code).to.equal('hospital-unreachable');
        expect(error.message).to.contain(`${proxy.url} answered with ${status}`);
        expect(error.fix).to.contain(fix);
      });
    }

    it('that is down is named', async () => {
      const { base } = await tlsServer();
      const url = `http://127.0.0.1:${await unusedPort()}`;
      const error = await failure(base, { tls: { ca: ca() }, proxy: { url } });
      expect(error.code).to.equal('hospital-unreachable');
      expect(error.message).to.contain(`through the proxy ${url} (ECONNREFUSED)`);
    });

    it('that never opens its tunnel is given up', async () => {
      const silent = createServer();
      const url = `http://127.0.0.1:${await started(silent)}`;
      const timeouts = { connectMs: 100, headersMs: 2000, bodyMs: 2000 };
      const error = await failure('https://127.0.0.1:9/fhir', { timeouts, proxy: { url } });
      expect(error.code).to.equal('hospital-unreachable');
      expect(error.message).to.contain(url);
    });

    it('passes requests to an http base on, which it can read', async () => {
      const proxy = await proxyServer();
      const { client } = wireTo('http://hospital.invalid/fhir', { proxy: { url: proxy.url } });
      expect((await client.read('Patient/p1')).resource).to.deep.equal(patient);
      expect(proxy.read).to.deep.equal(['http://hospital.invalid/fhir/Patient/p1 undefined']);
    });
  });
});
