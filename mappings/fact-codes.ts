/**
 * Which code is a fact of which topic: only codes that were seen in a published source (clinical §2, §5), by system and
 * never by display. Grouping for people who read, no rule: what a fact means for a visit is for clinicians. What is not
 * here is shown as "present, code not understood"; RxNorm is missing on purpose, as no published set was verified.
 */
import { icd10cm, inOneSpelling } from '../src/core/code-patterns.ts';
import { type Coding, loinc, snomed } from '../src/core/concept.ts';
import type { FactTopic } from '../src/core/facts.ts';

export interface FactCode {
  /** `none`: understood, and of none of the topics (a reason for massage, a pain score). */
  readonly topic: FactTopic | 'none';
  readonly system: string;
  /** ICD-10-CM codes that end in `*` stand for everything that begins so. */
  readonly code: string;
  readonly name: string;
  /** It tells of the past. */
  readonly history: boolean;
}

const history = ' (history)';

function codes(topic: FactCode['topic'], system: string, lines: string): FactCode[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .map((line) => {
      const [code = ''] = line.split(' ');
      const name = line.slice(code.length + 1).replace(history, '');
      return { topic, system, code, name, history: line.endsWith(history) };
    });
}

export const factCodes: readonly FactCode[] = [
  ...codes(
    'clots-and-bleeding',
    snomed,
    `
    128053003 Deep venous thrombosis
    404223003 Deep venous thrombosis of lower extremity
    128054009 Deep venous thrombosis of upper extremity
    40198004 Thrombophlebitis of deep veins of lower extremity
    161508001 History of deep vein thrombosis (history)
    59282003 Pulmonary embolism
    64779008 Blood coagulation disorder
    90935002 Hemophilia
    302215000 Thrombocytopenic disorder
    67406007 Disseminated intravascular coagulation
    81839001 Anticoagulant product
    48603004 Warfarin
    84812008 Heparin
    87233003 Low molecular weight heparin`,
  ),
  ...codes(
    'clots-and-bleeding',
    icd10cm,
    `
    I82.4* Acute embolism and thrombosis of deep veins of lower extremity
    I80.2* Phlebitis and thrombophlebitis of other deep vessels of lower extremities
    I26.* Pulmonary embolism
    D68.* Other coagulation defects
    D69.* Purpura and other hemorrhagic conditions
    Z79.01 Long term use of anticoagulants
    Z79.02 Long term use of antithrombotics or antiplatelets
    Z86.718 Personal history of other venous thrombosis and embolism (history)`,
  ),
  ...codes(
    'clots-and-bleeding',
    loinc,
    `
    777-3 Platelets in blood, automated count
    26515-7 Platelets in blood
    6301-6 INR
    34714-6 INR
    46418-0 INR
    38875-1 INR
    718-7 Hemoglobin`,
  ),
  ...codes(
    'skin',
    snomed,
    `
    399912005 Pressure ulcer
    416462003 Wound
    125643001 Open wound
    125666000 Burn
    4740000 Herpes zoster
    123951002 Cellulitis of skin
    48277006 Impetigo
    387713003 Surgical procedure`,
  ),
  ...codes('skin', loinc, '38227-5 Braden scale total score'),
  ...codes(
    'bone',
    snomed,
    `
    94222008 Secondary malignant neoplasm of bone
    268029009 Pathological fracture
    125605004 Fracture of bone
    64859006 Osteoporosis
    71286001 Spinal cord compression`,
  ),
  ...codes('bone', icd10cm, 'C79.51 Secondary malignant neoplasm of bone'),
  ...codes(
    'lines-and-devices',
    snomed,
    `
    52124006 Central venous catheter
    82449006 Peripheral intravenous catheter
    19923001 Catheter
    34759008 Urethral catheter
    14106009 Cardiac pacemaker
    72506001 Implantable defibrillator
    69805005 Insulin pump`,
  ),
  ...codes(
    'infection',
    snomed,
    `
    386661006 Fever
    165517008 Neutropenia
    409089005 Febrile neutropenia
    767658000 Neutropenia due to and following chemotherapy
    423590009 Clostridium difficile
    186431008 Clostridium difficile infection
    409688003 Hospital isolation room
    91302008 Sepsis`,
  ),
  ...codes(
    'infection',
    icd10cm,
    `
    Z22.322 Carrier of methicillin resistant Staphylococcus aureus
    U07.1 COVID-19`,
  ),
  ...codes(
    'infection',
    loinc,
    `
    8310-5 Body temperature
    751-8 Neutrophils, automated count
    6690-2 Leukocytes`,
  ),
  ...codes(
    'allergy',
    snomed,
    `
    300916003 Latex allergy
    256350002 Almond
    391737006 Almond oil
    735211005 Coconut
    42416001 Lanolin
    260167008 Sesame seed`,
  ),
  ...codes('allergy', icd10cm, 'Z91.040 Latex allergy status'),
  ...codes(
    'sensation',
    snomed,
    `
    386033004 Neuropathy
    42345000 Polyneuropathy
    44077006 Numbness
    247398009 Neuropathic pain
    230572002 Diabetic neuropathy
    424736006 Diabetic peripheral neuropathy
    7339009 Drug-caused polyneuropathy
    17971005 Sedated
    271782001 Drowsy`,
  ),
  ...codes(
    'sensation',
    icd10cm,
    `
    R20.* Disturbances of skin sensation
    G62.9 Polyneuropathy
    G62.0 Drug-induced polyneuropathy
    G60.9 Hereditary and idiopathic neuropathy
    E11.42 Type 2 diabetes with diabetic polyneuropathy`,
  ),
  ...codes(
    'consent',
    snomed,
    `
    408835000 Consent for procedure given
    2776000 Delirium
    105480006 Refusal of treatment by patient
    183946001 Procedure refused, uncooperative
    183948000 Refused procedure, parent's wish`,
  ),
  ...codes(
    'other',
    snomed,
    `
    363346000 Malignant neoplastic disease
    128462008 Secondary malignant neoplastic disease
    93143009 Leukemia
    53438000 Radiotherapy
    234097001 Lymphedema
    33129002 Postmastectomy lymphedema
    440121002 Postsurgical lymphedema
    77386006 Pregnant
    57630001 First trimester pregnancy
    47200007 High risk pregnancy
    398254007 Pre-eclampsia
    46764007 Severe pre-eclampsia
    38341003 Hypertensive disorder
    59621000 Essential hypertension
    443482000 Hypertensive urgency
    70272006 Malignant hypertension
    27942005 Shock
    57054005 Acute myocardial infarction
    84114007 Heart failure
    42343007 Congestive heart failure`,
  ),
  ...codes(
    'other',
    icd10cm,
    `
    G89.3 Neoplasm related pain
    C80.1 Malignant neoplasm
    C50.919 Malignant neoplasm of breast
    I89.0 Lymphedema
    I97.2 Postmastectomy lymphedema
    I10 Essential hypertension
    I16.0 Hypertensive urgency
    I16.1 Hypertensive emergency
    I16.9 Hypertensive crisis
    Z51.11 Encounter for antineoplastic chemotherapy`,
  ),
  ...codes(
    'other',
    loinc,
    `
    82810-3 Pregnancy status
    85354-9 Blood pressure
    8480-6 Systolic blood pressure
    8462-4 Diastolic blood pressure`,
  ),
  ...codes(
    'none',
    snomed,
    `
    387854002 Massage
    229506003 Scar tissue massage
    406147003 Infant massage
    231107005 Acupressure
    82423001 Chronic pain
    373621006 Chronic pain syndrome
    22253000 Pain
    161891005 Backache
    279039007 Low back pain
    81680005 Neck pain
    23056005 Sciatica
    68962001 Muscle pain
    279062009 Myofascial pain
    45352006 Spasm
    25064002 Headache
    203082005 Fibromyalgia
    95417003 Primary fibromyalgia syndrome
    282026002 Soft tissue injury
    262965006 Strain of back muscle
    209565008 Lumbar sprain
    209557005 Neck sprain
    44465007 Sprain of ankle
    48694002 Anxiety
    21897009 Generalized anxiety disorder
    73595000 Stress
    193462001 Insomnia
    84229001 Fatigue
    422587007 Nausea
    103735009 Palliative care
    385763009 Hospice care
    182964004 Terminal care
    300936002 Terminal illness`,
  ),
  ...codes(
    'none',
    icd10cm,
    `
    G89.29 Chronic pain
    G89.4 Chronic pain syndrome
    G89.21 Chronic pain due to trauma
    G89.28 Chronic post-procedural pain
    R52 Pain
    M54.5 Low back pain
    M54.2 Neck pain
    M79.10 Myalgia
    M79.18 Myalgia, other site
    M62.838 Muscle spasm
    M79.7 Fibromyalgia
    S39.012A Strain of lower back
    S16.1XXA Strain of neck
    S46.919A Strain of shoulder
    S13.4XXA Sprain of neck
    F41.9 Anxiety
    F41.1 Generalized anxiety disorder
    Z73.3 Stress
    Z51.5 Palliative care`,
  ),
  ...codes(
    'none',
    loinc,
    `
    72514-3 Pain severity, 0-10
    38208-5 Pain severity, reported
    38214-3 Pain severity, visual analog
    38221-8 Pain severity, faces
    70274-6 GAD-7 total score
    77862-1 PROMIS anxiety
    8867-4 Heart rate
    9279-1 Respiratory rate
    59408-5 Oxygen saturation
    2708-6 Oxygen saturation, arterial`,
  ),
];

/** Vital signs are measured every hour: asked for together with the others they would push a blood count out of reach. */
const vitalSigns: readonly string[] = ['8310-5', '85354-9', '8480-6', '8462-4'];

/** LOINC tokens of a topic, in two groups that are asked for apart. */
export const observationCodes: readonly (readonly string[])[] = [false, true].map((vital) =>
  factCodes
    .filter(
      ({ system, topic, code }) =>
        system === loinc && topic !== 'none' && vitalSigns.includes(code) === vital,
    )
    .map(({ system, code }) => `${system}|${code}`),
);

const exact = new Map(
  factCodes
    .filter(({ code }) => !code.endsWith('*'))
    .map((one) => [`${one.system}|${inOneSpelling(one.system, one.code)}`, one]),
);
const prefixes = factCodes
  .filter(({ code }) => code.endsWith('*'))
  .map((one) => ({ one, begins: inOneSpelling(one.system, one.code.slice(0, -1)) }));

/** What a coding is here; undefined for a code of no table, and for one without its system. */
export function factCodeOf({ system, code }: Coding): FactCode | undefined {
  if (system === undefined || code === undefined) return undefined;
  const spelled = inOneSpelling(system, code);
  return (
    exact.get(`${system}|${spelled}`) ??
    prefixes.find(({ one, begins }) => one.system === system && spelled.startsWith(begins))?.one
  );
}
