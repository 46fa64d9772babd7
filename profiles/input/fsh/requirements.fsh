// What we need of a hospital's server, and why: each line says what stops working without it. A server is compared with
// this statement, so it names exactly what the adapter asks of one, and nothing else.

Alias: $expectation = http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation

// R4 lets the expectation stand on interactions and parameters, not on the resource: that is needed as much as the
// strongest of its interactions.
RuleSet: Resource(type, why)
* rest.resource[+].type = #{type}
* rest.resource[=].documentation = "{why}"

RuleSet: Interaction(code, level, why)
* rest.resource[=].interaction[+].code = #{code}
* rest.resource[=].interaction[=].extension.url = $expectation
* rest.resource[=].interaction[=].extension.valueCode = #{level}
* rest.resource[=].interaction[=].documentation = "{why}"

RuleSet: SearchBy(name, type, level, why)
* rest.resource[=].searchParam[+].name = "{name}"
* rest.resource[=].searchParam[=].type = #{type}
* rest.resource[=].searchParam[=].extension.url = $expectation
* rest.resource[=].searchParam[=].extension.valueCode = #{level}
* rest.resource[=].searchParam[=].documentation = "{why}"

// A create that may be repeated after an unclear answer, and an update that overwrites nobody.
RuleSet: WrittenOnce
* rest.resource[=].versioning = #versioned-update
* rest.resource[=].conditionalCreate = true

RuleSet: FoundByMark
* insert SearchBy(identifier, token, SHOULD, [[After an answer that was lost the adapter looks for its own identifier. Where it can neither look nor create conditionally, a lost answer waits for a person who looks instead.]])

RuleSet: ReadForAName(type, why)
* insert Resource({type}, [[{why}]])
* insert Interaction(read, SHOULD, [[{why}]])

RuleSet: FactsOf(type, level, why)
* insert Resource({type}, [[{why}]])
* insert Interaction(search-type, {level}, [[{why}]])
* insert SearchBy(patient, reference, {level}, [[Whose facts are asked for. The parameter subject serves as well.]])

Instance: hospital
InstanceOf: CapabilityStatement
Usage: #definition
* url = "https://massage-fhir.org/fhir/CapabilityStatement/hospital"
* name = "HospitalRequirements"
* title = "What massage-fhir needs of a hospital's FHIR server"
* description = "What the adapter asks of the FHIR R4 server of a hospital. SHALL: without it no referral is carried through. SHOULD: without it a part of the work falls to a person, as each entry says. MAY: a convenience."
* insert PublishedInstance
* kind = #requirements
* fhirVersion = #4.0.1
* format[0] = #application/fhir+json
* rest.mode = #client
* rest.documentation = "The adapter reads /metadata first and chooses its ways by it. It follows next links, sorts by _lastUpdated, asks for pages with _count, and sends If-None-Exist and If-Match. Where a server declares no conditional create it looks for its own identifier before it creates; where a server keeps no versions, a change that the hospital makes at the same moment is not protected. It deletes nothing, and writes no ServiceRequest."

* insert Resource(ServiceRequest, [[The order. It is read and never written.]])
* rest.resource[=].supportedProfile = Canonical(MassageReferralRequest)
* insert Interaction(read, SHALL, [[What the order says now is read before anybody acts on it, and where a Task leads to it. Without it there is no referral.]])
* insert Interaction(search-type, SHOULD, [[New and changed orders are found by it. Without it the adapter finds only orders that a Task asks for or that the hospital pushes, and hears of a revoked order late.]])
* insert SearchBy(_lastUpdated, date, SHOULD, [[Which orders have changed since the last look. Without it orders are looked for patient by patient.]])
* insert SearchBy(patient, reference, SHOULD, [[The orders of one patient: of those who are booked with the service, of a list, and of open referrals. Where the search for all changes is not offered this is how orders are found.]])
* insert SearchBy(authored, date, MAY, [[Where a patient has more orders than can be read, or changes cannot be asked for, they are asked for by the time of writing.]])
* insert SearchBy(identifier, token, MAY, [[A person asks for an order by its number. Without it only by its id.]])

* insert Resource(Task, [[The referral as both sides follow it. Without Tasks the hospital learns how far a referral is from Appointments and Procedures only, and nobody can ask to cancel what has begun.]])
* rest.resource[=].supportedProfile = Canonical(MassageReferralTask)
* insert WrittenOnce
* insert Interaction(read, SHOULD, [[A Task is read before it is changed. Without it progress is not reported.]])
* insert Interaction(search-type, SHOULD, [[Referrals addressed to the service are found by it, also on servers whose orders cannot be searched.]])
* insert Interaction(create, SHOULD, [[Where the hospital has no Task for an order the service makes one. Without it such a referral has none.]])
* insert Interaction(update, SHOULD, [[Accepted, declined, on hold, completed: this is how the hospital is told.]])
* insert SearchBy(owner, reference, SHOULD, [[Tasks of the service; with the modifier :missing those that nobody has taken yet.]])
* insert SearchBy(status, token, SHOULD, [[Of those that nobody has taken, the requested ones.]])
* insert SearchBy(_lastUpdated, date, SHOULD, [[Which Tasks have changed since the last look. Without it the search for Tasks is not used.]])
* insert SearchBy(focus, reference, SHOULD, [[Before the service makes a Task it looks whether the hospital has one for the order. Without it there may be two.]])
* insert FoundByMark

* insert Resource(Appointment, [[The visit in the hospital's calendar. Without it the ward does not see when the therapist comes, and a person has to enter each visit.]])
* rest.resource[=].supportedProfile = Canonical(MassageAppointment)
* insert WrittenOnce
* insert Interaction(read, SHOULD, [[An Appointment is read before it is changed, so that no change of the hospital is overwritten.]])
* insert Interaction(search-type, SHOULD, [[Visits that the hospital books, moves or calls off are found by it. Without it the therapist stands at the wrong bed.]])
* insert Interaction(create, SHOULD, [[A visit is booked. Without it a person has to.]])
* insert Interaction(update, SHOULD, [[A visit is moved, begun, carried out, missed or called off.]])
* insert SearchBy(based-on, reference, SHOULD, [[The visits of the orders that are open.]])
* insert SearchBy(_lastUpdated, date, SHOULD, [[Which visits have changed since the last look.]])
* insert SearchBy(date, date, MAY, [[The calendars are read over a window of dates. Needed where orders are found by who is booked with the service.]])
* insert SearchBy(location, reference, MAY, [[The calendar of the service's rooms.]])
* insert SearchBy(practitioner, reference, MAY, [[The calendar of a therapist.]])
* insert SearchBy(patient, reference, MAY, [[The visits of a patient, where they cannot be searched by order.]])
* insert FoundByMark

* insert Resource(Procedure, [[The record of a visit, and what closes the loop.]])
* rest.resource[=].supportedProfile = Canonical(MassageProcedure)
* insert WrittenOnce
* insert Interaction(create, SHALL, [[The result of each visit is written. Without it a person has to type every result.]])
* insert Interaction(read, SHOULD, [[A Procedure is read again after an answer that was lost.]])
* insert Interaction(search-type, SHOULD, [[After an answer that was lost the adapter looks whether its Procedure is there; and earlier procedures of the patient are facts that a therapist must know.]])
* insert SearchBy(patient, reference, SHOULD, [[Operations and irradiations of the patient. Without it the list of facts says that they are not readable here.]])
* insert FoundByMark

* insert Resource(Observation, [[Scores, minutes, pauses and techniques of a visit; and results of the patient that a therapist must know, such as platelets.]])
* rest.resource[=].supportedProfile[0] = Canonical(MassagePain)
* rest.resource[=].supportedProfile[+] = Canonical(MassageAnxiety)
* rest.resource[=].supportedProfile[+] = Canonical(MassageStress)
* rest.resource[=].supportedProfile[+] = Canonical(MassageHandsOnMinutes)
* rest.resource[=].supportedProfile[+] = Canonical(MassagePause)
* rest.resource[=].supportedProfile[+] = Canonical(MassageTechniqueApplied)
* rest.resource[=].supportedProfile[+] = Canonical(MassagePosition)
* insert WrittenOnce
* insert Interaction(create, SHOULD, [[What was measured and done is written beside the Procedure. Without it only the Procedure tells of the visit.]])
* insert Interaction(read, SHOULD, [[An Observation is read again after an answer that was lost.]])
* insert Interaction(search-type, SHOULD, [[Results of the patient; and the adapter's own after an answer that was lost.]])
* insert SearchBy(patient, reference, SHOULD, [[Whose results are asked for. The parameter subject serves as well.]])
* insert SearchBy(code, token, SHOULD, [[Where a patient has more results than can be read, those that matter are asked for by their codes.]])
* insert SearchBy(date, date, MAY, [[The newest come first. Without it the list of facts says that it need not hold the newest.]])
* insert FoundByMark

* insert Resource(Patient, [[For whom it is.]])
* insert Interaction(read, SHALL, [[The therapist has to know who the patient is: name and date of birth. Without it nobody can be sure to treat the right person. It is read again before each visit.]])
* insert SearchBy(identifier, token, MAY, [[Where an order names the patient by an identifier only. Without it such an order waits for a person.]])

* insert ReadForAName(Practitioner, [[Who ordered it, where the order does not name them.]])
* insert ReadForAName(PractitionerRole, [[Who ordered it, where the order names a role.]])
* insert ReadForAName(Organization, [[Who ordered it, where the order names a department.]])
* insert ReadForAName(Encounter, [[In which bed the patient is, and whether still; it is read again before each visit. Without it the therapist has to ask the ward.]])
* insert ReadForAName(Location, [[The name of the ward or room. Without it the therapist has to ask the ward.]])

* insert ReadForAName(Coverage, [[Under which insurance it was ordered, where the order says so.]])

* insert Resource(Group, [[Patients whom the hospital lists for the service, where it does.]])
* insert Interaction(read, MAY, [[Who is in the list. Without it the service keeps a list of its own.]])

* insert FactsOf(Condition, SHOULD, [[Clots, bleeding, bones, skin, infection: what the therapist must know. Without it the list of facts says that it is not readable here.]])
* insert SearchBy(clinical-status, token, MAY, [[Where a patient has more conditions than can be read, the active ones are asked for.]])
* insert FactsOf(AllergyIntolerance, SHOULD, [[Latex, nuts and fragrances in what touches the skin. Without it the list of facts says that it is not readable here.]])
* insert FactsOf(Flag, SHOULD, [[Isolation and other alerts of the ward. Without it the list of facts says that it is not readable here.]])
* insert FactsOf(MedicationRequest, SHOULD, [[Anticoagulants above all. Without it the list of facts says that it is not readable here.]])
* insert SearchBy(status, token, MAY, [[Where a patient has more prescriptions than can be read, the active ones are asked for.]])
* insert FactsOf(DeviceUseStatement, MAY, [[Lines and devices in use, where the hospital records them so.]])
* insert FactsOf(Device, MAY, [[Implants and pumps of the patient.]])
* insert Interaction(read, MAY, [[What device a statement of use is about.]])
