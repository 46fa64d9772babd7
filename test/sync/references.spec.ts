import { expect } from 'chai';
import fc from 'fast-check';
import { AdapterError, type ErrorCode } from '../../src/core/errors.ts';
import { openReferences } from '../../src/sync/references.ts';

const base = 'https://fhir-ehr.some-site.example/tenant_1/r4';
const patient: fhir4.Patient = { resourceType: 'Patient', id: 'fern', name: [{ text: 'Fern' }] };

/** A source that counts what it is asked for. */
function source(held: Readonly<Record<string, fhir4.FhirResource | ErrorCode>>) {
  const asked: string[] = [];
  const read = async (name: string) => {
    asked.push(name);
    const found = held[name];
    if (typeof found === 'string') throw new AdapterError(found, 'no');
    return found;
  };
  return { asked, references: openReferences(base, read) };
}

/** Every way in which servers write a reference to the same resource of theirs. */
function spellings(type: string, id: string): fc.Arbitrary<fhir4.Reference> {
  const version = fc.option(fc.stringMatching(/^[A-Za-z0-9.-]{1,12}$/), { nil: undefined });
  const before = fc.constantFrom(
    '',
    `${base}/`,
    `${base}//`,
    'HTTPS://fhir-ehr.some-site.example/tenant_1/r4/',
    'https://FHIR-EHR.some-site.example:443/tenant_1/r4/',
  );
  return fc
    .record({ before, version, slash: fc.constantFrom('', '/'), also: fc.boolean() })
    .map(({ before: start, version: number, slash, also }) => ({
      reference: `${start}${type}/${id}${number === undefined ? '' : `/_history/${number}`}${slash}`,
      ...(also && { identifier: { system: 'urn:csn', value: '17' }, display: 'Somebody' }),
    }));
}

describe('references of one run', () => {
  it('in all their spellings lead to one reading of the current version', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(spellings('Patient', 'fern'), { minLength: 1, maxLength: 12 }),
        async (written) => {
          const { asked, references } = source({ 'Patient/fern': patient });
          const found = await Promise.all(
            written.map((one) => references.resolve(one, ['Patient'])),
          );
          for (const one of found)
            expect(one).to.deep.equal({ resource: patient, at: 'Patient/fern' });
          expect(asked).to.deep.equal(['Patient/fern']);
        },
      ),
    );
  });

  it('to other servers are never asked for, whatever they look like', async () => {
    const elsewhere = fc
      .constantFrom(
        'https://other.example/tenant_1/r4/',
        'http://fhir-ehr.some-site.example/tenant_1/r4/',
        'https://fhir-ehr.some-site.example:8443/tenant_1/r4/',
        'https://fhir-ehr.some-site.example/tenant_2/r4/',
        'https://fhir-ehr.some-site.example/tenant_1/r4.evil/',
        'https://fhir-ehr.some-site.example@evil.example/tenant_1/r4/',
      )
      .chain((start) => fc.constantFrom(`${start}Patient/fern`, `${start}Patient/fern/_history/2`));
    await fc.assert(
      fc.asyncProperty(elsewhere, async (reference) => {
        const { asked, references } = source({ 'Patient/fern': patient });
        const found = await references.resolve({ reference, display: 'Fern' }, ['Patient']);
        expect(found).to.deep.equal({ says: 'is at another server: not read' });
        expect(asked).to.deep.equal([]);
      }),
    );
  });

  it('that fail are asked for once, and remembered with their reason', async () => {
    const { asked, references } = source({
      'Patient/fern': 'not-allowed',
      'Patient/moss': 'hospital-busy',
    });
    for (let time = 0; time < 3; time += 1) {
      const fern = await references.resolve({ reference: 'Patient/fern' }, ['Patient']);
      expect(fern).to.deep.equal({ at: 'Patient/fern', says: 'may not be read by us' });
      const moss = await references.resolve({ reference: `${base}/Patient/moss` }, ['Patient']);
      expect(moss.says).to.equal('could not be read (hospital-busy)');
    }
    expect(asked).to.deep.equal(['Patient/fern', 'Patient/moss']);
    expect([...references.unreadable]).to.deep.equal([
      ['Patient/fern', 'not-allowed'],
      ['Patient/moss', 'hospital-busy'],
    ]);
  });

  it('throw on for a fault of ours', async () => {
    const { references } = source({ 'Patient/fern': 'internal' });
    let thrown: unknown;
    await references
      .resolve({ reference: 'Patient/fern' }, ['Patient'])
      .catch((one: unknown) => (thrown = one));
    expect(thrown).to.be.instanceOf(AdapterError);
  });

  it('to what is contained find it in its container only', async () => {
    const { asked, references } = source({});
    const container: fhir4.ServiceRequest = {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject: { reference: '#fern' },
      contained: [patient],
    };
    const resolve = (reference: string, within?: fhir4.FhirResource) =>
      references.resolve({ reference }, ['Patient'], { container: within });
    expect(await resolve('#fern', container)).to.deep.equal({ resource: patient });
    expect((await resolve('#moss', container)).says).to.match(/contained/);
    expect((await resolve('#fern')).says).to.match(/contained/);
    expect(asked).to.deep.equal([]);
  });

  it('by URN find what the Bundle brought, whatever the case of their letters', async () => {
    const urn = 'urn:uuid:3f1c0c8e-0000-4000-8000-00000000000a';
    const { references } = source({ [urn]: patient });
    const written = { reference: 'URN:UUID:3F1C0C8E-0000-4000-8000-00000000000A' };
    expect(await references.resolve(written, ['Patient'])).to.deep.equal({
      resource: patient,
      at: 'Patient/fern',
    });
    const other = await references.resolve({ reference: 'urn:oid:1.2.3' }, ['Patient']);
    expect(other.says).to.match(/Bundle/);
  });

  it('by identifier are searched only with a system, for types of which there is one', async () => {
    const { asked, references } = source({ 'Patient?identifier=urn:mrn|17': patient });
    const identifier = { system: 'urn:mrn', value: '17' };
    const resolve = (reference: fhir4.Reference, type: 'Patient' | 'Encounter' = 'Patient') =>
      references.resolve(reference, [type]);
    expect(await resolve({ identifier })).to.deep.equal({ resource: patient, at: 'Patient/fern' });
    expect((await resolve({ identifier: { value: '17' } })).says).to.match(/without system/);
    expect((await resolve({ identifier }, 'Encounter')).says).to.match(/identifier only/);
    expect((await resolve({ identifier: { ...identifier, value: '18' } })).says).to.match(
      /not exactly one/,
    );
    expect(asked).to.deep.equal(['Patient?identifier=urn:mrn|17', 'Patient?identifier=urn:mrn|18']);
  });

  it('by words alone are what they are, and nothing is missing', async () => {
    const { references } = source({});
    expect(await references.resolve({ display: 'Ward 3' }, ['Location'])).to.deep.equal({});
    expect(await references.resolve({}, ['Location'])).to.deep.equal({});
    expect(await references.resolve(undefined, ['Location'])).to.deep.equal({});
  });

  it('to another kind of resource than can stand there are not read', async () => {
    const { asked, references } = source({});
    const found = await references.resolve({ reference: 'Group/g' }, ['Patient']);
    expect(found).to.deep.equal({ says: 'leads to a Group: not read' });
    expect(asked).to.deep.equal([]);
  });
});
