/**
 * A YAML text as plain values, with the line of each. Own walk over the document instead of its toJS: lines are kept,
 * aliases (and so documents that unfold without end) are refused, and no sentence quotes the text, which may hold secrets.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { Problem } from '../mapping/problems.ts';
import { pointer, readable, type Step } from './pointer.ts';

export interface YamlFile {
  readonly value: unknown;
  readonly sources: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

const mistakes: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a line that is indented with a tab',
  BAD_INDENT: 'a line whose indentation fits nothing above it',
  DUPLICATE_KEY: 'a name that is written twice',
  MULTIPLE_DOCS: 'a second document',
  MISSING_CHAR: 'something that is never closed, or lacks a colon, comma or space',
  UNEXPECTED_TOKEN: 'something that does not belong there',
  TAG_RESOLVE_FAILED: 'a tag that is not known here',
};

/** Reads `text`; `file` is how messages name it. Never throws, whatever the text is. */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const sources = new Map<string, string>([['', file]]);
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const complain = (where: string, found: string, path = 'the file') =>
    problems.push({ where, path, found, expected: 'YAML 1.2 without anchors and tags' });

  const document = parsed(text, lines);
  if (document === undefined) {
    complain(file, 'nested too deeply');
    return { value: {}, sources, problems };
  }
  // What follows the first few mistakes in syntax is mostly their echo.
  for (const fault of [...document.errors, ...document.warnings].slice(0, 5)) {
    const found = mistakes[fault.code] ?? `something that is not YAML, ${fault.code}`;
    complain(at(fault.pos[0]), `broken here: ${found}`);
  }
  if (problems.length > 0) return { value: {}, sources, problems };
  const value = document.contents === null ? {} : plainOf(document.contents, []);
  // A file of comments only is an empty one.
  return { value: value === null ? {} : value, sources, problems };

  function plainOf(node: Node | null, steps: readonly Step[]): unknown {
    if (isMap<Node, Node | null>(node)) {
      const entries = node.items.flatMap((pair): [string, unknown][] => {
        const offset = pair.key.range?.[0] ?? 0;
        if (!isScalar(pair.key)) {
          complain(
            at(offset),
            'named by something that is not a plain name',
            readable(pointer(steps)),
          );
          return [];
        }
        const here = [...steps, String(pair.key.value)];
        sources.set(pointer(here), at(offset));
        return [[String(pair.key.value), plainOf(pair.value, here)]];
      });
      // fromEntries defines own properties: a key `__proto__` is data here and nothing else.
      return Object.fromEntries(entries);
    }
    if (isSeq<Node | null>(node)) {
      return node.items.map((item, index) => {
        const here = [...steps, index];
        if (item?.range) sources.set(pointer(here), at(item.range[0]));
        return plainOf(item, here);
      });
    }
    if (isAlias(node)) {
      complain(at(node.range?.[0] ?? 0), 'an alias', readable(pointer(steps)));
      return undefined;
    }
    return isScalar(node) ? node.value : null;
  }
}

function parsed(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    // Without pretty errors, since those quote the line, and with it perhaps a secret.
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  } catch (thrown) {
    // The parser recurses; a text that is nothing but brackets exhausts the stack.
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}
