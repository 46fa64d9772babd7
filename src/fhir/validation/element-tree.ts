/**
 * A snapshot as the tree that it describes. Elements follow each other depth first; a slice stands beside the element
 * that it slices and has its own children (R4 elementdefinition.html, profiling.html#slicing).
 */

export interface ElementNode {
  readonly element: fhir4.ElementDefinition;
  /** Last part of the path: `value[x]`, `contact`. */
  readonly name: string;
  readonly children: ElementNode[];
  readonly slices: ElementNode[];
}

/** The tree of a StructureDefinition; undefined where it has no snapshot. */
export function elementTree(definition: fhir4.StructureDefinition): ElementNode | undefined {
  const [first, ...rest] = definition.snapshot?.element ?? [];
  if (!first) return undefined;
  const root = nodeOf(first);
  const open: ElementNode[] = [root];
  for (const element of rest) {
    const depth = depthOf(element.path);
    while (open.length > depth) open.pop();
    const parent = open.at(-1);
    if (!parent || open.length !== depth) continue;
    const node = nodeOf(element);
    place(parent, node);
    open.push(node);
  }
  return root;
}

function nodeOf(element: fhir4.ElementDefinition): ElementNode {
  return {
    element,
    name: element.path.slice(element.path.lastIndexOf('.') + 1),
    children: [],
    slices: [],
  };
}

function depthOf(path: string): number {
  let dots = 0;
  for (const letter of path) if (letter === '.') dots += 1;
  return dots;
}

function place(parent: ElementNode, node: ElementNode): void {
  const { sliceName } = node.element;
  const sliced = sliceName === undefined ? undefined : slicedBy(parent, node);
  (sliced ? sliced.slices : parent.children).push(node);
}

/** The element that a slice belongs to; for a slice of a slice (`a/b`) that slice. */
function slicedBy(parent: ElementNode, node: ElementNode): ElementNode | undefined {
  const whole = parent.children.findLast((child) => sameElement(child.name, node.name));
  const outer = node.element.sliceName?.split('/').slice(0, -1).join('/');
  return (outer && whole?.slices.find((one) => one.element.sliceName === outer)) || whole;
}

/** `valueQuantity` slices `value[x]`: some snapshots write the path of a type slice so. */
function sameElement(one: string, other: string): boolean {
  return one === other || (one.endsWith('[x]') && other.startsWith(one.slice(0, -3)));
}
