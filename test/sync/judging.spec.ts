import { expect } from 'chai';
import { AdapterError } from '../../src/core/errors.ts';
import { openDefinitions } from '../../src/fhir/definitions/definitions.ts';
import { openValidator } from '../../src/fhir/validation/validator.ts';
import { openJudge } from '../../src/sync/judging.ts';

const judge = openJudge(openValidator(openDefinitions()));

const procedure: fhir4.Procedure = {
  resourceType: 'Procedure',
  status: 'completed',
  subject: { reference: 'Patient/fern' },
};

function refused(release: () => void): AdapterError {
  try {
    release();
  } catch (thrown) {
    if (thrown instanceof AdapterError) return thrown;
  }
  throw new Error('It was let go.');
}

describe('judging', () => {
  it('says of what a hospital shows where it is wrong, and nothing of what it holds', () => {
    const findings = judge.findings({
      resourceType: 'Patient',
      gender: 'QUILLWORT',
      birthDate: 'QUILLWORT',
      name: [{ use: 'QUILLWORT', family: 7 }],
    });
    expect(findings.map(({ path }) => path)).to.have.members([
      'Patient.birthDate',
      'Patient.gender',
      'Patient.name[0].family',
      'Patient.name[0].use',
    ]);
    expect(JSON.stringify(findings)).not.to.contain('QUILLWORT');
  });

  it('finds nothing in a valid resource', () => {
    expect(judge.findings(procedure)).to.deep.equal([]);
  });

  it('keeps the findings of a resource that is wrong everywhere to what a person reads', () => {
    const wrong = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`odd${n}`, n]));
    expect(judge.findings({ resourceType: 'Patient', ...wrong })).to.have.length(50);
  });

  it('lets a valid resource leave', () => {
    expect(() => judge.release(procedure)).not.to.throw();
  });

  it('keeps an invalid one here and names field and rule', () => {
    const wrong = {
      ...procedure,
      status: 'done',
      performedPeriod: { start: '2026-05-02', end: '2026-05-01' },
    };
    // Not a status that the types allow, as a fault of our own would make it
    const error = refused(() => judge.release(wrong as fhir4.Procedure));
    expect(error.code).to.equal('outbound-invalid');
    expect(error.message)
      .to.contain('Procedure.status')
      .and.to.contain('Procedure.performedPeriod: per-1');
    expect(error.message).not.to.contain('2026-05-02');
  });

  it('does not take a profile that it does not have for one that is met', () => {
    const error = refused(() => judge.release(procedure, 'https://massage-fhir.org/no-such'));
    expect(error.code).to.equal('internal');
  });
});
