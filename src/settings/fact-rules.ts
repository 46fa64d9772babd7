/**
 * The rules file of a site: what its clinical owner wants said beside the facts on file, with name and date of who signed
 * it. Checked like the settings, every mistake at once with its line; an unsigned file is refused as a whole, since a
 * threshold that nobody answers for is worse than none. YAML, or JSON, which is YAML too.
 */
import Type, { type Static } from 'typebox';
import { isCodePattern } from '../core/code-patterns.ts';
import type { FactRule, SignedRules } from '../core/fact-rules.ts';
import { factTopics } from '../core/facts.ts';
import { type Problem, shown } from '../mapping/problems.ts';
import type { CheckName } from './checks.ts';
import { type Duration, milliseconds } from './duration.ts';
import { pointer, readable } from './pointer.ts';
import type { HospitalSettings, SchemaNode } from './schema.ts';
import type { SiteFile } from './site-file.ts';
import { nearestSource } from './sources.ts';
import { checkOf } from './validation.ts';
import { readYaml } from './yaml-file.ts';

const closed = { additionalProperties: false } as const;
const checked = (check: CheckName, expects: string) => Type.String({ check, expects });
const text = (expects: string) => Type.String({ minLength: 1, pattern: '\\S', expects });
const bound = Type.Optional(Type.Number({ expects: 'a number' }));

const rule = Type.Object(
  {
    name: checked('name', 'a short name of a-z, 0-9 and hyphens, such as low-platelets'),
    says: text('what people are to read'),
    topic: Type.Optional(
      Type.Unsafe<(typeof factTopics)[number]>({ type: 'string', enum: factTopics }),
    ),
    codes: Type.Optional(
      Type.Array(checked('token', 'system|code, such as http://loinc.org|777-3'), {
        minItems: 1,
        expects: 'a list of system|code',
      }),
    ),
    atLeast: bound,
    below: bound,
    unit: Type.Optional(checked('unit', 'a UCUM unit that is known here, such as 10*9/L')),
    within: Type.Optional(
      Type.Unsafe<Duration>({
        type: 'string',
        check: 'duration',
        expects: 'a time span such as 72h',
      }),
    ),
  },
  closed,
);

const schema = Type.Object(
  {
    signedBy: text('the name of the clinical owner who answers for these rules'),
    date: checked('day', 'the day of the signature, such as 2026-03-02'),
    rules: Type.Array(rule, { minItems: 1, uniqueBy: 'name', expects: 'a list of rules' }),
  },
  closed,
);
type Written = Static<typeof schema>;
type WrittenRule = Written['rules'][number];

const check = checkOf<Written>(schema as SchemaNode);

export type ReadRules =
  | { readonly rules: SignedRules; readonly problems: readonly [] }
  | { readonly rules?: undefined; readonly problems: readonly Problem[] };

/** The rules of every hospital that names a file, read now; whatever keeps one from being used is a problem. */
export async function openFactRules(
  hospitals: readonly HospitalSettings[],
  fileOf: (name: string) => Pick<SiteFile, 'read'>,
): Promise<{
  readonly of: (hospital: string) => SignedRules | undefined;
  readonly problems: readonly Problem[];
}> {
  const rules = new Map<string, SignedRules>();
  const problems: Problem[] = [];
  for (const { id, facts } of hospitals) {
    if (facts.rules === undefined) continue;
    const bytes = await fileOf(facts.rules).read();
    if (bytes === undefined) {
      const path = `facts.rules of ${id}`;
      const expected = 'the path of a file that the clinical owner has signed';
      problems.push({ where: facts.rules, path, found: 'a file that is not there', expected });
      continue;
    }
    const read = readFactRules(new TextDecoder().decode(bytes), facts.rules);
    if (read.rules !== undefined) rules.set(id, read.rules);
    problems.push(...read.problems);
  }
  return { of: (hospital) => rules.get(hospital), problems };
}

/** Reads the text of a rules file; `file` is how messages name it. */
export function readFactRules(text: string, file: string): ReadRules {
  const read = readYaml(text, file);
  if (read.problems.length > 0) return { problems: read.problems };
  const { settings, problems } = check(read.value, read.sources);
  if (settings === undefined) return { problems };
  const wrong = settings.rules.flatMap((one, index) =>
    contradictions(one).map(({ key, ...problem }): Problem => {
      const place = pointer(['rules', index, key]);
      return { where: nearestSource(read.sources, place), path: readable(place), ...problem };
    }),
  );
  if (wrong.length > 0) return { problems: wrong };
  const { signedBy, date, rules } = settings;
  return { rules: { signedBy, date, rules: rules.map(ruleOf) }, problems: [] };
}

interface Contradiction {
  readonly key: keyof WrittenRule;
  readonly found: string;
  readonly expected: string;
}

/** What single values cannot tell: a rule that could never fire, or that nobody could understand. */
function contradictions({
  topic,
  codes,
  atLeast,
  below,
  unit,
  within,
}: WrittenRule): Contradiction[] {
  const found: Contradiction[] = [];
  const complain = (key: Contradiction['key'], what: string, expected: string) =>
    found.push({ key, found: what, expected });
  const hasBound = atLeast !== undefined || below !== undefined;
  if (topic === undefined && codes === undefined)
    complain('codes', 'missing', 'codes, or a topic: what the rule is about');
  if (topic !== undefined && codes !== undefined)
    complain('topic', 'given beside codes', 'one of the two');
  const vague = (codes ?? []).filter((one) => !isCodePattern(one));
  if (vague.length > 0)
    complain(
      'codes',
      vague.map(shown).join(', '),
      'whole codes; only of ICD-10-CM the beginning of some, such as I82.4*',
    );
  if (hasBound && codes === undefined && topic !== undefined)
    complain('topic', 'given with a threshold', 'codes: which measured value is meant');
  if (hasBound && unit === undefined) complain('unit', 'missing', 'the UCUM unit of the threshold');
  if (hasBound && within === undefined)
    complain('within', 'missing', 'how old a value may be and still count, such as 72h');
  if (!hasBound && unit !== undefined)
    complain('unit', 'given', 'a threshold (atLeast, below) with it');
  if (!hasBound && within !== undefined)
    complain('within', 'given', 'a threshold (atLeast, below) with it');
  if (atLeast !== undefined && below !== undefined && atLeast >= below)
    complain('below', 'not above atLeast', 'a higher number than atLeast');
  return found;
}

function ruleOf({ name, says, topic, codes, atLeast, below, unit, within }: WrittenRule): FactRule {
  return {
    name,
    advises: says,
    on: topic === undefined ? { codes: codes ?? [] } : { topic },
    ...(unit !== undefined &&
      within !== undefined && { value: { atLeast, below, unit, withinMs: milliseconds(within) } }),
  };
}
