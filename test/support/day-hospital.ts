/**
 * The hospital of a scripted day: its people, and what its staff write, over plain HTTP. Ids carry a prefix of the run,
 * because the server may be shared; and all that an order refers to is there first, because servers insist on it.
 */

import { get, post, put } from './fhir-http.ts';

export interface DayHospital {
  /** The door of the staff; the adapter may be shown another one, which allows less. */
  readonly base: string;
  /** `Type/id` → version of each order as the staff wrote it last: whatever else it shows, somebody else wrote. */
  readonly orderVersions: Readonly<Record<string, string>>;
  /** The id of something of this day. */
  id(name: string): string;
  /** `ServiceRequest/…` of an order. */
  order(name: string): string;
  /** Puts in place what orders refer to. */
  open(): Promise<void>;
  /** Places an order for a patient of its own. */
  place(name: string, more?: Partial<fhir4.ServiceRequest>): Promise<fhir4.ServiceRequest>;
  /** Asks the massage service for an order by a Task addressed to it. */
  ask(name: string): Promise<fhir4.Task>;
  /** Changes something that is there, as a person at a screen would: read, change, store. */
  change(reference: string, change: Change): Promise<void>;
  /** Asks for a visit at the massage service’s place, of the patient of an order and not yet of the order. */
  reserve(name: string, start: string, end: string): Promise<fhir4.Appointment>;
  /** Books the first visit of an order with Ana, in the hospital’s own system. */
  visit(name: string, start: string, end: string): Promise<fhir4.Appointment>;
  /** Books a visit for an order, beside those that it has. */
  book(like: fhir4.Appointment, start: string, end: string): Promise<fhir4.Appointment>;
}

export const massage = {
  system: 'http://snomed.info/sct',
  code: '387854002',
  display: 'Massage physiotherapy (regime/therapy)',
} as const;

export function dayHospital(base: string, prefix: string): DayHospital {
  const orderVersions: Record<string, string> = {};
  const id = (name: string) => `${prefix}-${name}`;
  const order = (name: string) => `ServiceRequest/${id(name)}`;

  async function keep<R extends Kept<fhir4.FhirResource>>(resource: R): Promise<R> {
    const stored = await put(base, resource);
    if (stored.resourceType === 'ServiceRequest')
      orderVersions[`ServiceRequest/${stored.id}`] = stored.meta?.versionId ?? '';
    return stored;
  }

  function book(
    { basedOn = [], participant, serviceType }: fhir4.Appointment,
    start: string,
    end: string,
  ): Promise<fhir4.Appointment> {
    return post<fhir4.Appointment>(base, {
      resourceType: 'Appointment',
      status: 'booked',
      basedOn,
      participant,
      start,
      end,
      ...(serviceType && { serviceType }),
    });
  }

  return {
    base,
    orderVersions,
    id,
    order,
    async open() {
      for (const resource of people(id)) await keep(resource);
    },
    async place(name, more = {}) {
      await keep(patientOf(id, name));
      await keep(stayOf(id, name));
      return keep<Kept<fhir4.ServiceRequest>>({ ...orderOf(id, name), ...more, id: id(name) });
    },
    ask: (name) => keep(taskOf(id, name)),
    async change(reference, change) {
      const before = await get<Kept<fhir4.FhirResource>>(base, reference);
      await keep({ ...before, ...change } as typeof before);
    },
    reserve(name, start, end) {
      const at = (reference: string) => ({ status: 'needs-action', actor: { reference } }) as const;
      return post<fhir4.Appointment>(base, {
        resourceType: 'Appointment',
        status: 'proposed',
        participant: [at(`Patient/${id(`patient-${name}`)}`), at('Location/massage')],
        start,
        end,
      });
    },
    visit(name, start, end) {
      const at = (reference: string) => ({ status: 'accepted', actor: { reference } }) as const;
      const participant = [
        at(`Patient/${id(`patient-${name}`)}`),
        at('Practitioner/ana'),
        at('Location/massage'),
      ];
      const basedOn = [{ reference: order(name) }];
      return book(
        { resourceType: 'Appointment', status: 'booked', basedOn, participant },
        start,
        end,
      );
    },
    book,
  };
}

type Change = Partial<fhir4.Appointment> | Partial<fhir4.ServiceRequest>;
type Ids = (name: string) => string;
/** A resource under an id that the staff chose. */
type Kept<R> = R & { id: string };

/** Ana and the massage service have the ids that the settings of the tests name. */
function people(id: Ids): Kept<fhir4.FhirResource>[] {
  return [
    { resourceType: 'Organization', id: 'massage', name: 'Massage service' },
    { resourceType: 'Location', id: 'massage', status: 'active', name: 'Massage rooms' },
    {
      resourceType: 'Practitioner',
      id: 'ana',
      name: [{ given: ['Ana'], family: 'Example' }],
    },
    {
      resourceType: 'Practitioner',
      id: id('nurse'),
      name: [{ given: ['Odalys'], family: 'Fennimore', suffix: ['RN'] }],
    },
    { resourceType: 'Location', id: id('ward'), status: 'active', name: 'Ward 5, bed 3' },
  ];
}

function patientOf(id: Ids, name: string): Kept<fhir4.Patient> {
  return {
    resourceType: 'Patient',
    id: id(`patient-${name}`),
    identifier: [{ system: 'https://hospital.example/mrn', value: id(name) }],
    name: [{ use: 'official', given: ['Wendeline'], family: `Abernethy-${name}` }],
    birthDate: '1961-04-09',
  };
}

function stayOf(id: Ids, name: string): Kept<fhir4.Encounter> {
  return {
    resourceType: 'Encounter',
    id: id(`stay-${name}`),
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: `Patient/${id(`patient-${name}`)}` },
  };
}

function orderOf(id: Ids, name: string): Kept<fhir4.ServiceRequest> {
  return {
    resourceType: 'ServiceRequest',
    id: id(name),
    identifier: [{ system: 'https://hospital.example/orders', value: id(name) }],
    status: 'active',
    intent: 'order',
    priority: 'routine',
    code: { coding: [massage] },
    subject: { reference: `Patient/${id(`patient-${name}`)}` },
    encounter: { reference: `Encounter/${id(`stay-${name}`)}` },
    authoredOn: new Date().toISOString(),
    requester: { reference: `Practitioner/${id('nurse')}` },
    performer: [{ reference: 'Organization/massage' }],
    locationReference: [{ reference: `Location/${id('ward')}` }],
    reasonCode: [
      { coding: [{ system: massage.system, code: '82423001', display: 'Chronic pain' }] },
    ],
    bodySite: [
      { coding: [{ system: massage.system, code: '52612000', display: 'Lumbar region' }] },
    ],
    quantityQuantity: { value: 1 },
    note: [{ text: 'Side-lying only.' }],
  };
}

function taskOf(id: Ids, name: string): Kept<fhir4.Task> {
  const authoredOn = new Date().toISOString();
  return {
    resourceType: 'Task',
    id: id(`task-${name}`),
    status: 'requested',
    intent: 'order',
    code: {
      coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }],
    },
    focus: { reference: `ServiceRequest/${id(name)}` },
    for: { reference: `Patient/${id(`patient-${name}`)}` },
    authoredOn,
    lastModified: authoredOn,
    requester: { reference: `Practitioner/${id('nurse')}` },
    owner: { reference: 'Organization/massage' },
  };
}
