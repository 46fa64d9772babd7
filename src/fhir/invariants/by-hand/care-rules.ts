/** The error constraints of care as it is ordered, booked, given and described: what this product reads every day. */
import { inOrder } from '../moments.ts';
import type { Node, Rules } from '../predicate.ts';
import { choice, fields, has, hasChoice, hasCoding, items } from '../presence.ts';

const value = choice('value');
const abatement = choice('abatement');

const verificationOfAllergies =
  'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
const verificationOfConditions = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
const statusOfConditions = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const inError = ['entered-in-error'];
const abated = ['resolved', 'remission', 'inactive'];

/** `component.code.where(coding.intersect(%resource.code.coding).exists()).empty()` */
function noComponentHasCodeOf(observation: Node, resource: Node): boolean {
  const whole = items(fields(resource.code).coding);
  for (const component of items(observation.component))
    for (const part of items(fields(fields(component).code).coding))
      if (whole.some((coding) => isSame(coding, part))) return false;
  return true;
}

/** No coding nests deeper; a sender who tries gets no answer out of the stack. */
const deepest = 100;

/** FHIRPath's `=` of JSON: the same parts with the same values, in any order. */
function isSame(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (depth > deepest || Object.keys(b).length !== keys.length) return false;
  for (const key of keys)
    if (!Object.hasOwn(b, key) || !isSame((a as Node)[key], (b as Node)[key], depth + 1))
      return false;
  return true;
}

const unready: readonly unknown[] = ['proposed', 'cancelled', 'waitlist'];

export const careRules: Rules = {
  // prr-1
  'orderDetail.empty() or code.exists()': ({ orderDetail, code }) => !has(orderDetail) || has(code),
  // inv-1 of Task
  'lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn': ({
    lastModified,
    authoredOn,
  }) => !has(lastModified) || !has(authoredOn) || inOrder(authoredOn, lastModified),
  // app-1
  'type.exists() or actor.exists()': ({ type, actor }) => has(type) || has(actor),
  // app-2
  'start.exists() = end.exists()': ({ start, _start, end, _end }) =>
    has(start, _start) === has(end, _end),
  // app-3
  "(start.exists() and end.exists()) or (status in ('proposed' | 'cancelled' | 'waitlist'))": ({
    start,
    _start,
    end,
    _end,
    status,
  }) => (has(start, _start) && has(end, _end)) || !has(status) || unready.includes(status),
  // app-4, misspelt status and all
  "Appointment.cancelationReason.exists() implies (Appointment.status='no-show' or Appointment.status='cancelled')":
    ({ cancelationReason, status }) =>
      !has(cancelationReason) || !has(status) || status === 'no-show' || status === 'cancelled',
  // apr-1
  'participantType.exists() or actor.exists()': ({ participantType, actor }) =>
    has(participantType) || has(actor),
  // obs-3
  'low.exists() or high.exists() or text.exists()': ({ low, high, text, _text }) =>
    has(low) || has(high) || has(text, _text),
  // obs-6
  'dataAbsentReason.empty() or value.empty()': (node) =>
    !has(node.dataAbsentReason) || !hasChoice(node, value),
  // obs-7
  'value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()':
    (node, { resource }) =>
      !has(node.component) || !hasChoice(node, value) || noComponentHasCodeOf(node, resource),
  // vs-2
  '(component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())':
    (node) =>
      has(node.component) ||
      has(node.hasMember) ||
      has(node.dataAbsentReason) ||
      hasChoice(node, value),
  // vs-3
  'value.exists() or dataAbsentReason.exists()': (node) =>
    has(node.dataAbsentReason) || hasChoice(node, value),
  // pat-1
  'name.exists() or telecom.exists() or address.exists() or organization.exists()': ({
    name,
    telecom,
    address,
    organization,
  }) => has(name) || has(telecom) || has(address) || has(organization),
  // ipn-1, org-1
  '(identifier.count() + name.count()) > 0': ({ identifier, name, _name }) =>
    has(identifier) || has(name, _name),
  // org-2, org-3
  "where(use = 'home').empty()": ({ use }) => use !== 'home',
  // con-1
  'summary.exists() or assessment.exists()': ({ summary, assessment }) =>
    has(summary) || has(assessment),
  // con-2
  'code.exists() or detail.exists()': ({ code, detail }) => has(code) || has(detail),
  // con-3: no category equals a text, so that any category will do
  "clinicalStatus.exists() or verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code = 'entered-in-error').exists() or category.select($this='problem-list-item').empty()":
    ({ clinicalStatus, verificationStatus, category }) =>
      has(clinicalStatus) ||
      !has(category) ||
      hasCoding(verificationStatus, verificationOfConditions, inError),
  // con-4
  "abatement.empty() or clinicalStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-clinical' and (code='resolved' or code='remission' or code='inactive')).exists()":
    (node) =>
      !hasChoice(node, abatement) || hasCoding(node.clinicalStatus, statusOfConditions, abated),
  // con-5
  "verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code='entered-in-error').empty() or clinicalStatus.empty()":
    ({ verificationStatus, clinicalStatus }) =>
      !has(clinicalStatus) || !hasCoding(verificationStatus, verificationOfConditions, inError),
  // ait-1
  "verificationStatus.coding.where(system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification' and code = 'entered-in-error').exists() or clinicalStatus.exists()":
    ({ verificationStatus, clinicalStatus }) =>
      has(clinicalStatus) || hasCoding(verificationStatus, verificationOfAllergies, inError),
  // ait-2
  "verificationStatus.coding.where(system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification' and code = 'entered-in-error').empty() or clinicalStatus.empty()":
    ({ verificationStatus, clinicalStatus }) =>
      !has(clinicalStatus) || !hasCoding(verificationStatus, verificationOfAllergies, inError),
  // nor-1
  'oralDiet.exists() or supplement.exists() or enteralFormula.exists()': ({
    oralDiet,
    supplement,
    enteralFormula,
  }) => has(oralDiet) || has(supplement) || has(enteralFormula),
  // cpl-3
  'detail.empty() or reference.empty()': ({ detail, reference }) => !has(detail) || !has(reference),
  // ctm-1: a member that is elsewhere is given the benefit, in R4's own words
  'onBehalfOf.exists() implies (member.resolve().iif(empty(), true, ofType(Practitioner).exists()))':
    ({ onBehalfOf, member }, { resolve }) => {
      const { reference } = fields(member);
      if (!has(onBehalfOf) || typeof reference !== 'string') return true;
      const target = resolve?.(reference);
      return target === undefined || target.resourceType === 'Practitioner';
    },
  // rqg-1
  'resource.exists() != action.exists()': ({ resource, action }) => has(resource) !== has(action),
  // qrs-1
  '(answer.exists() and item.exists()).not()': ({ answer, item }) => !has(answer) || !has(item),
  // inv-1 of Parameters.parameter
  '(part.exists() and value.empty() and resource.empty()) or (part.empty() and (value.exists() xor resource.exists()))':
    (node) => {
      const hasValue = hasChoice(node, value);
      const hasResource = has(node.resource);
      return has(node.part) ? !hasValue && !hasResource : hasValue !== hasResource;
    },
};
