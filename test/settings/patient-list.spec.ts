import { expect } from 'chai';
import fc from 'fast-check';
import { parsePatientList, readPatientList } from '../../src/settings/patient-list.ts';

describe('the list of patients of a site', () => {
  it('takes references and bare ids, the first column of a CSV, and comments of people', () => {
    const text = '# ours\r\nPatient/1\n2, a note\n"Patient/3";x\n\n\tPatient/9\nPatient/1\n';
    const { patients, problems } = parsePatientList(text, 'list.txt');
    expect(patients).to.deep.equal(['Patient/1', 'Patient/2', 'Patient/3']);
    expect(problems).to.deep.equal(['list.txt:6 names no patient.']);
  });

  it('takes the heading of a CSV for no patient', () => {
    for (const heading of ['patientId', 'Patient ID', '"Patient-Id"', 'id'])
      expect(parsePatientList(`${heading},ward\nabc,5\n`, 'x'), heading).to.deep.equal({
        patients: ['Patient/abc'],
        problems: [],
      });
  });

  it('says lines that are no patient by number, never by what they hold, and counts the rest', () => {
    const lines = Array.from({ length: 9 }, () => 'Wendeline Abernethy');
    const { patients, problems } = parsePatientList(lines.join('\n'), 'list');
    expect(patients).to.be.empty;
    expect(problems).to.have.length(6);
    expect(problems.at(-1)).to.equal('And 4 more lines.');
    expect(problems.join()).not.to.contain('Abernethy');
  });

  it('says that a list is not there', () => {
    const missing = { name: 'roster.txt', read: () => undefined };
    expect(readPatientList(missing)).to.deep.equal({
      patients: [],
      problems: ['roster.txt is not there.'],
    });
  });

  it('names each patient once, whatever is in the file', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        const { patients } = parsePatientList(lines.join('\n'), 'list');
        expect(new Set(patients).size).to.equal(patients.length);
        for (const one of patients) expect(one).to.match(/^Patient\/[^\s/?#%\\\p{C}]+$/u);
      }),
    );
  });
});
