/** Rules that R4 published with a mistake are judged by what they mean. */
import { expect } from 'chai';
import { errorsOf, theValidator } from './verdicts.ts';

const appointment = {
  resourceType: 'Appointment',
  status: 'cancelled',
  participant: [{ actor: { reference: 'Patient/1' }, status: 'accepted' }],
  cancelationReason: { text: 'ill' },
};

describe('validation: rules that R4 published with a mistake', () => {
  it('app-4: a no-show may have a reason, and it is said that others refuse it', () => {
    const noShow = {
      ...appointment,
      status: 'noshow',
      start: '2024-03-05T10:00:00Z',
      end: '2024-03-05T10:30:00Z',
    };
    expect(errorsOf(noShow)).to.deep.equal([]);
    const warned = theValidator()
      .validate(noShow)
      .issues.filter(({ constraint }) => constraint === 'app-4');
    expect(warned.map(({ severity }) => severity)).to.deep.equal(['warning']);
  });

  it('app-4: what is cancelled may have one, and what is not may not', () => {
    expect(errorsOf(appointment)).to.deep.equal([]);
    expect(errorsOf({ ...appointment, status: 'proposed' })).to.deep.equal(['Appointment: app-4']);
  });

  it('que-12: more than one condition needs to say how they combine', () => {
    const enableWhen = ['a', 'b'].map((question) => ({
      question,
      operator: 'exists',
      answerBoolean: true,
    }));
    const item = (more: object) => ({
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [{ linkId: '1', type: 'string', enableWhen, ...more }],
    });
    expect(errorsOf(item({})).join()).to.include('que-12');
    expect(errorsOf(item({ enableBehavior: 'all' }))).to.deep.equal([]);
  });
});
