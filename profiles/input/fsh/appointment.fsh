// One visit in the hospital's calendar.

Profile: MassageAppointment
Parent: Appointment
Id: massage-appointment
Title: "Massage visit in the calendar"
Description: "One visit as the massage service books it and carries it forward. An Appointment that the hospital made stays the hospital's: what is not named here is kept as it is."
* insert Published
* insert MarkedAsOurs(0)
* obeys massage-visit-times and massage-visit-patient and massage-visit-missed
* status MS
* status from MassageAppointmentStatus (required)
* cancelationReason MS
* cancelationReason from VisitCancelledReasons (preferred)
* serviceType 1..* MS
* serviceType from MassageServices (preferred)
* description MS
* start 1..1 MS
* end 1..1 MS
* comment MS
* comment ^short = "Why a visit was missed: R4 has no other place for it (app-4)"
* basedOn 1..* MS
* basedOn ^short = "The order that the visit is for"
* participant MS
* participant.type MS
* participant.actor MS
* participant.status MS

Invariant: massage-visit-times
Description: "A visit does not end before it begins."
Severity: #error
Expression: "start <= end"

Invariant: massage-visit-patient
Description: "One of the participants is the patient."
Severity: #error
Expression: "participant.actor.where(reference.startsWith('Patient/') or reference.contains('/Patient/') or type = 'Patient').exists()"

Invariant: massage-visit-missed
Description: "A visit that the patient missed says so in the comment, since R4 forbids a cancelationReason there (app-4)."
Severity: #error
Expression: "status = 'noshow' implies comment.exists()"
