// Our own codes: what no published system has a verified code for. At run time they live in the code of the adapter
// (src/core, mappings/code-systems.ts); a test holds both against each other, code by code and word by word.

RuleSet: OurCodes
* insert Published
* ^caseSensitive = true
* ^content = #complete

CodeSystem: MassageTechnique
Id: massage-technique
Title: "Massage techniques"
Description: "What a massage therapist does with the hands. SNOMED CT has verified codes for two of them: see the concept map technique-out."
* insert OurCodes
* #swedish "Swedish massage"
* #effleurage "Effleurage"
* #petrissage "Petrissage"
* #friction "Friction"
* #tapotement "Tapotement"
* #deep-tissue "Deep tissue massage"
* #myofascial-release "Myofascial release"
* #trigger-point "Trigger point therapy"
* #manual-lymphatic-drainage "Manual lymphatic drainage"
* #scar-massage "Scar tissue massage"
* #reflexology "Reflexology"
* #acupressure "Acupressure"
* #craniosacral "Craniosacral therapy"
* #gentle-touch "Gentle touch"
* #hand-massage "Hand massage"
* #foot-massage "Foot massage"
* #oncology-modified "Massage modified for oncology"
* #joint-mobilisation "Joint mobilisation"
* #stretching "Stretching"
* #other "Other technique"

CodeSystem: WaltonPressure
Id: walton-pressure
Title: "Massage pressure, Walton scale"
Description: "Five levels of pressure, from spreading a lotion to deep work, as hospitals use them to limit what a patient may be given."
* insert OurCodes
* #1 "Light lotioning"
* #2 "Heavy lotioning"
* #3 "Medium pressure"
* #4 "Strong pressure"
* #5 "Deep pressure"

CodeSystem: BusinessStatus
Id: business-status
Title: "Where a referral for massage stands"
Description: "What Task.businessStatus says beside Task.status. The concept map business-status gives the codes that Clinical Order Workflows and BSeR have for them."
* insert OurCodes
* #to-be-scheduled "Accepted, to be scheduled" "The referral was accepted and has no visit ahead of it yet."
* #visit-scheduled "Visit scheduled" "A visit is booked."
* #visit-under-way "Visit under way" "The therapist is with the patient."
* #visit-complete "Visit complete" "The last visit was carried out; none is booked now."
* #visit-missed "Visit missed" "The patient did not attend the last visit; none is booked now."
* #visit-cancelled "Visit cancelled" "The last visit was called off or could not be done; none is booked now."
* #on-hold "On hold" "Nothing is done until the hospital or the service says so."
* #cancellation-requested "Cancellation requested" "The hospital has asked to end what has begun."
* #cancelled-as-requested "Cancelled as requested" "It was ended after it had begun, because the hospital asked."

CodeSystem: VisitReason
Id: visit-reason
Title: "Why a massage visit was not held, or stopped"
Description: "Reasons of the bedside. Where HL7 or SNOMED CT has a verified code for one, the concept maps cancelation-reason and status-reason give it."
* insert OurCodes
* #asleep "Patient asleep"
* #declined "Patient declined"
* #off-unit "Patient off the unit"
* #with-care-team "Patient with the care team"
* #clinician-hold "Held by a clinician"
* #contraindicated "Contraindicated today"
* #isolation "Isolation precautions"
* #no-interpreter "Interpreter not available"
* #discharged "Patient discharged"
* #deceased "Patient deceased"
* #feeling-better "Patient feels better"
* #discomfort "Patient discomfort"
* #therapist-unavailable "Therapist not available"
* #order-ended "The order ended"
* #no-show "Patient did not attend"

CodeSystem: Interrupter
Id: interrupter
Title: "Who interrupted a massage visit"
Description: "By whom or what a pause of a visit was made."
* insert OurCodes
* #care-team "Care team"
* #family "Family or visitors"
* #device "Device or line"
* #patient "Patient"

CodeSystem: MissingReason
Id: missing-reason
Title: "Why a score was not taken"
Description: "Patients often sleep when a visit ends: why there is no score is as much part of the record as a score."
* insert OurCodes
* #asleep "Patient asleep"
* #declined "Patient declined"
* #not-asked "Not asked"

CodeSystem: SessionObservation
Id: session-observation
Title: "What is observed during a massage visit"
Description: "Codes of the Observations that are part of the Procedure of a visit, and of their components."
* insert OurCodes
* #pain "Pain severity, 0 to 10"
* #anxiety "Anxiety, 0 to 10"
* #stress "Stress, 0 to 10"
* #hands-on "Hands-on minutes, pauses excluded"
* #pause "Pause of a massage visit, by whom"
* #technique-applied "Technique applied"
* #technique "Technique"
* #body-site "Body site"
* #pressure "Pressure, Walton scale 1 to 5"
* #position "Position of the patient"

CodeSystem: Moment
Id: moment
Title: "Before or after the visit"
Description: "When a score was taken. It is said in a code, because servers may round the times that would tell."
* insert OurCodes
* #before "Before the visit"
* #after "After the visit"

CodeSystem: BodySite
Id: body-site
Title: "Names of body sites"
Description: "Words of therapists for a site; the concept map body-site gives the SNOMED CT code of each."
* insert OurCodes
* #whole-body "Whole body"
* #head "Head"
* #scalp "Scalp"
* #face "Face"
* #neck "Neck"
* #shoulder "Shoulder"
* #upper-limb "Upper limb"
* #forearm "Forearm"
* #hand "Hand"
* #chest-wall "Chest wall"
* #back "Back"
* #lower-back "Lower back"
* #buttock "Buttock"
* #hip "Hip"
* #lower-limb "Lower limb"
* #thigh "Thigh"
* #calf "Calf"
* #foot "Foot"

CodeSystem: TaskOutput
Id: task-output
Title: "Outputs of a referral"
Description: "What an output of the Task of a referral is."
* insert OurCodes
* #resulting-activity "Resulting activity" "The Procedure of a visit that was carried out."
* #sessions-progress "Sessions carried out of those ordered" "How many visits were carried out of how many ordered, as a ratio."
