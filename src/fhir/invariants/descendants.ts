/** `descendants().name` on plain JSON, with a stack of our own, since how deep a resource nests is the sender's choice. */
import type { Node } from './predicate.ts';

/** The values of every part called `name` below `node`, its own not included. */
export function* valuesBelow(node: Node, name: string): Generator<unknown> {
  const open = partsOf(node);
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const value = part[name];
    if (Array.isArray(value)) yield* value;
    else if (value !== undefined && value !== null) yield value;
    for (const inner of partsOf(part)) open.push(inner);
  }
}

function partsOf(node: Node): Node[] {
  const parts: Node[] = [];
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object' && item !== null) parts.push(item);
    } else if (typeof value === 'object' && value !== null) parts.push(value as Node);
  }
  return parts;
}
