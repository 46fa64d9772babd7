/** Changing the resources that an answer carries, alone or in a Bundle, without touching what is stored. */
import type { Answer } from './exchange.ts';
import { isObject, type Json, type JsonObject, type JsonResource } from './json.ts';

/** The answer with each of its resources changed; outcomes stay as they are. */
export function withResources(
  answer: Answer,
  change: (resource: JsonResource) => JsonObject,
): Answer {
  const { body } = answer;
  if (body === undefined || !isResource(body) || body.resourceType === 'OperationOutcome') {
    return answer;
  }
  if (body.resourceType !== 'Bundle') return { ...answer, body: change(body) };
  return withEntries(answer, (entries) =>
    entries.map((entry) => {
      const { resource } = entry;
      if (!isObject(resource) || !isResource(resource)) return entry;
      if (resource.resourceType === 'OperationOutcome') return entry;
      return { ...entry, resource: change(resource) };
    }),
  );
}

/** The Bundle of the answer with other entries; any other answer as it is. */
export function withEntries(
  answer: Answer,
  change: (entries: readonly JsonObject[]) => readonly JsonObject[],
): Answer {
  const { body } = answer;
  if (body?.resourceType !== 'Bundle') return answer;
  const { entry: before, ...rest } = body;
  const entry = change(Array.isArray(before) ? before.filter(isObject) : []);
  return { ...answer, body: { ...rest, ...(entry.length === 0 ? {} : { entry: [...entry] }) } };
}

export type Link = { readonly relation: string; readonly url: string };

export function linksOf({ body }: Answer): readonly Link[] {
  return body?.resourceType === 'Bundle' && Array.isArray(body.link) ? (body.link as Link[]) : [];
}

export function linkOf(answer: Answer, relation: string): string | undefined {
  return linksOf(answer).find((link) => link.relation === relation)?.url;
}

/** The Bundle with this link in place of the one of the same relation; without it if there is no url. */
export function withLink(answer: Answer, relation: string, url: string | undefined): Answer {
  if (answer.body?.resourceType !== 'Bundle') return answer;
  const others = linksOf(answer).filter((link) => link.relation !== relation);
  const link = [...others, ...(url === undefined ? [] : [{ relation, url }])];
  return { ...answer, body: { ...answer.body, link } };
}

/** A copy in which every reference object was changed. */
export function withReferences<V extends Json>(
  value: V,
  change: (reference: JsonObject) => JsonObject,
): V {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, change)) as V;
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([name, child]) => [
      name,
      child === undefined ? child : withReferences(child, change),
    ]),
  );
  return (typeof value.reference === 'string' ? change(copy) : copy) as V;
}

function isResource(value: JsonObject): value is JsonResource {
  return typeof value.resourceType === 'string';
}
