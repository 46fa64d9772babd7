/**
 * Small CapabilityStatements, written by hand after what hospital-servers.md §2 and §3 tell of each product: the types and
 * parameters that decide something, and the oddities of each.
 */

/** `R S C U P`: read, search, create, update, patch; then the search parameters, each with its documentation if any. */
type TypeLine = readonly [letters: string, params?: string, documentation?: Record<string, string>];

const codes: Readonly<Record<string, string>> = {
  R: 'read',
  S: 'search-type',
  C: 'create',
  U: 'update',
  P: 'patch',
  D: 'delete',
};

export function statementOf(
  types: Readonly<Record<string, TypeLine>>,
  more: object = {},
  each: object = {},
): fhir4.CapabilityStatement {
  const resource = Object.entries(types).map(([type, [letters, params = '', texts = {}]]) => ({
    type,
    interaction: letters.split(' ').map((letter) => ({ code: codes[letter] })),
    searchParam: params
      .split(' ')
      .filter(Boolean)
      .map((name) => ({
        name,
        type: 'string',
        ...(texts[name] && { documentation: texts[name] }),
      })),
    ...each,
  }));
  // Loosely typed on purpose: servers do not keep to the type either
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-05-01',
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [{ mode: 'server', resource }],
    ...more,
  } as unknown as fhir4.CapabilityStatement;
}

/** The operation of a bulk export of a Group, under the name that a product gives it. */
export function withGroupExport(
  statement: fhir4.CapabilityStatement,
  name: string,
  definition = `http://hl7.org/fhir/uv/bulkdata/OperationDefinition/${name}`,
): fhir4.CapabilityStatement {
  const [rest] = statement.rest ?? [];
  const group = {
    type: 'Group',
    interaction: [{ code: 'read' }],
    operation: [{ name, definition }],
  };
  rest?.resource?.push(group as fhir4.CapabilityStatementRestResource);
  return statement;
}

const everything = 'R S C U P D';
const common = '_id _lastUpdated identifier patient';

export const served = {
  epic: {
    base: 'https://ehr.hospital.example/interconnect-prd/api/FHIR/R4',
    statement: () =>
      withGroupExport(
        statementOf(
          {
            ServiceRequest: [
              'R S C U',
              'patient subject encounter identifier authored category code requester status _id performer intent',
            ],
            Task: ['R S U', 'patient code status owner'],
            Appointment: [
              'R S',
              'patient date identifier service-category status location practitioner',
            ],
            Procedure: ['R S C U', 'patient date category _id'],
            Observation: ['R S C U', 'patient category code'],
            DocumentReference: ['R S C U', 'patient _lastupdated'],
            Communication: ['R S C', 'part-of'],
            DiagnosticReport: ['R S U', 'patient'],
            Slot: ['R'],
          },
          { name: null, software: null },
          { conditionalCreate: false },
        ),
        'group-export',
      ),
  },
  oracle: {
    base: 'https://fhir-ehr.cerner.com/r4/a1b2c3d4-tenant',
    statement: () =>
      withGroupExport(
        statementOf(
          {
            ServiceRequest: [
              'R S',
              '_id patient subject code _lastUpdated',
              {
                patient: 'Either the patient, the subject or the _id parameter is required.',
                _lastUpdated: 'A closed range with a time. The patient must be set as well.',
              },
            ],
            Appointment: [
              'R S C P',
              'date patient practitioner location _id',
              {
                date: 'Must be set with one of patient, practitioner or location.',
                location: 'Required, unless patient or practitioner is given.',
              },
            ],
            Slot: ['R S P', 'service-type start'],
            Schedule: ['R S', '_id'],
            Procedure: ['R S C', 'patient date _lastUpdated _id'],
            Observation: ['R S C U', 'patient code date _lastUpdated _id'],
            DocumentReference: ['R S C U', 'patient period _lastUpdated'],
            DiagnosticReport: ['R S C', 'patient date'],
            Communication: ['R S C P', 'recipient'],
          },
          { publisher: 'Oracle Health' },
        ),
        'group-export',
      ),
  },
  oracleOpen: {
    base: 'https://fhir-open.cerner.com/r4/a1b2c3d4-tenant',
    statement: () =>
      statementOf(
        {
          ServiceRequest: [
            'R S',
            '_id patient _lastUpdated',
            { patient: 'Either patient or _id must be set.' },
          ],
          Appointment: ['R S', 'date patient practitioner location'],
          Procedure: ['R S', 'patient date'],
          Observation: ['R S', 'patient code'],
        },
        { publisher: 'Oracle Health' },
      ),
  },
  meditech: {
    base: 'https://greenfield-prod-apis.meditech.com/v2/uscore/R4',
    statement: () =>
      withGroupExport(
        statementOf(
          {
            ServiceRequest: ['R S', '_id patient authored category code encounter status continue'],
            Task: ['R'],
            Appointment: ['R S', 'patient date location practitioner status'],
            Procedure: ['R S', 'patient date'],
            Observation: ['R S', 'patient category code'],
            DocumentReference: ['R S', 'patient type'],
            Communication: ['R S C', 'subject'],
          },
          { kind: 'capability', publisher: 'MEDITECH' },
        ),
        'group-export',
      ),
  },
  athenahealth: {
    base: 'https://api.platform.athenahealth.com/fhir/r4',
    statement: () => athena(),
  },
  veradigm: {
    base: 'https://fhir.veradigm.com/r4/site',
    statement: () =>
      statementOf(
        {
          ServiceRequest: [
            'R S C U',
            'id _id patient category authored code status patient.identifier',
          ],
          Procedure: ['R S', 'patient date'],
          Observation: ['R S C U', 'patient code'],
          DocumentReference: ['R S C U', 'patient type'],
        },
        { publisher: 'Veradigm' },
        { versioning: 'no-version' },
      ),
  },
  nextgen: {
    base: 'https://fhir.nextgen.com/nge/prod/fhir-api-r4/fhir/r4',
    statement: () =>
      statementOf(
        {
          ServiceRequest: ['R S', '_id patient category code authored _lastUpdated _maxresults'],
          Procedure: ['R S', 'patient date'],
          Observation: ['R S', 'patient code'],
          DocumentReference: ['R S', 'patient'],
        },
        { publisher: 'NextGen Healthcare' },
        { versioning: 'no-version', updateCreate: true },
      ),
  },
  aidbox: {
    base: 'https://box.aidbox.app/fhir',
    statement: () =>
      statementOf(
        {
          ServiceRequest: [everything, common],
          Task: [everything, `${common} owner status`],
          Appointment: [everything, `${common} date location practitioner based-on`],
          Slot: [everything, common],
          Procedure: [everything, `${common} date`],
          Observation: [everything, `${common} code date`],
          DocumentReference: [everything, common],
          Communication: [everything, common],
          Subscription: [everything, common],
        },
        { software: null },
        { conditionalCreate: true, updateCreate: true, versioning: 'versioned' },
      ),
  },
  azureCut: {
    base: 'https://site.azurehealthcareapis.com',
    statement: () =>
      statementOf(
        { Account: [everything, common], Patient: [everything, common] },
        { publisher: 'Microsoft', software: { name: 'Azure API for FHIR', version: '2.2.45' } },
      ),
  },
} as const;

/** Interactions twice, and what a search must carry in an extension of its own. */
function athena(): fhir4.CapabilityStatement {
  const plain = statementOf(
    {
      ServiceRequest: [
        'R S R S',
        '_id patient encounter status authored performer requester code category _lastUpdated',
      ],
      Appointment: ['R S', '_id _query'],
      Procedure: ['R S', '_id patient date _lastUpdated'],
      Observation: ['R S', '_id patient code'],
      DocumentReference: ['R S', '_id patient'],
    },
    { publisher: 'athenahealth' },
  );
  const combinations: Readonly<Record<string, readonly string[]>> = {
    ServiceRequest: ['patient', '_id'],
    Appointment: ['_id', '_query'],
    Procedure: ['patient', '_id'],
  };
  for (const resource of plain.rest?.[0]?.resource ?? []) {
    resource.extension = [
      {
        url: 'https://fhir.athena.io/StructureDefinition/ah-search-parameter-metadata',
        extension: (combinations[resource.type] ?? []).map((valueString) => ({
          url: 'requiredAnySearchParams',
          valueString,
        })),
      },
    ];
  }
  return withGroupExport(plain, 'group-export');
}
