// What may stand where. Codes of SNOMED CT, LOINC and HL7 only where they were seen in a published source, with the
// display of that source; codes of CPT are numbers without words, because the words belong to the AMA.

RuleSet: SnomedSet
* ^copyright = "Includes content from SNOMED CT, © SNOMED International. The codes are those of the SNOMED CT Global Patient Set 20200930 (CC BY 4.0) and of value sets of HL7 FHIR R4. Other use of SNOMED CT needs a licence: see http://www.snomed.org/snomed-ct/get-snomed."

ValueSet: MassageServices
Id: massage-services
Title: "Massage services"
Description: "Codes that order or report massage therapy. A site adds its own by a code table, never by a display: codes that carry the word massage and are something else are excluded by name."
* insert Published
* ^copyright = "Includes content from SNOMED CT, © SNOMED International. The codes are those of the SNOMED CT Global Patient Set 20200930 (CC BY 4.0) and of value sets of HL7 FHIR R4. Other use of SNOMED CT needs a licence: see http://www.snomed.org/snomed-ct/get-snomed. CPT is a registered trademark of the American Medical Association, which holds the copyright of its content; only the number of one code is named here."
* $sct#387854002 "Massage physiotherapy (regime/therapy)"
* $sct#229506003 "Scar tissue massage"
* $sct#406147003 "Infant massage (regime/therapy)"
* $service-type#25 "Massage Therapy"
* $cpt#97124
* $icd10pcs#8E0KX1Z
// Resuscitation
* exclude $sct#83099006 "Manual external cardiac massage with closed chest (procedure)"
// Open chest massage of the heart
* exclude $sct#149213005
// Massage of the carotid sinus, done by a physician against an arrhythmia
* exclude $sct#129090007 "Carotid sinus massage procedure phase (qualifier value)"
// Teaching parents, not treating an infant
* exclude $sct#395127001 "Infant massage health education (procedure)"
// A urine specimen after prostatic massage
* exclude $sct#1388791008

ValueSet: MassageTechniques
Id: massage-techniques
Title: "Massage techniques"
Description: "All techniques of ours."
* insert Published
* include codes from system MassageTechnique

ValueSet: WaltonPressures
Id: walton-pressures
Title: "Massage pressure, Walton scale"
Description: "The five levels of pressure."
* insert Published
* include codes from system WaltonPressure

ValueSet: BusinessStatuses
Id: business-statuses
Title: "Where a referral for massage stands"
Description: "All codes of ours for Task.businessStatus."
* insert Published
* include codes from system BusinessStatus

ValueSet: VisitNotHeldReasons
Id: visit-not-held-reasons
Title: "Why a massage visit was stopped or not done"
Description: "Ours, and the SNOMED CT codes that stand for some of them."
* insert Published
* insert SnomedSet
* include codes from system VisitReason
* $sct#105480006 "Refusal of treatment by patient (situation)"
* $sct#397745006 "Medical contraindication (finding)"
* $sct#426201006 "Interpreter not available (finding)"
* $sct#281399006 "Did not attend (finding)"

ValueSet: VisitCancelledReasons
Id: visit-cancelled-reasons
Title: "Why a massage visit was called off"
Description: "Ours, and all reasons of HL7 for the cancellation of an appointment."
* insert Published
* include codes from system VisitReason
* include codes from system $cancellation

ValueSet: Interrupters
Id: interrupters
Title: "Who interrupted a massage visit"
Description: "All kinds of interruption."
* insert Published
* include codes from system Interrupter

ValueSet: ScoreMissingReasons
Id: score-missing-reasons
Title: "Why a score was not taken"
Description: "The reasons of HL7 that occur at the bedside, and ours, which say more."
* insert Published
* include codes from system MissingReason
* $absent#not-performed "Not Performed"
* $absent#asked-declined "Asked But Declined"
* $absent#not-asked "Not Asked"

ValueSet: Measures
Id: measures
Title: "What is rated before and after a visit"
Description: "Ratings from 0 to 10: pain by its LOINC code, anxiety and stress by ours, because no verified LOINC code was found for them."
* insert Published
* ^copyright = "Includes content from LOINC (http://loinc.org), © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* $loinc#72514-3 "Pain severity - 0-10 verbal numeric rating [Score] - Reported"
* SessionObservation#anxiety "Anxiety, 0 to 10"
* SessionObservation#stress "Stress, 0 to 10"

ValueSet: Moments
Id: moments
Title: "Before or after the visit"
Description: "When a score was taken."
* insert Published
* include codes from system Moment

ValueSet: MassageBodySites
Id: massage-body-sites
Title: "Body sites of massage"
Description: "Where massage is done. A site that is not here is given in words, or by a code of the hospital."
* insert Published
* insert SnomedSet
* $sct#38266002 "Entire body as a whole (body structure)"
* $sct#69536005 "Head structure (body structure)"
* $sct#41695006 "Scalp structure (body structure)"
* $sct#89545001 "Face structure (body structure)"
* $sct#45048000 "Neck structure (body structure)"
* $sct#16982005 "Shoulder region structure (body structure)"
* $sct#53120007 "Upper limb structure (body structure)"
* $sct#14975008 "Forearm structure (body structure)"
* $sct#85562004 "Hand structure (body structure)"
* $sct#78904004 "Chest wall structure (body structure)"
* $sct#77568009 "Back structure, excluding neck (body structure)"
* $sct#52612000 "Lumbar region back structure (body structure)"
* $sct#46862004 "Buttock structure (body structure)"
* $sct#29836001 "Hip region structure (body structure)"
* $sct#61685007 "Lower limb structure (body structure)"
* $sct#68367000 "Thigh structure (body structure)"
* $sct#53840002 "Structure of calf of leg (body structure)"
* $sct#56459004 "Foot structure (body structure)"

ValueSet: MassagePositions
Id: massage-positions
Title: "Positions during massage"
Description: "How the patient lay or sat."
* insert Published
* insert SnomedSet
* $sct#40199007 "Supine body position (finding)"
* $sct#1240000 "Prone body position (finding)"
* $sct#102536004 "Left lateral decubitus position (finding)"
* $sct#102535000 "Right lateral decubitus position (finding)"
* $sct#33586001 "Sitting position (finding)"
* $sct#102538003 "Recumbent body position (finding)"

ValueSet: MassageProcedureStatus
Id: massage-procedure-status
Title: "Status of a massage visit that has ended"
Description: "What becomes of a visit: carried out, stopped early, not done; and what takes a record back."
* insert Published
* http://hl7.org/fhir/event-status#completed
* http://hl7.org/fhir/event-status#stopped
* http://hl7.org/fhir/event-status#not-done
* http://hl7.org/fhir/event-status#entered-in-error

ValueSet: MassageAppointmentStatus
Id: massage-appointment-status
Title: "Status of a massage visit in the calendar"
Description: "A visit that is settled. What is still being asked for (proposed, pending, waitlist) is for the hospital’s calendar to say."
* insert Published
* http://hl7.org/fhir/appointmentstatus#booked
* http://hl7.org/fhir/appointmentstatus#arrived
* http://hl7.org/fhir/appointmentstatus#checked-in
* http://hl7.org/fhir/appointmentstatus#fulfilled
* http://hl7.org/fhir/appointmentstatus#cancelled
* http://hl7.org/fhir/appointmentstatus#noshow
* http://hl7.org/fhir/appointmentstatus#entered-in-error

ValueSet: MassageObservationStatus
Id: massage-observation-status
Title: "Status of what was observed during a visit"
Description: "Written once, when the visit has ended; then only corrected or taken back."
* insert Published
* http://hl7.org/fhir/observation-status#final
* http://hl7.org/fhir/observation-status#amended
* http://hl7.org/fhir/observation-status#corrected
* http://hl7.org/fhir/observation-status#entered-in-error

ValueSet: OrderIntents
Id: order-intents
Title: "Intents that are acted on"
Description: "An order, whoever passed it on. A proposal, a plan or an option has not been decided by anybody yet."
* insert Published
* http://hl7.org/fhir/request-intent#order
* http://hl7.org/fhir/request-intent#original-order
* http://hl7.org/fhir/request-intent#reflex-order
* http://hl7.org/fhir/request-intent#filler-order
* http://hl7.org/fhir/request-intent#instance-order
