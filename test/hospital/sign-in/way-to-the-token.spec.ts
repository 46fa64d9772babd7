/** Token requests go the way of the hospital: its authorities, our client certificate, its proxy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { authority } from '../../support/certificates.ts';
import { closeAll, failureOf, sendJson, wireTo, withRealSockets } from '../wire.ts';
import { clientId, secret } from './signing-hospital.ts';

const root = authority('Invented Hospital Root');
const ours = root.issue('massage-fhir');
const open: Server[] = [];

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

/** FHIR server and token endpoint on one origin, by TLS, for those alone who show a certificate of its authority. */
async function strictHospital() {
  const asked: string[] = [];
  const server = createHttpsServer(
    { ...root.issue('127.0.0.1'), ca: root.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      asked.push(`${request.method} ${request.url} ${subject.CN}`);
      const token = { access_token: 'a-token-for-us', token_type: 'Bearer', expires_in: 300 };
      if (request.url === '/auth/token') return sendJson(response, 200, token);
      if (request.url?.includes('.well-known'))
        return sendJson(response, 200, { token_endpoint: '/auth/token' });
      return sendJson(response, 200, { resourceType: 'Patient', id: 'p1' });
    },
  );
  server.on('tlsClientError', () => undefined);
  return { base: `https://127.0.0.1:${await portOf(server)}/fhir`, asked };
}

async function proxy() {
  const tunnels: string[] = [];
  const server = createHttpServer();
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    tunnels.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    socket.on('error', () => target.destroy()).on('close', () => target.destroy());
    target.on('error', () => socket.destroy());
  });
  return { url: `http://127.0.0.1:${await portOf(server)}`, tunnels };
}

describe('hospital sign-in: the way to the token endpoint', () => {
  withRealSockets();
  let folder = '';
  const tls = () => ({
    ca: join(folder, 'ca.pem'),
    cert: join(folder, 'ours.pem'),
    key: join(folder, 'ours.key'),
  });
  const signIn = { type: 'client-secret', clientId, secret: { env: 'SECRET' } } as const;
  const deps = { env: { SECRET: secret } };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'massage-fhir-way-'));
    writeFileSync(tls().ca, root.cert);
    writeFileSync(tls().cert, ours.cert);
    writeFileSync(tls().key, ours.key);
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    await closeAll();
    for (const server of open.splice(0)) server.close();
  });

  it('has the authority and the client certificate of the settings', async () => {
    const hospital = await strictHospital();
    const { client } = wireTo(hospital.base, { signIn, tls: tls() }, deps);
    await client.read('Patient/p1');
    expect(hospital.asked).to.deep.equal([
      'GET /fhir/.well-known/smart-configuration massage-fhir',
      'POST /auth/token massage-fhir',
      'GET /fhir/Patient/p1 massage-fhir',
    ]);
  });

  it('goes through the proxy of the settings, unread', async () => {
    const hospital = await strictHospital();
    const through = await proxy();
    const { client } = wireTo(
      hospital.base,
      { signIn, tls: tls(), proxy: { url: through.url } },
      deps,
    );
    await client.read('Patient/p1');
    const { host } = new URL(hospital.base);
    expect(through.tunnels).to.have.length.greaterThan(1);
    expect(new Set(through.tunnels)).to.deep.equal(new Set([host]));
    expect(hospital.asked).to.have.length(3);
  });

  it('ends at a server whose authority is not known, with what to set', async () => {
    const hospital = await strictHospital();
    const { client } = wireTo(hospital.base, { signIn }, deps);
    const error = await failureOf(client.read('Patient/p1'));
    expect(error.code).to.equal('hospital-unreachable');
    expect(error.fix).to.contain('certificate authority');
    expect(hospital.asked).to.deep.equal([]);
  });

  it('names the file of a certificate that cannot be read', async () => {
    const hospital = await strictHospital();
    const { client } = wireTo(
      hospital.base,
      { signIn, tls: { ca: join(folder, 'gone.pem') } },
      deps,
    );
    const error = await failureOf(client.read('Patient/p1'));
    expect(error.code).to.equal('file-unreadable');
    expect(error.message).to.contain('gone.pem');
  });
});
