/**
 * Which folder may import which, and the check that it is so (`npm run layers`). Imports point one way, so that the
 * domain can be read, tested and trusted without the wire or the store. Type-only imports count: a type that leaks
 * upward drags its meaning along.
 */

import { resolve } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

type Row = { layer: string; may: readonly string[] };

const ground = ['src/core', 'src/fhir'];
const middle = [...ground, 'src/mapping', 'mappings', 'src/hospital', 'src/store'];
const outside = [...middle, 'src/sync', 'src/desk', 'src/access'];

/** A layer may import itself and what its row names. A folder or file without a row is a violation of its own. */
export const layers: readonly Row[] = [
  { layer: 'src/core', may: [] },
  { layer: 'src/fhir', may: [] },
  { layer: 'src/mapping', may: ground },
  { layer: 'mappings', may: [...ground, 'src/mapping'] },
  { layer: 'src/hospital', may: ground },
  { layer: 'src/store', may: ground },
  { layer: 'src/sync', may: middle },
  { layer: 'src/desk', may: ['src/core', 'src/store'] },
  { layer: 'src/access', may: ['src/core', 'src/store'] },
  { layer: 'src/api', may: outside },
  { layer: 'src/pages', may: outside },
  { layer: 'src/check', may: outside },
  { layer: 'src/sandbox', may: ['src/fhir'] },
  { layer: 'src/telemetry', may: ['src/core'] },
  { layer: 'src/settings.ts', may: [...ground, 'src/hospital', 'src/mapping', 'src/settings'] },
  { layer: 'src/settings', may: [...ground, 'src/hospital', 'src/mapping'] },
  { layer: 'src/cli', may: ['src', 'mappings'] },
  { layer: 'src/site-settings.ts', may: ['src'] },
  { layer: 'src/main.ts', may: ['src', 'mappings'] },
];

/** Packages that one place alone may import: everywhere else must go through it. */
const keptTo = [
  // Timeouts, retries and the origin check are put around the client there; anywhere else it runs without them.
  { package: 'node_modules/fhir-kit-client/', only: '^src/hospital/client\\.ts$' },
  // Statements stay engine-neutral because nothing else can reach the engine.
  { package: '^node:sqlite$', only: '^src/store/' },
];

/** Raise it as the house grows: a cruise that sees fewer modules than there are finds nothing wrong with the rest. */
export const fewestModules = 450;

export type Cruise = { modules: number; violations: string[] };

/** Cruises `src/` and `mappings/` below `root`. A violation reads `rule: from -> to`. */
export async function cruiseLayers(root: string): Promise<Cruise> {
  const { output } = await cruise(
    ['src', 'mappings'],
    {
      baseDir: root,
      ruleSet: { forbidden: rules() },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      enhancedResolveOptions: {
        extensions: ['.ts', '.mjs', '.js'],
        exportsFields: ['exports'],
        conditionNames: ['import', 'node', 'default', 'types'],
      },
    },
    undefined,
    { tsConfig: extractTSConfig(resolve(import.meta.dirname, '../tsconfig.json')) },
  );
  const { modules, summary } = output as ICruiseResult;
  const ours = modules
    .map(({ source }) => source)
    .filter((source) => /^(src|mappings)\/.*\.(ts|mjs)$/.test(source));
  const homeless = ours.filter((source) => !layers.some(({ layer }) => inside(layer).test(source)));
  return {
    modules: ours.length,
    violations: [
      ...homeless.map((source) => `no-layer: ${source} -> (no row in tools/layers.ts)`),
      ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
    ],
  };
}

function rules(): IForbiddenRuleType[] {
  return [
    ...layers.map(
      ({ layer, may }): IForbiddenRuleType => ({
        name: `layer ${layer}`,
        severity: 'error',
        from: { path: inside(layer).source },
        to: {
          path: '^(src|mappings|test|tools|bench)/',
          pathNot: [layer, ...may].map((each) => inside(each).source),
        },
      }),
    ),
    ...keptTo.map(
      (kept): IForbiddenRuleType => ({
        name: 'kept-to-one-place',
        severity: 'error',
        from: { pathNot: kept.only },
        to: { path: kept.package },
      }),
    ),
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ];
}

/** Matches the paths that belong to a layer: the file itself, or everything below the folder. */
function inside(layer: string): RegExp {
  return new RegExp(layer.endsWith('.ts') ? `^${layer.replace('.', '\\.')}$` : `^${layer}/`);
}

if (import.meta.main) {
  const { modules, violations } = await cruiseLayers(resolve(import.meta.dirname, '..'));
  for (const violation of violations) console.error(violation);
  console.log(`${modules} modules cruised, ${violations.length} violations`);
  if (modules < fewestModules)
    console.error(`Fewer than ${fewestModules} modules: nothing is proven.`);
  if (violations.length > 0 || modules < fewestModules) process.exitCode = 1;
}
