// The code tables that the mappings translate with: mappings/code-tables.ts reads what these compile to. Codes of others
// stand here only where they were seen in a published source, with the display of that source; where there is none, ours
// goes out as it is (unmapped: provided). Equivalence says how the target stands to the source.

RuleSet: Map(id, name)
* url = "https://massage-fhir.org/fhir/ConceptMap/{id}"
* name = "{name}"
* insert PublishedInstance

RuleSet: Group(source, target)
* group[+].source = "{source}"
* group[=].target = "{target}"

RuleSet: To(code, display, target, targetDisplay, equivalence)
* group[=].element[+].code = #{code}
* group[=].element[=].display = "{display}"
* group[=].element[=].target.code = #{target}
* group[=].element[=].target.display = "{targetDisplay}"
* group[=].element[=].target.equivalence = #{equivalence}

RuleSet: ToNothing(code, display, comment)
* group[=].element[+].code = #{code}
* group[=].element[=].display = "{display}"
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[=].target.comment = "{comment}"

// A code of ours that stays ours.
RuleSet: Same(code, display)
* group[=].element[+].code = #{code}
* group[=].element[=].display = "{display}"
* group[=].element[=].target.code = #{code}
* group[=].element[=].target.display = "{display}"
* group[=].element[=].target.equivalence = #equal

RuleSet: OursGoOutAsTheyAre
* group[=].unmapped.mode = #provided

RuleSet: SnomedMap
* copyright = "Includes content from SNOMED CT, © SNOMED International. The codes are those of the SNOMED CT Global Patient Set 20200930 (CC BY 4.0) and of value sets of HL7 FHIR R4. Other use of SNOMED CT needs a licence: see http://www.snomed.org/snomed-ct/get-snomed."

RuleSet: LoincMap
* copyright = "Includes content from LOINC (http://loinc.org), © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."

Instance: business-status
InstanceOf: ConceptMap
Usage: #definition
* insert Map(business-status, BusinessStatusToGuides)
* title = "Where a referral stands, in the codes of guides"
* description = "Our businessStatus codes to those of Clinical Order Workflows, which calls its own temporary, and of BSeR."
* insert Group(https://massage-fhir.org/fhir/CodeSystem/business-status, http://hl7.org/fhir/uv/cow/CodeSystem/temp)
* insert ToNothing(to-be-scheduled, [[Accepted, to be scheduled]], [[Task.status accepted says it.]])
* insert To(visit-scheduled, [[Visit scheduled]], visit-scheduled, [[The patient is scheduled for the requested consultation or procedure]], equivalent)
* insert ToNothing(visit-under-way, [[Visit under way]], [[Task.status in-progress is all that the guide has.]])
* insert To(visit-complete, [[Visit complete]], visit-complete, [[The visit with the patient for the requested consultation or procedure is complete]], equivalent)
* insert ToNothing(visit-missed, [[Visit missed]], [[The guide has no code for a no-show.]])
* insert ToNothing(visit-cancelled, [[Visit cancelled]], [[The guide has no code for a visit that was called off.]])
* insert ToNothing(on-hold, [[On hold]], [[Task.status on-hold says it, once work has begun.]])
* insert ToNothing(cancellation-requested, [[Cancellation requested]], [[The guide asks by a Task of its own, code abort.]])
* insert ToNothing(cancelled-as-requested, [[Cancelled as requested]], [[Task.status and statusReason say it.]])
* insert Group(https://massage-fhir.org/fhir/CodeSystem/business-status, http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS)
* insert To(to-be-scheduled, [[Accepted, to be scheduled]], 3.0, [[Service Request Accepted]], wider)
* insert To(visit-scheduled, [[Visit scheduled]], 5.1.1, [[Service Request Event Scheduled]], equivalent)
* insert ToNothing(visit-under-way, [[Visit under way]], [[The guide goes from scheduled to completed.]])
* insert To(visit-complete, [[Visit complete]], 5.1.4, [[Service Request Event Completed]], equivalent)
* insert To(visit-missed, [[Visit missed]], 5.1.2, [[Scheduled Service Request Event Unattended]], equivalent)
* insert To(visit-cancelled, [[Visit cancelled]], 5.1.3, [[Scheduled Service Request Event Cancelled]], equivalent)
* insert ToNothing(on-hold, [[On hold]], [[The guide has no hold.]])
* insert To(cancellation-requested, [[Cancellation requested]], 5.2, [[Service Request Cancellation Requested]], equivalent)
* insert To(cancelled-as-requested, [[Cancelled as requested]], 6.0, [[Service Request Fulfillment Cancelled]], wider)

Instance: body-site
InstanceOf: ConceptMap
Usage: #definition
* insert Map(body-site, BodySiteToSnomed)
* title = "Names of body sites to SNOMED CT"
* description = "The words of therapists for a site to the SNOMED CT code of the site."
* insert SnomedMap
* insert Group(https://massage-fhir.org/fhir/CodeSystem/body-site, http://snomed.info/sct)
* insert To(whole-body, [[Whole body]], 38266002, [[Entire body as a whole (body structure)]], equivalent)
* insert To(head, [[Head]], 69536005, [[Head structure (body structure)]], equivalent)
* insert To(scalp, [[Scalp]], 41695006, [[Scalp structure (body structure)]], equivalent)
* insert To(face, [[Face]], 89545001, [[Face structure (body structure)]], equivalent)
* insert To(neck, [[Neck]], 45048000, [[Neck structure (body structure)]], equivalent)
* insert To(shoulder, [[Shoulder]], 16982005, [[Shoulder region structure (body structure)]], equivalent)
* insert To(upper-limb, [[Upper limb]], 53120007, [[Upper limb structure (body structure)]], equivalent)
* insert To(forearm, [[Forearm]], 14975008, [[Forearm structure (body structure)]], equivalent)
* insert To(hand, [[Hand]], 85562004, [[Hand structure (body structure)]], equivalent)
* insert To(chest-wall, [[Chest wall]], 78904004, [[Chest wall structure (body structure)]], equivalent)
* insert To(back, [[Back]], 77568009, [[Back structure, excluding neck (body structure)]], equivalent)
* insert To(lower-back, [[Lower back]], 52612000, [[Lumbar region back structure (body structure)]], equivalent)
* insert To(buttock, [[Buttock]], 46862004, [[Buttock structure (body structure)]], equivalent)
* insert To(hip, [[Hip]], 29836001, [[Hip region structure (body structure)]], equivalent)
* insert To(lower-limb, [[Lower limb]], 61685007, [[Lower limb structure (body structure)]], equivalent)
* insert To(thigh, [[Thigh]], 68367000, [[Thigh structure (body structure)]], equivalent)
* insert To(calf, [[Calf]], 53840002, [[Structure of calf of leg (body structure)]], equivalent)
* insert To(foot, [[Foot]], 56459004, [[Foot structure (body structure)]], equivalent)

Instance: cancelation-reason
InstanceOf: ConceptMap
Usage: #definition
* insert Map(cancelation-reason, VisitReasonToCancelation)
* title = "Our visit reasons to Appointment.cancelationReason"
* description = "Why a visit was called off, in the codes of HL7. A hospital’s code leads back to ours only where both mean the same."
* insert Group(https://massage-fhir.org/fhir/CodeSystem/visit-reason, http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason)
* insert To(declined, [[Patient declined]], pat, [[Patient]], wider)
* insert To(feeling-better, [[Patient feels better]], pat-fb, [[Patient: Feeling Better]], equivalent)
* insert To(deceased, [[Patient deceased]], pat-dec, [[Patient: Deceased]], equivalent)
* insert To(discharged, [[Patient discharged]], prov-dch, [[Provider: Discharged]], equivalent)
* insert To(no-interpreter, [[Interpreter not available]], oth-int, [[Other: No Interpreter Available]], equivalent)
* insert To(therapist-unavailable, [[Therapist not available]], prov, [[Provider]], wider)
* insert ToNothing(no-show, [[Patient did not attend]], [[R4 app-4 as published refuses a reason on a no-show.]])
* insert OursGoOutAsTheyAre

Instance: data-absent-reason
InstanceOf: ConceptMap
Usage: #definition
* insert Map(data-absent-reason, MissingReasonToDataAbsent)
* title = "Why there is no score, to data-absent-reason"
* description = "Why a score is missing, in the codes that Observation.dataAbsentReason is read by."
* insert Group(https://massage-fhir.org/fhir/CodeSystem/missing-reason, http://terminology.hl7.org/CodeSystem/data-absent-reason)
* insert To(asleep, [[Patient asleep]], not-performed, [[Not Performed]], wider)
* insert To(declined, [[Patient declined]], asked-declined, [[Asked But Declined]], equivalent)
* insert To(not-asked, [[Not asked]], not-asked, [[Not Asked]], equivalent)

Instance: interrupter
InstanceOf: ConceptMap
Usage: #definition
* insert Map(interrupter, InterrupterToHospital)
* title = "Who interrupted a visit; ours until a site lays its own codes over it"
* description = "No published system has codes for who interrupted a visit: ours go out as they are."
* insert Group(https://massage-fhir.org/fhir/CodeSystem/interrupter, https://massage-fhir.org/fhir/CodeSystem/interrupter)
* insert Same(care-team, Care team)
* insert Same(family, Family or visitors)
* insert Same(device, Device or line)
* insert Same(patient, Patient)

Instance: measure
InstanceOf: ConceptMap
Usage: #definition
* insert Map(measure, MeasureToLoinc)
* title = "Our measures to LOINC, where a code is verified"
* description = "A verified LOINC code exists for the 0 to 10 rating of pain only."
* insert LoincMap
* insert Group(https://massage-fhir.org/fhir/CodeSystem/session-observation, http://loinc.org)
* insert To(pain, [[Pain severity, 0 to 10]], 72514-3, [[Pain severity - 0-10 verbal numeric rating [Score] - Reported]], equivalent)
* insert OursGoOutAsTheyAre

Instance: status-reason
InstanceOf: ConceptMap
Usage: #definition
* insert Map(status-reason, VisitReasonToStatusReason)
* title = "Our visit reasons to Procedure.statusReason"
* description = "Why a visit was stopped or not done, in SNOMED CT where a code is verified."
* insert SnomedMap
* insert Group(https://massage-fhir.org/fhir/CodeSystem/visit-reason, http://snomed.info/sct)
* insert To(declined, [[Patient declined]], 105480006, [[Refusal of treatment by patient (situation)]], equivalent)
* insert To(contraindicated, [[Contraindicated today]], 397745006, [[Medical contraindication (finding)]], equivalent)
* insert To(no-interpreter, [[Interpreter not available]], 426201006, [[Interpreter not available (finding)]], equivalent)
* insert To(no-show, [[Patient did not attend]], 281399006, [[Did not attend (finding)]], equivalent)
* insert OursGoOutAsTheyAre

Instance: technique-in
InstanceOf: ConceptMap
Usage: #definition
* insert Map(technique-in, TechniqueFromHospital)
* title = "Technique codes of hospitals to ours"
* description = "How the technique wishes of an order are read."
* insert SnomedMap
* insert Group(http://snomed.info/sct, https://massage-fhir.org/fhir/CodeSystem/massage-technique)
* insert To(229506003, [[Scar tissue massage]], scar-massage, [[Scar tissue massage]], equivalent)
* insert To(231107005, [[Acupressure (regime/therapy)]], acupressure, [[Acupressure]], equivalent)
* insert To(406147003, [[Infant massage (regime/therapy)]], other, [[Other technique]], wider)
* group[=].element[=].target.comment = "Our list has no technique for infants."
* insert Group(http://terminology.hl7.org/CodeSystem/service-type, https://massage-fhir.org/fhir/CodeSystem/massage-technique)
* insert To(29, [[Reflexology]], reflexology, [[Reflexology]], equivalent)
* insert Group(https://massage-fhir.org/fhir/CodeSystem/massage-technique, https://massage-fhir.org/fhir/CodeSystem/massage-technique)
* insert Same(swedish, Swedish massage)
* insert Same(effleurage, Effleurage)
* insert Same(petrissage, Petrissage)
* insert Same(friction, Friction)
* insert Same(tapotement, Tapotement)
* insert Same(deep-tissue, Deep tissue massage)
* insert Same(myofascial-release, Myofascial release)
* insert Same(trigger-point, Trigger point therapy)
* insert Same(manual-lymphatic-drainage, Manual lymphatic drainage)
* insert Same(scar-massage, Scar tissue massage)
* insert Same(reflexology, Reflexology)
* insert Same(acupressure, Acupressure)
* insert Same(craniosacral, Craniosacral therapy)
* insert Same(gentle-touch, Gentle touch)
* insert Same(hand-massage, Hand massage)
* insert Same(foot-massage, Foot massage)
* insert Same(oncology-modified, Massage modified for oncology)
* insert Same(joint-mobilisation, Joint mobilisation)
* insert Same(stretching, Stretching)
* insert Same(other, Other technique)

Instance: technique-out
InstanceOf: ConceptMap
Usage: #definition
* insert Map(technique-out, TechniqueToSnomed)
* title = "Our technique codes to SNOMED CT, where a code is verified"
* description = "SNOMED CT has verified codes for two of our techniques."
* insert SnomedMap
* insert Group(https://massage-fhir.org/fhir/CodeSystem/massage-technique, http://snomed.info/sct)
* insert To(scar-massage, [[Scar tissue massage]], 229506003, [[Scar tissue massage]], equivalent)
* insert To(acupressure, [[Acupressure]], 231107005, [[Acupressure (regime/therapy)]], equivalent)
* insert OursGoOutAsTheyAre
