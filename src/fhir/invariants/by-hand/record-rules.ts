/** The error constraints of the rest of the record: history, medication, goals, consent, lists, documents, groups, payers. */
import { inOrder } from '../moments.ts';
import type { Node, Rules } from '../predicate.ts';
import { choice, count, fields, has, hasChoice, hasCoding, items } from '../presence.ts';

const age = choice('age');
const born = choice('born');
const detail = choice('detail');
const dose = choice('dose');
const rate = choice('rate');

/** Whether `code` may stand in a Consent without a patient: R4 names a code system `something`, and so do we. */
const isForNobody =
  (code: string) =>
  ({ patient, scope }: Node): boolean =>
    has(patient) || !hasCoding(scope, 'something', [code]);

/** Whether each of `names` below each of `parents` holds. */
function every(parents: unknown, name: string, holds: (node: Node) => boolean): boolean {
  for (const parent of items(parents))
    for (const item of items(fields(parent)[name])) if (!holds(fields(item))) return false;
  return true;
}

const isOneOrMany = ({ value, component }: Node): boolean => has(value) !== has(component);

const isNamedOrMany = ({ code, description, _description, criteria, component }: Node): boolean =>
  (has(code) || has(description, _description) || has(criteria)) !== has(component);

export const recordRules: Rules = {
  // cmp-1
  'text.exists() or entry.exists() or section.exists()': ({ text, entry, section }) =>
    has(text) || has(entry) || has(section),
  // cmp-2, lst-1
  'emptyReason.empty() or entry.empty()': ({ emptyReason, entry }) =>
    !has(emptyReason) || !has(entry),
  // lst-2
  "mode = 'changes' or entry.deleted.empty()": ({ mode, entry }) =>
    !has(mode) ||
    mode === 'changes' ||
    !items(entry).some((item) => has(fields(item).deleted, fields(item)._deleted)),
  // lst-3
  "mode = 'working' or entry.date.empty()": ({ mode, entry }) =>
    !has(mode) ||
    mode === 'working' ||
    !items(entry).some((item) => has(fields(item).date, fields(item)._date)),
  // grp-1
  'member.empty() or (actual = true)': ({ member, actual }) =>
    !has(member) || !has(actual) || actual === true,
  // lnk-1
  'item.count()>1': ({ item }) => count(item) > 1,
  // sev-1
  'name.empty() or query.empty()': ({ name, _name, query, _query }) =>
    !has(name, _name) || !has(query, _query),
  // fhs-1
  'age.empty() or born.empty()': (node) => !hasChoice(node, age) || !hasChoice(node, born),
  // fhs-2
  'age.exists() or estimatedAge.empty()': (node) =>
    !has(node.estimatedAge, node._estimatedAge) || hasChoice(node, age),
  // gol-1
  '(detail.exists() and measure.exists()) or detail.exists().not()': (node) =>
    has(node.measure) || !hasChoice(node, detail),
  // imm-1
  'documentType.exists() or reference.exists()': ({
    documentType,
    _documentType,
    reference,
    _reference,
  }) => has(documentType, _documentType) || has(reference, _reference),
  // imr-1
  'vaccineCode.exists() or targetDisease.exists()': ({ vaccineCode, targetDisease }) =>
    has(vaccineCode) || has(targetDisease),
  // mad-1; dose is a choice in Dosage, where the same text makes sense
  'dose.exists() or rate.exists()': (node) => hasChoice(node, dose) || hasChoice(node, rate),
  // mdd-1
  'whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared': ({
    whenHandedOver,
    whenPrepared,
  }) => !has(whenHandedOver) || !has(whenPrepared) || inOrder(whenPrepared, whenHandedOver),
  // ras-2
  'probability is decimal implies (probability as decimal) <= 100': ({ probabilityDecimal }) =>
    !(typeof probabilityDecimal === 'number' && probabilityDecimal > 100),
  // ppc-1
  'policy.exists() or policyRule.exists()': ({ policy, policyRule }) =>
    has(policy) || has(policyRule),
  // ppc-2
  "patient.exists() or scope.coding.where(system='something' and code='patient-privacy').exists().not()":
    isForNobody('patient-privacy'),
  // ppc-3
  "patient.exists() or scope.coding.where(system='something' and code='research').exists().not()":
    isForNobody('research'),
  // ppc-4
  "patient.exists() or scope.coding.where(system='something' and code='adr').exists().not()":
    isForNobody('adr'),
  // ppc-5
  "patient.exists() or scope.coding.where(system='something' and code='treatment').exists().not()":
    isForNobody('treatment'),
  // ces-1
  'category.exists() xor productOrService.exists()': ({ category, productOrService }) =>
    has(category) !== has(productOrService),
  // msq-3
  'coordinateSystem = 1 or coordinateSystem = 0': ({ coordinateSystem }) =>
    !has(coordinateSystem) || coordinateSystem === 1 || coordinateSystem === 0,
  // msq-5
  '(chromosome.empty() and genomeBuild.empty()) or (chromosome.exists() and genomeBuild.exists())':
    ({ chromosome, genomeBuild, _genomeBuild }) =>
      has(chromosome) === has(genomeBuild, _genomeBuild),
  // msq-6
  '(genomeBuild.count()+referenceSeqId.count()+ referenceSeqPointer.count()+ referenceSeqString.count()) = 1':
    (node) =>
      count(node.genomeBuild, node._genomeBuild) +
        count(node.referenceSeqId) +
        count(node.referenceSeqPointer) +
        count(node.referenceSeqString, node._referenceSeqString) ===
      1,
  // mea-1
  'group.stratifier.all((code | description | criteria).exists() xor component.exists())': ({
    group,
  }) => every(group, 'stratifier', isNamedOrMany),
  // mrp-1
  "(type != 'data-collection') or group.exists().not()": ({ type, group }) =>
    type !== 'data-collection' || !has(group),
  // mrp-2
  'group.stratifier.stratum.all(value.exists() xor component.exists())': ({ group }) =>
    every(group, 'stratifier', ({ stratum }) => every([{ stratum }], 'stratum', isOneOrMany)),
};
