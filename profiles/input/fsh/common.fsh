// What all files use: names of code systems of others, what every published artefact says of itself, and the parts
// that several profiles share.

Alias: $sct = http://snomed.info/sct
Alias: $loinc = http://loinc.org
Alias: $ucum = http://unitsofmeasure.org
Alias: $service-type = http://terminology.hl7.org/CodeSystem/service-type
Alias: $cancellation = http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason
Alias: $absent = http://terminology.hl7.org/CodeSystem/data-absent-reason
Alias: $category = http://terminology.hl7.org/CodeSystem/observation-category
Alias: $task-code = http://hl7.org/fhir/CodeSystem/task-code
Alias: $cpt = http://www.ama-assn.org/go/cpt
Alias: $icd10pcs = http://www.cms.gov/Medicare/Coding/ICD10
Alias: $cow = http://hl7.org/fhir/uv/cow/CodeSystem/temp
Alias: $bser = http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS
Alias: $ours = https://massage-fhir.org/fhir/identifier/intention

// The date is that of the last change, set by hand: a date of the build would make every build differ.
RuleSet: Published
* ^experimental = false
* ^date = "2026-11-24"
* ^publisher = "massage-fhir"

// The same, for what is written as an instance.
RuleSet: PublishedInstance
* status = #active
* experimental = false
* date = "2026-11-24"
* publisher = "massage-fhir"

// The mark of everything that we create: how we find it again, and how a hospital sees that it came from us.
RuleSet: MarkedAsOurs(min)
* identifier MS
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier ^slicing.description = "Ours by its system; the hospital may add its own."
* identifier contains ours {min}..1 MS
* identifier[ours] ^short = "Mark of the massage service: one for each thing that it meant to write"
* identifier[ours].system 1..1
* identifier[ours].system = $ours (exactly)
* identifier[ours].value 1..1
