/**
 * The state of one validation: where we are, which resource we are in, and what was found so far. One walk is made
 * for each resource that is validated; the compiled checks share it, so that a check allocates nothing while all is well.
 */
import { followed } from './documents.ts';
import type { Issue, IssueCode, NotChecked, NotCheckedKind, Severity } from './outcome.ts';
import type { FhirObject, Scope, WrittenDigits } from './scope.ts';
import { described, quoted } from './wording.ts';

/** Deeper than any real resource, and far from the end of the stack. */
const deepest = 300;
/** More than a person reads; the rest of a broken resource repeats itself. */
const mostIssues = 1000;

/** The steps from the resource to where we are. One serves many walks after each other. */
export interface Trail {
  readonly names: string[];
  readonly indexes: number[];
}

export class Walk {
  readonly issues: Issue[] = [];
  readonly notChecked: NotChecked[] = [];
  /** How many of the issues are errors, those that are left out included. */
  errors = 0;
  depth = 0;
  scope: Scope;
  /** Ids of elements in the current resource: made when the first one is met. */
  elementIds: Set<string> | undefined;
  /** Depth at which the current resource begins: its path is counted from there. */
  resourceDepth = 1;
  /** Set by the first level that was too deep, so that one issue says it. */
  tooDeep = false;
  readonly digits: WrittenDigits | undefined;
  /** Whether messages may repeat what the resource holds: not where others than its owner read them. */
  readonly quotes: boolean;
  readonly #trail: Trail;
  /** How many of the issues are no errors. */
  #remarks = 0;
  #isCut = false;
  // Made when they are needed: most resources have nothing to say
  #said: Set<string> | undefined;
  #unknownSystems: Map<string, number> | undefined;
  #unknownExtensions: Map<string, number> | undefined;
  #remote = 0;

  constructor(
    scope: Omit<Scope, 'resolve'>,
    {
      digits,
      quotes = true,
    }: { readonly digits?: WrittenDigits | undefined; readonly quotes?: boolean | undefined } = {},
    trail: Trail = { names: [], indexes: [] },
  ) {
    this.#trail = trail;
    this.scope = { ...scope, resolve: (reference) => followed(reference, this.scope) };
    this.digits = digits;
    this.quotes = quotes;
  }

  /** A value for a message. */
  quote(value: unknown): string {
    return this.quotes ? quoted(value) : described(value);
  }

  /** Steps into a named element; `leave` steps out. False where the nesting is deeper than is followed. */
  enter(name: string, index = -1): boolean {
    if (this.depth >= deepest) {
      this.#refuseDepth();
      return false;
    }
    this.#trail.names[this.depth] = name;
    this.#trail.indexes[this.depth] = index;
    this.depth += 1;
    return true;
  }

  leave(): void {
    this.depth -= 1;
  }

  /** Name of the step so many levels up: 0 is where we are. */
  name(up = 0): string {
    return this.#trail.names[this.depth - 1 - up] ?? '';
  }

  /** Position in its list of the step so many levels up, -1 where it is in none. */
  index(up: number): number {
    return this.#trail.indexes[this.depth - 1 - up] ?? -1;
  }

  /** The JSON object so many levels up, found again from the resource: only for what is rare. */
  holder(up: number): unknown {
    let value: unknown = this.scope.resource;
    for (let step = this.resourceDepth; step < this.depth - up; step += 1) {
      const name = this.#trail.names[step] ?? '';
      const index = this.#trail.indexes[step] ?? -1;
      const child: unknown = (value as FhirObject | undefined)?.[name];
      value = index >= 0 && Array.isArray(child) ? child[index] : child;
    }
    return value;
  }

  /** Names of the steps inside the current resource, without the last `up` of them. */
  steps(up = 0): string[] {
    return this.#trail.names.slice(this.resourceDepth, this.depth - up);
  }

  /** Sets the position in the list that the current step is in. */
  at(index: number): void {
    this.#trail.indexes[this.depth - 1] = index;
  }

  /** FHIRPath of where we are, optionally of a child. */
  path(child?: string): string {
    let text = '';
    for (let step = 0; step < this.depth; step += 1) {
      const index = this.#trail.indexes[step] ?? -1;
      text += `${step === 0 ? '' : '.'}${this.#trail.names[step]}${index < 0 ? '' : `[${index}]`}`;
    }
    return child === undefined ? text : `${text}.${child}`;
  }

  say(
    severity: Severity,
    code: IssueCode,
    message: string,
    more: { readonly child?: string; readonly constraint?: string } = {},
  ): void {
    const isError = severity === 'error' || severity === 'fatal';
    // Errors have room of their own: warnings must not leave an invalid resource without a reason
    if ((isError ? this.errors : this.#remarks) >= mostIssues) {
      if (isError) this.errors += 1;
      this.#leaveOut();
      return;
    }
    const expression = this.path(more.child);
    const key = `${severity} ${expression} ${more.constraint ?? message}`;
    if (this.#isSaid(key)) return;
    if (isError) this.errors += 1;
    else this.#remarks += 1;
    this.issues.push({
      severity,
      code,
      expression,
      message,
      ...(more.constraint !== undefined && { constraint: more.constraint }),
    });
  }

  error(code: IssueCode, message: string, child?: string): void {
    this.say('error', code, message, child === undefined ? {} : { child });
  }

  skip(kind: NotCheckedKind, why: string, child?: string): void {
    if (this.notChecked.length >= mostIssues) return;
    const expression = this.path(child);
    if (this.#isSaid(`? ${expression} ${why}`)) return;
    this.notChecked.push({ expression, kind, why });
  }

  /** A code of a code system that is not here. */
  unknownCode(system: string): void {
    this.#unknownSystems ??= new Map();
    this.#unknownSystems.set(system, (this.#unknownSystems.get(system) ?? 0) + 1);
  }

  /** An extension whose definition is not here. */
  unknownExtension(url: string): void {
    this.#unknownExtensions ??= new Map();
    this.#unknownExtensions.set(url, (this.#unknownExtensions.get(url) ?? 0) + 1);
  }

  /** A reference to something that is not in this document. */
  remoteReference(): void {
    this.#remote += 1;
  }

  /** What was not checked: said one by one first, then what was counted over the whole resource. */
  unchecked(): readonly NotChecked[] {
    if (this.#remote === 0 && !this.#unknownSystems && !this.#unknownExtensions)
      return this.notChecked;
    const expression = this.#trail.names[0] ?? '';
    const all = [...this.notChecked];
    for (const [system, count] of this.#unknownSystems ?? [])
      all.push({
        expression,
        kind: 'code',
        why: `${count === 1 ? 'A code' : `${count} codes`} of ${system}: this code system is not here.`,
      });
    for (const [url, count] of this.#unknownExtensions ?? [])
      all.push({
        expression,
        kind: 'extension',
        why: `${count === 1 ? 'The extension' : `${count} times the extension`} ${quoted(url)}: its definition is not here.`,
      });
    if (this.#remote > 0)
      all.push({
        expression,
        kind: 'reference',
        why: `${this.#remote === 1 ? 'A reference leads' : `${this.#remote} references lead`} to what is not in this document: whether it exists was not looked up.`,
      });
    return all;
  }

  /** A walk at the same place that keeps what it finds to itself: for asking whether something conforms. */
  aside(): Walk {
    // What is deeper than here is written anew by whoever steps in, so that the trail can be shared
    const other = new Walk(this.scope, this, this.#trail);
    other.depth = this.depth;
    other.resourceDepth = this.resourceDepth;
    return other;
  }

  #leaveOut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.issues.push({
      severity: 'information',
      code: 'too-long',
      expression: this.path(),
      message: `More than ${mostIssues} issues were found; the others are left out.`,
    });
  }

  #isSaid(key: string): boolean {
    this.#said ??= new Set();
    if (this.#said.has(key)) return true;
    this.#said.add(key);
    return false;
  }

  #refuseDepth(): void {
    if (this.tooDeep) return;
    this.tooDeep = true;
    this.errors += 1;
    this.issues.push({
      severity: 'fatal',
      code: 'too-long',
      expression: this.path().slice(0, 200),
      message: `Nested deeper than ${deepest} levels: what lies below was not looked at.`,
    });
  }
}
