import { expect } from 'chai';
import type { Fault } from '../../../src/sandbox/sandbox.ts';
import { closeHospitals, hospital, patient } from '../hospital.ts';

type Statement = fhir4.CapabilityStatement;

async function told(fault: Fault) {
  const at = await hospital();
  at.put(patient({ id: 'p1' }));
  at.faults.add({ always: true, ...fault });
  const { body, text } = await at.ask<Statement>('GET', '/metadata');
  const entry = body.rest?.[0]?.resource?.find(({ type }) => type === 'ServiceRequest');
  return { at, body, text, entry };
}

const lie = (is: (Fault & { do: 'statement' })['is']) => told({ do: 'statement', is });

describe('sandbox: statements that lie', () => {
  afterEach(closeHospitals);

  it('statement-version: that of another release', async () => {
    for (const fhirVersion of ['4.0.0', '3.0.2', '5.0.0']) {
      const { body, at } = await told({ do: 'statement-version', fhirVersion });
      expect(body.fhirVersion).to.equal(fhirVersion);
      expect((await at.ask('GET', '/Patient/p1')).status).to.equal(200);
    }
  });

  it('statement: doubled entries', async () => {
    const { entry } = await lie('doubled');
    const codes = entry?.interaction?.map(({ code }) => code) ?? [];
    expect(codes.length).to.equal(2 * new Set(codes).size);
    const names = entry?.searchParam?.map(({ name }) => name) ?? [];
    expect(names.length).to.equal(2 * new Set(names).size);
  });

  it('statement: without names, with names that are null, with the name of another', async () => {
    expect((await lie('nameless')).body).to.not.have.any.keys('name', 'software', 'publisher');
    expect((await lie('null-names')).body).to.deep.include({ name: null, software: null });
    expect((await lie('copied-name')).body.software?.name).to.equal('HAPI FHIR Server');
  });

  it('statement: without rest, with odd operations, with promises', async () => {
    expect((await lie('without-rest')).body).to.not.have.property('rest');
    const { body } = await lie('odd-operations');
    expect(body.rest?.[0]?.operation?.map(({ name }) => name)).to.deep.equal([
      'group-export',
      '$docref',
      'export',
    ]);
    const { entry } = await lie('promising');
    expect(entry).to.include({ updateCreate: true, conditionalCreate: true });
    expect(entry?.interaction?.map(({ code }) => code)).to.not.include.members(['update']);
  });

  it('statement-size: 1.9 MB and more of real content', async () => {
    for (const bytes of [1_900_000, 5_000_000]) {
      const { text, body } = await told({ do: 'statement-size', bytes });
      expect(text.length).to.be.greaterThan(bytes);
      expect(body.fhirVersion).to.equal('4.0.1');
    }
  });

  it('are of /metadata only, and can come late or under another Content-Type', async () => {
    const { at } = await lie('without-rest');
    expect((await at.ask('GET', '/Patient/p1')).body.resourceType).to.equal('Patient');
    at.faults.add({ do: 'content-type', type: 'text/plain', on: { path: '/metadata' } });
    const typed = await at.ask('GET', '/metadata');
    expect(typed.headers.get('content-type')).to.equal('text/plain');
    expect(JSON.parse(typed.text).resourceType).to.equal('CapabilityStatement');
  });
});

describe('sandbox: answers that are too large or too slow', () => {
  afterEach(closeHospitals);

  it('oversized: filled up with blanks, as gzip small on the wire', async () => {
    const at = await hospital();
    at.put(patient({ id: 'p1' }));
    const bytes = 3_000_000;
    at.faults.add({ do: 'oversized', bytes });
    const plain = await at.ask('GET', '/Patient/p1');
    expect([plain.text.length, plain.body.id]).to.deep.equal([bytes, 'p1']);
    at.faults.add({ do: 'oversized', bytes, gzip: true });
    const packed = await at.ask('GET', '/Patient/p1');
    expect([packed.text.length, packed.body.id]).to.deep.equal([bytes, 'p1']);
    expect(packed.headers.get('content-encoding')).to.equal('gzip');
    expect(Number(packed.headers.get('content-length'))).to.be.lessThan(10_000);
  });

  it('drip: the whole body, piece by piece', async () => {
    const at = await hospital();
    at.put(patient({ id: 'p1' }));
    at.faults.add({ do: 'drip', bytes: 60, ms: 2 });
    const response = await fetch(`${at.base}/Patient/p1`);
    let pieces = 0;
    let text = '';
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? []) {
      pieces += 1;
      text += decoder.decode(piece, { stream: true });
    }
    expect(pieces).to.be.greaterThan(1);
    expect(JSON.parse(text).id).to.equal('p1');
  });

  it('drip: stops when the client has left', async () => {
    const at = await hospital();
    at.put(patient({ id: 'p1' }));
    at.faults.add({ do: 'drip', bytes: 1, ms: 30 });
    const name = await fetch(`${at.base}/Patient/p1`, { signal: AbortSignal.timeout(60) })
      .then((response) => response.text())
      .catch((error: Error) => error.name);
    expect(name).to.equal('TimeoutError');
    expect((await at.ask('GET', '/Patient/p1')).status).to.equal(200);
  });
});
