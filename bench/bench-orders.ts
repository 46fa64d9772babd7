/**
 * Orders as a large hospital has them, made up and the same in every run: between 1.5 and 2.4 kB, with a version and the
 * time of its writing. One in `every` asks for massage, all others for something else.
 */

/** Codes that stand in the orders of other services. */
const others = [
  ['http://snomed.info/sct', '91251008', 'Physical therapy procedure'],
  ['http://snomed.info/sct', '168731009', 'Standard chest X-ray'],
  ['http://loinc.org', '58410-2', 'CBC panel - Blood by Automated count'],
  ['http://www.ama-assn.org/go/cpt', '80053', 'Comprehensive metabolic panel'],
  ['urn:oid:2.16.840.1.113883.6.1', 'RAD-CT-ABD', 'CT abdomen and pelvis with contrast'],
] as const;
const massage = ['http://snomed.info/sct', '387854002', 'Massage therapy'] as const;
const words =
  'patient reports tightness of the upper back after long bed rest please see before discharge and note tolerance '.split(
    ' ',
  );

export interface OrderKind {
  /** One order in so many asks for massage; 0 for none. */
  readonly every: number;
}

export function isMassage(number: number, { every }: OrderKind): boolean {
  return every > 0 && number % every === 0;
}

/** The order with this number. */
export function orderOf(number: number, kind: OrderKind): fhir4.ServiceRequest {
  const [system, code, display] = isMassage(number, kind)
    ? massage
    : (others[number % others.length] ?? others[0]);
  const id = `o${String(number).padStart(7, '0')}`;
  const patient = number % 40_000;
  const sentence = Array.from(
    { length: 20 + ((number * 7) % 100) },
    (_, at) => words[(number + at * 3) % words.length],
  ).join(' ');
  return {
    resourceType: 'ServiceRequest',
    id,
    meta: {
      versionId: String(1 + (number % 4)),
      lastUpdated: instantOf(number),
      profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest'],
    },
    identifier: [
      {
        use: 'usual',
        type: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'PLAC' }],
        },
        system: 'urn:oid:1.2.840.114350.1.13.0.1.7.2.798268',
        value: `ORD-${900_000_000 + number}`,
      },
      { system: 'http://hospital.example/accession', value: `A${number}-${patient}` },
    ],
    status: number % 3 === 0 && !isMassage(number, kind) ? 'completed' : 'active',
    intent: 'order',
    category: [
      {
        coding: [
          { system: 'http://snomed.info/sct', code: '387713003', display: 'Surgical procedure' },
        ],
        text: 'Procedures',
      },
    ],
    priority: number % 10 === 0 ? 'urgent' : 'routine',
    code: { coding: [{ system, code, display }], text: display },
    subject: { reference: `Patient/p${patient}`, display: `Example, Person ${patient}` },
    encounter: { reference: `Encounter/e${number}`, display: 'Inpatient stay' },
    occurrencePeriod: { start: instantOf(number), end: instantOf(number + 600_000) },
    authoredOn: instantOf(number),
    requester: {
      reference: `Practitioner/d${number % 300}`,
      display: `Dr. Example ${number % 300}`,
    },
    locationReference: [{ reference: `Location/w${number % 60}`, display: `Ward ${number % 60}` }],
    reasonCode: [
      {
        coding: [
          {
            system: 'http://hl7.org/fhir/sid/icd-10-cm',
            code: 'M54.6',
            display: 'Pain in thoracic spine',
          },
        ],
        text: 'Pain in thoracic spine',
      },
    ],
    bodySite: [
      { coding: [{ system: 'http://snomed.info/sct', code: '77568009', display: 'Back' }] },
    ],
    note: [{ text: sentence }],
  };
}

/** A second of the year 2025 for each order. */
function instantOf(number: number): string {
  return new Date(Date.UTC(2025, 0, 1) + number * 1_000).toISOString();
}
