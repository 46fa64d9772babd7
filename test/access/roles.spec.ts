/** Roles are a table: what each may is written down here a second time, so that widening one takes two hands. */
import { expect } from 'chai';
import { isRole, may, permissions, roleNames } from '../../src/access/roles.ts';

const expected: Readonly<Record<string, string>> = {
  therapist: 'referral.read referral.decide session.write work.read run.read run.start',
  operator:
    'referral.read referral.decide session.write work.read run.read run.start fhir.push metrics.read',
  viewer: 'referral.read work.read run.read',
};

describe('access: roles', () => {
  for (const role of roleNames) {
    it(`a ${role} may what the table says and nothing else`, () => {
      const allowed = permissions.filter((one) => may({ id: '1', name: 'x', role }, one));
      expect(allowed.join(' ')).to.equal(expected[role]);
    });
  }

  it('knows a role from another word, also from those that every object has', () => {
    expect(isRole('therapist')).to.equal(true);
    expect(isRole('toString')).to.equal(false);
    expect(isRole('admin')).to.equal(false);
  });
});
