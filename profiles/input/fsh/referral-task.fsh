// How the two sides follow one referral: the request is the hospital's, its progress stands here.

Profile: MassageReferralTask
Parent: Task
Id: massage-referral-task
Title: "Referral for massage, as it proceeds"
Description: "The Task that asks the massage service to fulfil an order, and by which the service says how far it is. Where the hospital has none, the service makes one. On a Task of the hospital the service changes only status, statusReason, businessStatus, output, lastModified and, where nobody owns it, owner."
* insert Published
* insert MarkedAsOurs(0)
* obeys massage-task-reason and massage-task-result
* partOf MS
* status MS
* statusReason MS
* statusReason.text MS
* businessStatus MS
* businessStatus from BusinessStatuses (preferred)
* intent = #order
* intent MS
* priority MS
* code 1..1 MS
* code = $task-code#fulfill
* focus 1..1 MS
* focus only Reference(ServiceRequest)
* for 1..1 MS
* for only Reference(Patient)
* encounter MS
* authoredOn 1..1 MS
* lastModified 1..1 MS
* requester MS
* owner 1..1 MS
* restriction MS
* restriction.period MS
* input MS
* output MS
* output ^slicing.discriminator.type = #pattern
* output ^slicing.discriminator.path = "type"
* output ^slicing.rules = #open
* output ^slicing.description = "Ours by what they are; outputs of the hospital stay in their places."
* output contains result 0..* MS and progress 0..1 MS
* output[result] ^short = "A visit that was carried out"
* output[result].type = TaskOutput#resulting-activity
* output[result].value[x] only Reference(Procedure)
* output[progress] ^short = "How many visits of those ordered"
* output[progress].type = TaskOutput#sessions-progress
* output[progress].value[x] only Ratio
* output[progress].valueRatio obeys massage-task-progress

Invariant: massage-task-reason
Description: "A Task that is rejected, cancelled, on hold or failed says why, in words."
Severity: #error
Expression: "(status = 'rejected' or status = 'cancelled' or status = 'on-hold' or status = 'failed') implies statusReason.text.exists()"

Invariant: massage-task-result
Description: "A Task that is completed should lead to what came of it."
Severity: #warning
Expression: "status = 'completed' implies output.exists()"

Invariant: massage-task-progress
Description: "Progress is a number of visits carried out of a number of visits ordered that is not zero."
Severity: #error
Expression: "numerator.value >= 0 and denominator.value > 0 and numerator.code = '{session}' and denominator.code = '{session}'"
