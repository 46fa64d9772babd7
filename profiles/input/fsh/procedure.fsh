// The result of one visit, as the hospital's record of it.

Profile: MassageProcedure
Parent: Procedure
Id: massage-procedure
Title: "Massage visit carried out, stopped, or not done"
Description: "The record of one visit as the massage service writes it: that it took place, when, by whom, for which order and with what response; or why it did not. Minutes, pauses, techniques and scores are Observations partOf it. What is valid here also meets the rules of US Core Procedure: status, code, subject, and a time when the procedure was carried out (us-core-7)."
* insert Published
* insert MarkedAsOurs(1)
* obeys massage-procedure-time and massage-procedure-no-time and massage-procedure-reason
* basedOn 1..* MS
* basedOn only Reference(ServiceRequest)
* basedOn ^short = "The order that asked for the visit"
* partOf MS
* status MS
* status from MassageProcedureStatus (required)
* statusReason MS
* statusReason from VisitNotHeldReasons (preferred)
* statusReason ^short = "Why it was stopped or not done"
* category MS
* code 1..1 MS
* code from MassageServices (preferred)
* code ^short = "What was ordered, and that it was massage: a code of the site alone tells nobody else"
* code.coding MS
* code.coding ^slicing.discriminator.type = #pattern
* code.coding ^slicing.discriminator.path = "$this"
* code.coding ^slicing.rules = #open
* code.coding ^slicing.description = "The code for massage among those of the site."
* code.coding contains massage 1..* MS
* code.coding[massage] = $sct#387854002
* subject only Reference(Patient)
* subject MS
* encounter MS
* performed[x] only Period
* performed[x] MS
* performer MS
* performer.actor only Reference(Practitioner or PractitionerRole or Organization)
* performer.actor MS
* performer.onBehalfOf MS
* reasonCode MS
* reasonReference MS
* bodySite MS
* bodySite from MassageBodySites (preferred)
* outcome MS
* outcome ^short = "How the patient responded, in words"
* note MS

Invariant: massage-procedure-time
Description: "A visit that took place, also one that was stopped early, has begun at a known time (and so meets us-core-7)."
Severity: #error
Expression: "(status = 'completed' or status = 'stopped') implies performed.start.exists()"

Invariant: massage-procedure-no-time
Description: "A visit that did not take place has no time of performance."
Severity: #error
Expression: "status = 'not-done' implies performed.empty()"

Invariant: massage-procedure-reason
Description: "A visit that was stopped or not done says why, in words."
Severity: #error
Expression: "(status = 'stopped' or status = 'not-done') implies statusReason.text.exists()"
