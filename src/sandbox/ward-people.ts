/**
 * Who and where: the hospital and its massage service, staff, two wards with their rooms and beds, thirty patients
 * and their stays. Every name is invented and looks it.
 */
import { concept, identifierSystems, own, sct } from './ward-codes.ts';

/** The nth patient of the ward (1 to 30) by id; visits and beds are numbered alike. */
export const patientId = (n: number) => `patient-${String(n).padStart(2, '0')}`;
export const encounterId = (n: number) => `encounter-${String(n).padStart(2, '0')}`;

const hour = 3_600_000;

/** An instant some hours before `now`. */
export function hoursBefore(now: Date, hours: number): string {
  return new Date(now.getTime() - hours * hour).toISOString();
}

const staff = [
  ['ana', 'Ana', 'Example', 'Massage therapist'],
  ['tomas', 'Tomas', 'Kneadwell', 'Massage therapist'],
  ['nurse-wren', 'Wren', 'Bandagehill', 'Registered nurse'],
  ['nurse-ivo', 'Ivo', 'Nightround', 'Registered nurse'],
  ['nurse-lotte', 'Lotte', 'Charthaven', 'Nurse practitioner'],
  ['dr-quill', 'Maren', 'Quillfeather', 'Physician'],
] as const;

const patients: readonly (readonly [string, string, 'female' | 'male' | 'other', string])[] = [
  ['Aldous', 'Fernwhistle', 'male', '1949-03-02'],
  ['Brisa', 'Cloudberry', 'female', '1971-11-19'],
  ['Corwin', 'Thistlewick', 'male', '1958-07-30'],
  ['Delphine', 'Mosswater', 'female', '1985-01-14'],
  ['Ezra', 'Lanternby', 'male', '1990-09-05'],
  ['Fiora', 'Pebblethorn', 'female', '1966-05-23'],
  ['Gideon', 'Saltmarrow', 'male', '1977-12-08'],
  ['Hestia', 'Willowmere', 'female', '1938-02-17'],
  ['Ignace', 'Copperfen', 'male', '1962-08-11'],
  ['Junia', 'Larkbottom', 'female', '1980-04-27'],
  ['Kasimir', 'Oatglimmer', 'male', '1954-10-03'],
  ['Linnea', 'Duskvale', 'female', '1993-06-21'],
  ['Mordecai', 'Plumgarden', 'male', '1945-01-29'],
  ['Nerys', 'Hollowbrook', 'female', '1969-03-16'],
  ['Osric', 'Tanglewood-Pike', 'male', '1988-12-31'],
  ['Petra', 'Snowquarry', 'female', '1975-07-07'],
  ['Quentin', 'Amberlock', 'male', '1951-05-12'],
  ['Rosalba', 'Finchwarden', 'female', '1997-02-28'],
  ['Sylvan', 'Bramblecote', 'other', '1983-09-17'],
  ['Tamsin', 'Featherstone-Moth', 'female', '1960-11-04'],
  ['Ulric', 'Greywharf', 'male', '1942-08-25'],
  ['Verena', 'Honeydell', 'female', '1978-10-13'],
  ['Wilbur', 'Inkpenny', 'male', '1964-04-06'],
  ['Xanthe', 'Juniperfield', 'female', '1991-01-22'],
  ['Yorick', 'Kettlebridge', 'male', '1956-06-18'],
  ['Zelda', 'Marigoldson', 'female', '1973-03-09'],
  ['Anselm', 'Nettlecroft', 'male', '1986-07-24'],
  ['Birgit', 'Orchardlight', 'female', '1948-12-15'],
  ['Casper', 'Quartzley', 'male', '2001-05-01'],
  ['Dagny', 'Rookhaven', 'female', '1967-09-28'],
];

/** The last two come from home to the massage room; all others lie in a bed. */
const inpatients = patients.length - 2;

const roleType = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const physicalType = 'http://terminology.hl7.org/CodeSystem/location-physical-type';

export function wardPeople(now: Date): fhir4.FhirResource[] {
  return [
    ...organizations(),
    ...staff.map(practitioner),
    ...therapistRoles(),
    ...places(),
    ...patients.map(
      ([given, family, gender, birthDate], n): fhir4.Patient => ({
        resourceType: 'Patient',
        id: patientId(n + 1),
        active: true,
        identifier: [
          {
            use: 'usual',
            type: { text: 'MRN' },
            system: identifierSystems.mrn,
            value: `MRN-${70_001 + n}`,
          },
          // real feeds hold identifiers without a system, whose kind stands in the text only
          ...(n % 7 === 0 ? [{ type: { text: 'EXTERNAL' }, value: `X${n + 1}` }] : []),
        ],
        name: [{ use: 'official', family, given: [given] }],
        gender,
        birthDate,
        managingOrganization: { reference: 'Organization/hospital' },
      }),
    ),
    ...patients.map((_, n) => stay(now, n + 1)),
  ];
}

/** The patient's name as hospitals print it beside a reference. */
export function patientDisplay(n: number): string {
  const [given, family] = patients[n - 1] ?? [];
  return `${family}, ${given}`;
}

function organizations(): fhir4.Organization[] {
  return [
    {
      resourceType: 'Organization',
      id: 'hospital',
      active: true,
      name: 'Sandbox General Hospital',
    },
    {
      resourceType: 'Organization',
      id: 'massage',
      active: true,
      name: 'Clinical Massage Therapy Service',
      partOf: { reference: 'Organization/hospital' },
    },
    {
      resourceType: 'Organization',
      id: 'physiotherapy',
      active: true,
      name: 'Physiotherapy',
      partOf: { reference: 'Organization/hospital' },
    },
  ];
}

function practitioner(
  [id, given, family, title]: (typeof staff)[number],
  n: number,
): fhir4.Practitioner {
  return {
    resourceType: 'Practitioner',
    id,
    active: true,
    identifier: [{ system: identifierSystems.staff, value: `S-${501 + n}` }],
    name: [{ use: 'official', family, given: [given] }],
    qualification: [{ code: { text: title } }],
  };
}

function therapistRoles(): fhir4.PractitionerRole[] {
  const nucc = 'http://nucc.org/provider-taxonomy';
  return ['ana', 'tomas'].map((id) => ({
    resourceType: 'PractitionerRole',
    id: `role-${id}`,
    active: true,
    practitioner: { reference: `Practitioner/${id}` },
    organization: { reference: 'Organization/massage' },
    code: [
      concept(sct('1172950003', 'Massage therapist (occupation)'), {
        system: nucc,
        code: '225700000X',
        display: 'Massage Therapist',
      }),
    ],
  }));
}

/** Wards 4 and 7, fourteen rooms of two beds, and the massage room downstairs. */
function places(): fhir4.Location[] {
  const place = (id: string, name: string, kind: string, partOf?: string): fhir4.Location => ({
    resourceType: 'Location',
    id,
    status: 'active',
    name,
    mode: 'instance',
    physicalType: { coding: [{ system: physicalType, code: kind }] },
    managingOrganization: { reference: 'Organization/hospital' },
    ...(partOf === undefined ? {} : { partOf: { reference: `Location/${partOf}` } }),
  });
  const rooms = Array.from({ length: inpatients / 2 }, (_, n) => roomOf(2 * n + 1));
  return [
    {
      ...place('hospital', 'Sandbox General Hospital', 'bu'),
      type: [{ coding: [{ system: roleType, code: 'HOSP', display: 'Hospital' }] }],
    },
    place('ward-4', 'Ward 4 (oncology and palliative care)', 'wa', 'hospital'),
    place('ward-7', 'Ward 7 (medicine and rehabilitation)', 'wa', 'hospital'),
    place('massage-room', 'Massage room', 'ro', 'hospital'),
    ...rooms.map((room) => place(`room-${room}`, `Room ${room}`, 'ro', `ward-${room.charAt(0)}`)),
    ...rooms.flatMap((room) =>
      ['a', 'b'].map((bed) =>
        place(`bed-${room}-${bed}`, `Room ${room}, bed ${bed.toUpperCase()}`, 'bd', `room-${room}`),
      ),
    ),
  ];
}

function roomOf(patient: number): string {
  const room = Math.ceil(patient / 2);
  return room <= 7 ? `40${room}` : `70${room - 7}`;
}

/** Where the patient lies or is seen. */
export function placeOfPatient(n: number): string {
  return n > inpatients ? 'massage-room' : `bed-${roomOf(n)}-${n % 2 === 1 ? 'a' : 'b'}`;
}

function stay(now: Date, n: number): fhir4.Encounter {
  const bedded = n <= inpatients;
  const start = hoursBefore(now, bedded ? 24 + 7 * n : 2);
  return {
    resourceType: 'Encounter',
    id: encounterId(n),
    identifier: [{ system: identifierSystems.visit, value: `V-${90_100 + n}` }],
    status: 'in-progress',
    class: bedded
      ? { system: actCode, code: 'IMP', display: 'inpatient encounter' }
      : { system: actCode, code: 'AMB', display: 'ambulatory' },
    type: [concept(own('visit-type', bedded ? 'stay' : 'visit', bedded ? 'Stay' : 'Visit'))],
    subject: { reference: `Patient/${patientId(n)}` },
    period: { start },
    location: [
      {
        location: { reference: `Location/${placeOfPatient(n)}` },
        status: 'active',
        period: { start },
      },
    ],
    serviceProvider: { reference: 'Organization/hospital' },
  };
}
