/** The form of a verdict: paths, order, what is left out, and what is not quoted. */
import { expect } from 'chai';
import { errorsOf, theValidator } from './verdicts.ts';

const broken = {
  resourceType: 'Patient',
  gender: 'strange',
  name: Array.from({ length: 12 }, () => ({ family: '' })),
  contact: [{ telecom: [{ system: 'pigeon' }] }],
};

describe('validation: the verdict', () => {
  it('names the element by its path', () => {
    expect(errorsOf(broken).join()).to.include('Patient.contact[0].telecom[0].system: ');
  });

  it('is the same whatever the order of the keys', () => {
    const turned = Object.fromEntries(Object.entries(broken).reverse());
    expect(theValidator().validate(turned)).to.deep.equal(theValidator().validate(broken));
  });

  it('lists errors first, entries of a list by their number', () => {
    const { issues } = theValidator().validate({ ...broken, text: undefined });
    const names = issues
      .map(({ expression }) => expression)
      .filter((one) => one.includes('.name['));
    expect(names.slice(0, 3)).to.deep.equal([
      'Patient.name[0].family',
      'Patient.name[1].family',
      'Patient.name[2].family',
    ]);
    expect(names.at(-1)).to.equal('Patient.name[11].family');
  });

  it('says the same of two runs', () => {
    expect(theValidator().validate(broken)).to.deep.equal(theValidator().validate(broken));
  });

  it('keeps the reason of an invalid resource, however many warnings there are', () => {
    const coding = Array.from({ length: 1500 }, (_, place) => ({
      system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus',
      code: `c${place}`,
    }));
    const { valid, issues } = theValidator().validate({
      resourceType: 'Patient',
      maritalStatus: { coding },
      photo: [{ data: '%' }],
    });
    expect(valid).to.equal(false);
    expect(issues.filter(({ severity }) => severity === 'error')).to.not.be.empty;
    expect(issues.at(-1)?.message).to.include('left out');
  });

  it('repeats nothing of the resource where it is asked not to', () => {
    const secret = {
      resourceType: 'Patient',
      gender: 'secret',
      birthDate: 'secret',
      secret: 1,
      name: [{ given: ['secret\ud800'] }],
    };
    const { issues } = theValidator().validate(secret, { quotes: false });
    expect(issues).to.not.be.empty;
    for (const { message } of issues) expect(message).not.to.include('secret');
  });
});
