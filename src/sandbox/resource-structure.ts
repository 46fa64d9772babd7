/**
 * The elements of the types that the ward uses, as R4 4.0.1 defines them: `!` required, `*` a list, `.` a
 * primitive, `[x]` a choice.
 * From this table come the refusal of invalid resources, the mandatory elements of `_elements`, and nothing else;
 * a test compares it with the official definitions. Types that are not listed are checked for JSON form only.
 */

const base = 'id. meta implicitRules. language. text contained* extension* modifierExtension*';

const elements = {
  ServiceRequest:
    'identifier* instantiatesCanonical.* instantiatesUri.* basedOn* replaces* requisition status.! intent.! category* priority. doNotPerform. code orderDetail* quantity[x] subject! encounter occurrence[x] asNeeded[x] authoredOn. requester performerType performer* locationCode* locationReference* reasonCode* reasonReference* insurance* supportingInfo* specimen* bodySite* note* patientInstruction. relevantHistory*',
  Task: 'identifier* instantiatesCanonical. instantiatesUri. basedOn* groupIdentifier partOf* status.! statusReason businessStatus intent.! priority. code description. focus for encounter executionPeriod authoredOn. lastModified. requester performerType* owner location reasonCode reasonReference insurance* note* relevantHistory* restriction input* output*',
  Appointment:
    'identifier* status.! cancelationReason serviceCategory* serviceType* specialty* appointmentType reasonCode* reasonReference* priority. description. supportingInformation* start. end. minutesDuration. slot* created. comment. patientInstruction. basedOn* participant*! requestedPeriod*',
  Procedure:
    'identifier* instantiatesCanonical.* instantiatesUri.* basedOn* partOf* status.! statusReason category code subject! encounter performed[x] recorder asserter performer* location reasonCode* reasonReference* bodySite* outcome report* complication* complicationDetail* followUp* note* focalDevice* usedReference* usedCode*',
  Observation:
    'identifier* basedOn* partOf* status.! category* code! subject focus* encounter effective[x] issued. performer* value[x] dataAbsentReason interpretation* note* bodySite method specimen device referenceRange* hasMember* derivedFrom* component*',
  Patient:
    'identifier* active. name* telecom* gender. birthDate. deceased[x] address* maritalStatus multipleBirth[x] photo* contact* communication* generalPractitioner* managingOrganization link*',
  Practitioner:
    'identifier* active. name* telecom* address* gender. birthDate. photo* qualification* communication*',
  PractitionerRole:
    'identifier* active. period practitioner organization code* specialty* location* healthcareService* telecom* availableTime* notAvailable* availabilityExceptions. endpoint*',
  Organization:
    'identifier* active. type* name. alias.* telecom* address* partOf contact* endpoint*',
  Location:
    'identifier* status. operationalStatus name. alias.* description. mode. type* telecom* address physicalType position managingOrganization partOf hoursOfOperation* availabilityExceptions. endpoint*',
  Encounter:
    'identifier* status.! statusHistory* class! classHistory* type* serviceType priority subject episodeOfCare* basedOn* participant* appointment* period length reasonCode* reasonReference* diagnosis* account* hospitalization location* serviceProvider partOf',
  Condition:
    'identifier* clinicalStatus verificationStatus category* severity code bodySite* subject! encounter onset[x] abatement[x] recordedDate. recorder asserter stage* evidence* note*',
  Flag: 'identifier* status.! category* code! subject! period encounter author',
  AllergyIntolerance:
    'identifier* clinicalStatus verificationStatus type. category.* criticality. code patient! encounter onset[x] recordedDate. recorder asserter lastOccurrence. note* reaction*',
  MedicationRequest:
    'identifier* status.! statusReason intent.! category* priority. doNotPerform. reported[x] medication[x]! subject! encounter supportingInformation* authoredOn. requester performer performerType recorder reasonCode* reasonReference* instantiatesCanonical.* instantiatesUri.* basedOn* groupIdentifier courseOfTherapyType insurance* note* dosageInstruction* dispenseRequest substitution priorPrescription detectedIssue* eventHistory*',
  Medication: 'identifier* code status. manufacturer form amount ingredient* batch',
  DeviceUseStatement:
    'identifier* basedOn* status.! subject! derivedFrom* timing[x] recordedOn. source device! reasonCode* reasonReference* bodySite note*',
  Device:
    'identifier* definition udiCarrier* status. statusReason* distinctIdentifier. manufacturer. manufactureDate. expirationDate. lotNumber. serialNumber. deviceName* modelNumber. partNumber. type specialization* version* property* patient owner contact* location url. note* safety* parent',
  Communication:
    'identifier* instantiatesCanonical.* instantiatesUri.* basedOn* partOf* inResponseTo* status.! statusReason category* priority. medium* subject topic about* encounter sent. received. recipient* sender reasonCode* reasonReference* payload* note*',
  Slot: 'identifier* serviceCategory* serviceType* specialty* appointmentType schedule! status.! start.! end.! overbooked. comment.',
  Schedule:
    'identifier* active. serviceCategory* serviceType* specialty* actor*! planningHorizon comment.',
} as const;

const requestPriority = 'routine urgent asap stat';
const eventStatus =
  'preparation in-progress not-done on-hold stopped completed entered-in-error unknown';

/** Elements of type code with a required binding, and the codes of that binding. */
const codes: Readonly<Record<string, string>> = {
  'ServiceRequest.status': 'draft active on-hold revoked completed entered-in-error unknown',
  'ServiceRequest.intent':
    'proposal plan directive order original-order reflex-order filler-order instance-order option',
  'ServiceRequest.priority': requestPriority,
  'Task.status':
    'draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error',
  'Task.intent':
    'unknown proposal plan order original-order reflex-order filler-order instance-order option',
  'Task.priority': requestPriority,
  'Appointment.status':
    'proposed pending booked arrived fulfilled cancelled noshow entered-in-error checked-in waitlist',
  'Procedure.status': eventStatus,
  'Observation.status':
    'registered preliminary final amended corrected cancelled entered-in-error unknown',
  'Patient.gender': 'male female other unknown',
  'Practitioner.gender': 'male female other unknown',
  'Location.status': 'active suspended inactive',
  'Location.mode': 'instance kind',
  'Encounter.status':
    'planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown',
  'Flag.status': 'active inactive entered-in-error',
  'MedicationRequest.status':
    'active on-hold cancelled completed entered-in-error stopped draft unknown',
  'MedicationRequest.intent':
    'proposal plan order original-order reflex-order filler-order instance-order option',
  'MedicationRequest.priority': requestPriority,
  'Medication.status': 'active inactive entered-in-error',
  'DeviceUseStatement.status': 'active completed entered-in-error intended stopped on-hold',
  'Device.status': 'active inactive entered-in-error unknown',
  'Communication.status': eventStatus,
  'Communication.priority': requestPriority,
  'Slot.status': 'busy free busy-unavailable busy-tentative entered-in-error',
};

export type ElementRule = {
  name: string;
  list: boolean;
  required: boolean;
  choice: boolean;
  primitive: boolean;
};

function rulesOf(text: string): readonly ElementRule[] {
  return text.split(' ').map((word) => ({
    name: word.replace(/\[x\]|[.*!]/g, ''),
    list: word.includes('*'),
    required: word.includes('!'),
    choice: word.includes('[x]'),
    primitive: word.includes('.'),
  }));
}

const rules: ReadonlyMap<string, readonly ElementRule[]> = new Map(
  Object.entries(elements).map(([type, text]) => [type, rulesOf(`${base} ${text}`)]),
);

/** The element rules of a type, or undefined for a type that the table does not list. */
export function elementRules(type: string): readonly ElementRule[] | undefined {
  return rules.get(type);
}

/** The codes allowed at `Type.element`, or undefined where any code goes. */
export function allowedCodes(path: string): readonly string[] | undefined {
  return codes[path]?.split(' ');
}
