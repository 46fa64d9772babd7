// What was observed and done during one visit: each is part of the Procedure of the visit, because a Procedure of R4 has
// no place for scores, minutes, pauses, techniques and positions.

Profile: MassageObservation
Parent: Observation
Id: massage-observation
Title: "Part of the record of a massage visit"
Description: "What all Observations of a massage visit have in common: the visit that they are part of, the order that asked for it, the patient, and when."
* ^abstract = true
* insert Published
* insert MarkedAsOurs(1)
* basedOn 1..* MS
* basedOn only Reference(ServiceRequest)
* partOf 1..1 MS
* partOf only Reference(Procedure)
* partOf ^short = "The visit"
* status MS
* status from MassageObservationStatus (required)
* category 1..* MS
* category ^slicing.discriminator[0].type = #value
* category ^slicing.discriminator[0].path = "coding.system"
* category ^slicing.rules = #open
* category ^slicing.description = "By the system of the code."
* category contains kind 1..1 MS
* category[kind].coding 1..1
* category[kind].coding.system 1..1
* category[kind].coding.system = "http://terminology.hl7.org/CodeSystem/observation-category" (exactly)
* category[kind].coding.code 1..1
* code MS
* subject 1..1 MS
* subject only Reference(Patient)
* encounter MS
* effective[x] 1..1 MS
* performer MS
* performer only Reference(Practitioner or PractitionerRole or Organization)
* value[x] MS
* dataAbsentReason MS

// A rating from 0 to 10, before or after the visit.
RuleSet: Score
* insert Published
* obeys massage-score-or-reason
* category contains moment 1..1 MS
* category[kind].coding.code = #survey (exactly)
* category[moment] ^short = "Before or after the visit"
* category[moment] from Moments (required)
* category[moment].coding 1..1
* category[moment].coding.system 1..1
* category[moment].coding.system = "https://massage-fhir.org/fhir/CodeSystem/moment" (exactly)
* category[moment].coding.code 1..1
* effective[x] only dateTime
* value[x] only Quantity
* valueQuantity obeys massage-score-range
* valueQuantity.value 1..1 MS
* valueQuantity.system 1..1
* valueQuantity.system = $ucum (exactly)
* valueQuantity.code 1..1
* valueQuantity.code = #{score} (exactly)
* dataAbsentReason from ScoreMissingReasons (required)

Profile: MassagePain
Parent: MassageObservation
Id: massage-pain
Title: "Pain before or after a massage visit"
Description: "How the patient rates pain, from 0 (none) to 10, or why there is no rating."
* insert Score
* code = $loinc#72514-3

Profile: MassageAnxiety
Parent: MassageObservation
Id: massage-anxiety
Title: "Anxiety before or after a massage visit"
Description: "How the patient rates anxiety, from 0 (none) to 10, or why there is no rating."
* insert Score
* code = SessionObservation#anxiety

Profile: MassageStress
Parent: MassageObservation
Id: massage-stress
Title: "Stress before or after a massage visit"
Description: "How the patient rates stress, from 0 (none) to 10, or why there is no rating."
* insert Score
* code = SessionObservation#stress

// What lasted: it has a period, and is therapy rather than survey.
RuleSet: OfTheVisit(code)
* insert Published
* category[kind].coding.code = #therapy (exactly)
* code = SessionObservation#{code}

Profile: MassageHandsOnMinutes
Parent: MassageObservation
Id: massage-hands-on-minutes
Title: "Hands-on minutes of a massage visit"
Description: "How long hands were on, pauses excluded: what a charge by time counts."
* insert OfTheVisit(hands-on)
* effective[x] only Period
* value[x] only Quantity
* value[x] 1..1
* valueQuantity obeys massage-minutes-not-negative
* valueQuantity.value 1..1 MS
* valueQuantity.system 1..1
* valueQuantity.system = $ucum (exactly)
* valueQuantity.code 1..1
* valueQuantity.code = #min (exactly)

Profile: MassagePause
Parent: MassageObservation
Id: massage-pause
Title: "Pause of a massage visit"
Description: "One interruption: from when until when, and by whom."
* insert OfTheVisit(pause)
* obeys massage-pause-both-ends
* effective[x] only Period
* value[x] only CodeableConcept
* value[x] 1..1
* value[x] from Interrupters (required)

Profile: MassageTechniqueApplied
Parent: MassageObservation
Id: massage-technique-applied
Title: "Technique applied in a massage visit"
Description: "One technique on one site of the body, with its pressure on the Walton scale."
* insert OfTheVisit(technique-applied)
* effective[x] only Period
* value[x] 0..0
* component 3..*
* component MS
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open
* component ^slicing.description = "By what they say of the technique."
* component contains technique 1..1 MS and site 1..1 MS and pressure 1..1 MS
* component[technique].code = SessionObservation#technique
* component[technique].value[x] only CodeableConcept
* component[technique].value[x] 1..1 MS
* component[technique].value[x] from MassageTechniques (preferred)
* component[technique].valueCodeableConcept.coding ^slicing.discriminator.type = #value
* component[technique].valueCodeableConcept.coding ^slicing.discriminator.path = "system"
* component[technique].valueCodeableConcept.coding ^slicing.rules = #open
* component[technique].valueCodeableConcept.coding ^slicing.description = "Ours by its system; the hospital's own may stand before it."
* component[technique].valueCodeableConcept.coding contains ours 1..1 MS
* component[technique].valueCodeableConcept.coding[ours] from MassageTechniques (required)
* component[technique].valueCodeableConcept.coding[ours].system 1..1
* component[technique].valueCodeableConcept.coding[ours].system = "https://massage-fhir.org/fhir/CodeSystem/massage-technique" (exactly)
* component[technique].valueCodeableConcept.coding[ours].code 1..1
* component[site].code = SessionObservation#body-site
* component[site].value[x] only CodeableConcept
* component[site].value[x] 1..1 MS
* component[site].value[x] from MassageBodySites (preferred)
* component[site].valueCodeableConcept.text 1..1 MS
* component[pressure].code = SessionObservation#pressure
* component[pressure].value[x] only integer
* component[pressure].value[x] 1..1 MS
* component[pressure].value[x] obeys massage-pressure-range

Profile: MassagePosition
Parent: MassageObservation
Id: massage-position
Title: "Position of the patient in a massage visit"
Description: "How the patient lay or sat, by a code or in words."
* insert OfTheVisit(position)
* effective[x] only Period
* value[x] only CodeableConcept
* value[x] 1..1
* value[x] from MassagePositions (preferred)

Invariant: massage-score-or-reason
Description: "There is a score, or a reason why there is none."
Severity: #error
Expression: "value.exists() or dataAbsentReason.exists()"

Invariant: massage-score-range
Description: "A score is a whole number from 0 to 10."
Severity: #error
Expression: "value >= 0 and value <= 10 and value = value.round(0)"

Invariant: massage-minutes-not-negative
Description: "Minutes are not negative."
Severity: #error
Expression: "value >= 0"

Invariant: massage-pause-both-ends
Description: "A pause has begun and has ended: one that is still open ends with the visit."
Severity: #error
Expression: "effective.start.exists() and effective.end.exists()"

Invariant: massage-pressure-range
Description: "Pressure is one of the five levels of the Walton scale."
Severity: #error
Expression: "$this >= 1 and $this <= 5"
