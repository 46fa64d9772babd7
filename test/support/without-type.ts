/** A FHIR server that does not have one type of resource and says so in its statement. Stands in front of one that does. */
import { text } from 'node:stream/consumers';
import { type Loopback, serveOnLoopback } from './loopback.ts';

/** Serves what is at the FHIR base `target` without `type`; the result has the base to use instead. */
export async function startWithoutType(
  target: string,
  type: string,
): Promise<{ base: string; stop(): Promise<void> }> {
  const theirs = new URL(target);
  let server: Loopback | undefined;
  const here = () => `${server?.origin}${theirs.pathname}`;
  const headers = { 'content-type': 'application/fhir+json' };
  server = await serveOnLoopback(async (req, res) => {
    const { pathname } = new URL(req.url ?? '/', theirs);
    if (pathname.split('/').includes(type)) {
      const issue = [{ severity: 'error', code: 'not-supported' }];
      res.writeHead(404, headers).end(JSON.stringify({ resourceType: 'OperationOutcome', issue }));
      return;
    }
    const body = await text(req);
    const answer = await fetch(theirs.origin + req.url, {
      method: req.method ?? 'GET',
      headers,
      ...(body !== '' && { body }),
    });
    const said = (await answer.text()).replaceAll(target, here());
    res
      .writeHead(answer.status, headers)
      .end(pathname.endsWith('/metadata') ? withoutIt(said, type) : said);
  });
  return { base: here(), stop: server.stop };
}

function withoutIt(statement: string, type: string): string {
  const { rest = [], ...other } = JSON.parse(statement) as fhir4.CapabilityStatement;
  return JSON.stringify({
    ...other,
    rest: rest.map((one) => ({
      ...one,
      resource: one.resource?.filter((resource) => resource.type !== type),
    })),
  });
}
