/** The proxy that loses answers: the server has the write, the client has a broken connection. */

import { expect } from 'chai';
import { type DroppingProxy, type ProxyOptions, startDroppingProxy } from './dropping-proxy.ts';
import { type Loopback, serveOnLoopback } from './loopback.ts';

describe('dropping proxy', () => {
  let upstream: Loopback;
  let seen: string[];
  let proxy: DroppingProxy;
  let status: number;

  beforeEach(async () => {
    seen = [];
    status = 201;
    upstream = await serveOnLoopback(async (req, res) => {
      let body = '';
      for await (const part of req) body += part;
      seen.push(`${req.method} ${req.url} ${req.headers.host} ${body}`);
      const here = `http://${req.headers.host}/fhir`;
      res.writeHead(status, { Location: `${here}/Task/1`, 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ next: `${here}?page=2` }));
    });
  });

  afterEach(async () => {
    await proxy.stop();
    await upstream.stop();
  });

  const open = async (options?: ProxyOptions) => {
    proxy = await startDroppingProxy(`${upstream.origin}/fhir`, options);
  };
  const send = async (method: string, path: string) =>
    await fetch(`${proxy.base}/${path}`, { method, ...(method !== 'GET' && { body: 'the body' }) });

  /** The code of the socket error, or the status when there was an answer after all. */
  const outcome = async (method: string, path: string): Promise<string> =>
    await send(method, path).then(
      (answer) => `answered ${answer.status}`,
      (error: Error) => (error.cause as { code: string }).code,
    );

  it('loses the answer after the server has done the write', async () => {
    await open();
    proxy.dropAnswers({ method: 'POST', type: 'Task', times: 1 });
    expect(await outcome('POST', 'Task')).to.equal('UND_ERR_SOCKET');
    const host = new URL(upstream.origin).host;
    expect(seen).to.deep.equal([`POST /fhir/Task ${host} the body`]);
    expect(proxy.dropped).to.equal(1);
    expect(proxy.requests).to.deep.equal([
      { method: 'POST', path: 'Task', type: 'Task', status: 201, dropped: true },
    ]);
  });

  it('loses only as many as asked, only of that method and type', async () => {
    await open();
    proxy.dropAnswers({ method: 'PUT', type: 'Task', times: 2 });
    const outcomes = [];
    for (const [method, path] of [
      ['POST', 'Task'],
      ['PUT', 'Procedure/1'],
      ['GET', 'Task/1'],
      ['PUT', 'Task/1'],
      ['PUT', 'Task/1'],
      ['PUT', 'Task/1'],
    ] as const) {
      outcomes.push(await outcome(method, path));
    }
    expect(outcomes).to.deep.equal([
      ...['answered 201', 'answered 201', 'answered 201'],
      ...['UND_ERR_SOCKET', 'UND_ERR_SOCKET', 'answered 201'],
    ]);
    expect(seen).to.have.length(6);
  });

  it('loses a transaction by the empty type, and no search by POST', async () => {
    await open();
    proxy.dropAnswers({ method: 'POST', type: '', times: 1 });
    proxy.dropAnswers({ method: 'POST', type: 'Task', times: 1 });
    expect(await outcome('POST', 'Task/_search?_count=1')).to.equal('answered 201');
    expect(await outcome('POST', '')).to.equal('UND_ERR_SOCKET');
  });

  it('passes a refusal on and keeps the drop for the next success', async () => {
    await open();
    proxy.dropAnswers({ method: 'POST', times: 1 });
    status = 412;
    expect(await outcome('POST', 'Task')).to.equal('answered 412');
    status = 201;
    expect(await outcome('POST', 'Task')).to.equal('UND_ERR_SOCKET');
  });

  it('hands answers on untouched unless told to rewrite the base', async () => {
    await open();
    const answer = await send('POST', 'Task');
    expect(answer.headers.get('location')).to.equal(`${upstream.origin}/fhir/Task/1`);
    expect(await answer.json()).to.deep.equal({ next: `${upstream.origin}/fhir?page=2` });
  });

  it('puts its own base for the server’s when told to', async () => {
    await open({ rewriteBase: true });
    const answer = await send('POST', 'Task');
    expect(answer.headers.get('location')).to.equal(`${proxy.base}/Task/1`);
    expect(await answer.json()).to.deep.equal({ next: `${proxy.base}?page=2` });
  });

  it('tells when a write is about to go and when it is done', async () => {
    const moments: string[] = [];
    await open({
      onWrite: (moment, { method, path }) => {
        moments.push(`${moment} ${method} ${path}, server saw ${seen.length}`);
      },
    });
    await send('GET', 'Task/1');
    await send('PUT', 'Task/1');
    expect(moments).to.deep.equal([
      'before PUT Task/1, server saw 1',
      'after PUT Task/1, server saw 2',
    ]);
  });

  it('answers 502 when the server is not there', async () => {
    await open();
    await upstream.stop();
    expect(await outcome('GET', 'Task/1')).to.equal('answered 502');
  });
});
