// What we ask of an order for massage. Lenient: a plain order with a code and a patient is one. It is not ours to
// write, so nothing here may stand in the way of an order that a person at the massage service could act on.

Profile: MassageReferralRequest
Parent: ServiceRequest
Id: massage-referral-request
Title: "Order for massage"
Description: "An order for massage as the massage service reads it. Only what cannot be done without is required: that it is an order, for whom, and for what. Everything else that is marked must-support is read, shown to the therapist and kept. An order that is valid here also meets the rules of US Core ServiceRequest: status, intent, code and subject."
* insert Published
* obeys massage-order-not-look-alike and massage-order-asks and massage-order-requester and massage-order-reason
* identifier MS
* basedOn MS
* replaces MS
* status MS
* intent MS
* intent from OrderIntents (required)
* category MS
* priority MS
* doNotPerform MS
* code 1..1 MS
* code obeys massage-order-says-what
* code from MassageServices (preferred)
* code ^short = "What is ordered; a code of the site is told to the adapter once"
* orderDetail MS
* orderDetail from MassageTechniques (example)
* orderDetail ^short = "Techniques, limits of pressure, other directions"
* quantity[x] MS
* quantity[x] ^short = "How many visits"
* subject only Reference(Patient)
* subject MS
* encounter MS
* occurrence[x] MS
* occurrence[x] ^short = "When, how often and for how long"
* asNeeded[x] MS
* authoredOn MS
* requester MS
* performer MS
* locationCode MS
* locationReference MS
* reasonCode MS
* reasonReference MS
* insurance MS
* supportingInfo MS
* bodySite MS
* bodySite from MassageBodySites (preferred)
* note MS

Invariant: massage-order-says-what
Description: "An order says what is ordered, by a code or in words."
Severity: #error
Expression: "coding.code.exists() or text.exists()"

// The same codes are excluded from the value set massage-services.
Invariant: massage-order-not-look-alike
Description: "Codes that carry the word massage and are something else, such as cardiac massage, order no massage therapy."
Severity: #error
Expression: "code.coding.where(system = 'http://snomed.info/sct' and (code = '83099006' or code = '149213005' or code = '129090007' or code = '395127001' or code = '1388791008')).empty()"

Invariant: massage-order-asks
Description: "An order asks for massage; one that forbids it (doNotPerform) is not a referral."
Severity: #error
Expression: "doNotPerform.empty() or doNotPerform = false"

Invariant: massage-order-requester
Description: "An order should say who asks: the service has to know whom to call back."
Severity: #warning
Expression: "requester.exists()"

Invariant: massage-order-reason
Description: "An order should give its reason: the therapist has to know what the massage is for."
Severity: #warning
Expression: "reasonCode.exists() or reasonReference.exists()"
