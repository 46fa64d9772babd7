/**
 * The search parameters of the sandbox: one line each, `name type path,path` as R4 4.0.1 names and types them, with
 * the choice types of a path written out and `>Type` where a reference counts only if it points there. A test
 * compares names and types with the official list. Parameters that are not here are unknown to this server.
 */

export type ParameterType = 'token' | 'reference' | 'date' | 'string';
export type Parameter = {
  readonly name: string;
  readonly type: ParameterType;
  /** Each path as its steps: `participant.actor` is `['participant', 'actor']`. */
  readonly paths: readonly (readonly string[])[];
  readonly target?: string;
};

const tables: Readonly<Record<string, string>> = {
  ServiceRequest: `
    identifier token identifier
    status token status
    intent token intent
    code token code
    category token category
    priority token priority
    subject reference subject
    patient reference subject>Patient
    encounter reference encounter
    requester reference requester
    performer reference performer
    performer-type token performerType
    based-on reference basedOn
    replaces reference replaces
    requisition token requisition
    body-site token bodySite
    specimen reference specimen
    authored date authoredOn
    occurrence date occurrenceDateTime,occurrencePeriod,occurrenceTiming`,
  Task: `
    identifier token identifier
    status token status
    business-status token businessStatus
    intent token intent
    code token code
    priority token priority
    focus reference focus
    based-on reference basedOn
    part-of reference partOf
    subject reference for
    patient reference for>Patient
    encounter reference encounter
    requester reference requester
    owner reference owner
    performer token performerType
    group-identifier token groupIdentifier
    authored-on date authoredOn
    modified date lastModified
    period date executionPeriod`,
  Appointment: `
    identifier token identifier
    status token status
    based-on reference basedOn
    actor reference participant.actor
    patient reference participant.actor>Patient
    practitioner reference participant.actor>Practitioner
    location reference participant.actor>Location
    part-status token participant.status
    date date start
    service-type token serviceType
    service-category token serviceCategory
    specialty token specialty
    appointment-type token appointmentType
    reason-code token reasonCode
    reason-reference reference reasonReference
    slot reference slot
    supporting-info reference supportingInformation`,
  Procedure: `
    identifier token identifier
    status token status
    code token code
    category token category
    based-on reference basedOn
    part-of reference partOf
    subject reference subject
    patient reference subject>Patient
    encounter reference encounter
    performer reference performer.actor
    location reference location
    reason-code token reasonCode
    reason-reference reference reasonReference
    date date performedDateTime,performedPeriod`,
  Observation: `
    identifier token identifier
    status token status
    code token code
    component-code token component.code
    combo-code token code,component.code
    category token category
    based-on reference basedOn
    part-of reference partOf
    has-member reference hasMember
    derived-from reference derivedFrom
    subject reference subject
    patient reference subject>Patient
    focus reference focus
    encounter reference encounter
    performer reference performer
    device reference device
    specimen reference specimen
    method token method
    value-concept token valueCodeableConcept
    data-absent-reason token dataAbsentReason
    date date effectiveDateTime,effectivePeriod,effectiveTiming,effectiveInstant`,
  Patient: `
    identifier token identifier
    active token active
    name string name
    family string name.family
    given string name.given
    gender token gender
    birthdate date birthDate
    death-date date deceasedDateTime
    address string address
    address-city string address.city
    address-postalcode string address.postalCode
    telecom token telecom
    language token communication.language
    general-practitioner reference generalPractitioner
    organization reference managingOrganization
    link reference link.other`,
  Practitioner: `
    identifier token identifier
    active token active
    name string name
    family string name.family
    given string name.given
    gender token gender
    telecom token telecom
    communication token communication`,
  PractitionerRole: `
    identifier token identifier
    active token active
    practitioner reference practitioner
    organization reference organization
    location reference location
    service reference healthcareService
    role token code
    specialty token specialty
    date date period`,
  Organization: `
    identifier token identifier
    active token active
    name string name,alias
    type token type
    partof reference partOf
    address string address`,
  Location: `
    identifier token identifier
    status token status
    operational-status token operationalStatus
    name string name,alias
    type token type
    organization reference managingOrganization
    partof reference partOf
    address string address`,
  Encounter: `
    identifier token identifier
    status token status
    class token class
    type token type
    subject reference subject
    patient reference subject>Patient
    participant reference participant.individual
    practitioner reference participant.individual>Practitioner
    participant-type token participant.type
    based-on reference basedOn
    appointment reference appointment
    part-of reference partOf
    service-provider reference serviceProvider
    location reference location.location
    diagnosis reference diagnosis.condition
    reason-code token reasonCode
    reason-reference reference reasonReference
    date date period
    location-period date location.period`,
  Condition: `
    identifier token identifier
    code token code
    category token category
    clinical-status token clinicalStatus
    verification-status token verificationStatus
    severity token severity
    body-site token bodySite
    subject reference subject
    patient reference subject>Patient
    encounter reference encounter
    asserter reference asserter
    evidence token evidence.code
    evidence-detail reference evidence.detail
    onset-date date onsetDateTime,onsetPeriod
    abatement-date date abatementDateTime,abatementPeriod
    recorded-date date recordedDate`,
  Flag: `
    identifier token identifier
    subject reference subject
    patient reference subject>Patient
    encounter reference encounter
    author reference author
    date date period`,
  AllergyIntolerance: `
    identifier token identifier
    code token code,reaction.substance
    category token category
    type token type
    criticality token criticality
    clinical-status token clinicalStatus
    verification-status token verificationStatus
    patient reference patient
    recorder reference recorder
    asserter reference asserter
    date date recordedDate`,
  MedicationRequest: `
    identifier token identifier
    status token status
    intent token intent
    priority token priority
    category token category
    code token medicationCodeableConcept
    medication reference medicationReference
    subject reference subject
    patient reference subject>Patient
    encounter reference encounter
    requester reference requester
    authoredon date authoredOn`,
  Medication: `
    identifier token identifier
    status token status
    code token code`,
  DeviceUseStatement: `
    identifier token identifier
    subject reference subject
    patient reference subject>Patient
    device reference device`,
  Device: `
    identifier token identifier
    status token status
    type token type
    patient reference patient
    organization reference owner
    location reference location`,
  Communication: `
    identifier token identifier
    status token status
    category token category
    based-on reference basedOn
    part-of reference partOf
    subject reference subject
    patient reference subject>Patient
    encounter reference encounter
    sender reference sender
    recipient reference recipient
    sent date sent
    received date received`,
  Slot: `
    identifier token identifier
    status token status
    schedule reference schedule
    service-type token serviceType
    service-category token serviceCategory
    start date start`,
  Schedule: `
    identifier token identifier
    active token active
    actor reference actor
    service-type token serviceType
    service-category token serviceCategory
    date date planningHorizon`,
  Provenance: `
    target reference target
    patient reference target>Patient
    agent reference agent.who
    recorded date recorded`,
};

/** What every type has. */
const everywhere: readonly Parameter[] = [
  { name: '_id', type: 'token', paths: [['id']] },
  { name: '_lastUpdated', type: 'date', paths: [['meta', 'lastUpdated']] },
  { name: '_tag', type: 'token', paths: [['meta', 'tag']] },
];

const parsed: ReadonlyMap<string, ReadonlyMap<string, Parameter>> = new Map(
  Object.entries(tables).map(([type, text]) => [type, byName([...everywhere, ...rows(text)])]),
);
const untabled = byName(everywhere);

function rows(text: string): Parameter[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', type, where = ''] = line.trim().split(' ');
      const [paths = '', target] = where.split('>');
      return {
        name,
        type: type as ParameterType,
        paths: paths.split(',').map((path) => path.split('.')),
        ...(target === undefined ? {} : { target }),
      };
    });
}

function byName(parameters: readonly Parameter[]): ReadonlyMap<string, Parameter> {
  return new Map(parameters.map((parameter) => [parameter.name, parameter]));
}

/** The parameters of a type by name; a type that the table lacks has only those of every type. */
export function parametersOf(type: string): ReadonlyMap<string, Parameter> {
  return parsed.get(type) ?? untabled;
}
