/** A hospital on loopback that answers searches as a spec wants, and notes what it was asked. */
import type { IncomingMessage } from 'node:http';
import { listening, sendJson, type Wire, wireTo } from '../wire.ts';

/** A hospital that answers each search with what `answer` makes of its parameters. */
export async function hospitalThat(
  answer: (
    params: URLSearchParams,
    request: IncomingMessage,
  ) => fhir4.Bundle<fhir4.FhirResource> | number,
  connection: {
    readonly organization?: string;
    readonly pageSize?: number;
    readonly maxPages?: number;
  } = {},
): Promise<Wire & { readonly asked: URLSearchParams[] }> {
  const asked: URLSearchParams[] = [];
  const server = await listening((request, response) => {
    const url = new URL(request.url ?? '', 'http://here');
    asked.push(url.searchParams);
    const answered = answer(url.searchParams, request);
    if (typeof answered === 'number') sendJson(response, answered, {});
    else {
      const self = { relation: 'self', url: `http://${request.headers.host}${request.url}` };
      sendJson(response, 200, { ...answered, link: answered.link ?? [self] });
    }
  });
  const hospital = wireTo(`${server.origin}/fhir`, connection);
  return { ...hospital, asked };
}
