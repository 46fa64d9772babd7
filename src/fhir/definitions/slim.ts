/**
 * What is kept of a definition: the official JSON without the prose, the mappings and the examples, which are nine
 * tenths of it and which no check reads. Nothing is renamed or reshaped, so that a slim definition and one that a site
 * adds are read by the same code. Change `form` whenever this file keeps something else: kept files are then made anew.
 */

export const form = 4;

/** The kinds of resource that define something here. */
export type Definition = fhir4.StructureDefinition | fhir4.ValueSet | fhir4.CodeSystem;
export type Kind = Definition['resourceType'];

const heading = ['resourceType', 'url', 'version', 'name', 'title', 'status'] as const;

const structureFields = [
  ...heading,
  'type',
  'kind',
  'abstract',
  'derivation',
  'baseDefinition',
  'context',
  'contextInvariant',
] as const satisfies readonly (keyof fhir4.StructureDefinition)[];

const elementFields = [
  'id',
  'path',
  'sliceName',
  'sliceIsConstraining',
  'slicing',
  'min',
  'max',
  'base',
  'contentReference',
  'maxLength',
  'isModifier',
] as const satisfies readonly (keyof fhir4.ElementDefinition)[];

/** Choice elements, by the start of their names, with `_fixedString` and its like. */
const elementChoices = /^_?(fixed|pattern|minValue|maxValue)[A-Z]/;

/** The binding a value must satisfy at the outside, whatever its strength (extension-elementdefinition-maxvalueset). */
const maxValueSet = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet';

export function slimStructure(full: fhir4.StructureDefinition): fhir4.StructureDefinition {
  const slim: fhir4.StructureDefinition = pick(full, structureFields);
  if (full.snapshot) slim.snapshot = { element: full.snapshot.element.map(slimElement) };
  return slim;
}

function slimElement(full: fhir4.ElementDefinition): fhir4.ElementDefinition {
  const slim: fhir4.ElementDefinition = pick(full, elementFields);
  for (const [key, value] of Object.entries(full))
    if (elementChoices.test(key)) Object.assign(slim, { [key]: value });
  if (full.type) slim.type = full.type.map(slimType);
  if (full.binding) slim.binding = slimBinding(full.binding);
  if (full.constraint)
    slim.constraint = full.constraint.map((each) =>
      pick(each, ['key', 'severity', 'human', 'expression']),
    );
  return slim;
}

/** Extensions of a type stay: they carry the FHIR type and the regex of a primitive value. */
function slimType(full: fhir4.ElementDefinitionType): fhir4.ElementDefinitionType {
  return pick(full, ['extension', 'code', 'profile', 'targetProfile', 'aggregation', 'versioning']);
}

function slimBinding(full: fhir4.ElementDefinitionBinding): fhir4.ElementDefinitionBinding {
  const slim: fhir4.ElementDefinitionBinding = pick(full, ['strength', 'valueSet']);
  const outer = full.extension?.filter(({ url }) => url === maxValueSet) ?? [];
  if (outer.length > 0) slim.extension = outer;
  return slim;
}

/** An expansion is kept flat, and only the codes of systems that `isHere` denies: others follow from the definition. */
export function slimValueSet(
  full: fhir4.ValueSet,
  expansion: fhir4.ValueSetExpansion | undefined,
  isHere: (part: fhir4.ValueSetComposeInclude) => boolean,
): fhir4.ValueSet {
  const slim: fhir4.ValueSet = pick(full, heading);
  if (full.compose) {
    slim.compose = {
      ...pick(full.compose, ['inactive']),
      include: full.compose.include.map(slimInclude),
    };
    if (full.compose.exclude) slim.compose.exclude = full.compose.exclude.map(slimInclude);
  }
  const unseen = full.compose?.include.filter((part) => !isHere(part)).map(({ system }) => system);
  const contains = expandedCodes(expansion?.contains).filter(
    ({ system }) => unseen?.includes(system) ?? true,
  );
  if (expansion && (contains.length > 0 || !full.compose))
    slim.expansion = {
      ...pick(expansion, ['extension', 'timestamp', 'offset', 'total', 'parameter']),
      contains,
    };
  return slim;
}

function slimInclude(full: fhir4.ValueSetComposeInclude): fhir4.ValueSetComposeInclude {
  const slim: fhir4.ValueSetComposeInclude = pick(full, [
    'system',
    'version',
    'valueSet',
    'filter',
  ]);
  if (full.concept) slim.concept = full.concept.map(({ code }) => ({ code }));
  return slim;
}

/** The codes of an expansion, flat. Entries that only group others (`abstract`) are no codes. */
function expandedCodes(
  contains: readonly fhir4.ValueSetExpansionContains[] | undefined,
): fhir4.ValueSetExpansionContains[] {
  return (contains ?? []).flatMap((each) => [
    ...(each.code !== undefined && !each.abstract ? [pick(each, ['system', 'code'])] : []),
    ...expandedCodes(each.contains),
  ]);
}

export function slimCodeSystem(full: fhir4.CodeSystem): fhir4.CodeSystem {
  const slim: fhir4.CodeSystem = pick(full, [...heading, 'content', 'caseSensitive', 'count']);
  if (full.concept) slim.concept = full.concept.map(slimConcept);
  return slim;
}

/** Properties stay, without descriptions: value sets filter by them, and in v3 they carry further parents. */
function slimConcept(full: fhir4.CodeSystemConcept): fhir4.CodeSystemConcept {
  const slim: fhir4.CodeSystemConcept = pick(full, ['code']);
  if (full.property) slim.property = full.property;
  if (full.concept) slim.concept = full.concept.map(slimConcept);
  return slim;
}

/** Only the fields that are there: an absent one must stay absent, not become `undefined`. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  const picked: Partial<Pick<T, K>> = {};
  for (const key of keys) if (from[key] !== undefined) picked[key] = from[key];
  return picked as Pick<T, K>;
}
