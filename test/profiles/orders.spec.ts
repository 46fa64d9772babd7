/** The profile of an order stands in nobody's way: it refuses what selection refuses, and no order that could be acted on. */
import { expect } from 'chai';
import { profileUrl } from '../../mappings/profiles.ts';
import { openDefinitions } from '../../src/fhir/definitions/definitions.ts';
import { openValidator } from '../../src/fhir/validation/validator.ts';
import { wardOrders, wardResources } from '../../src/sandbox/ward.ts';

/** What is not an order for massage; everything else is, whatever became of it and however poor it is. */
const noOrder: readonly string[] = ['look-alike', 'plan', 'proposal', 'do-not-perform'];

describe('the profile of an order', () => {
  const validator = openValidator(openDefinitions());
  const resources = wardResources(new Date('2026-03-02T09:00:00Z'));
  const faultsOf = (id: string) => {
    const shown = resources.find((one) => one.resourceType === 'ServiceRequest' && one.id === id);
    // what a hospital shows is JSON: a property that is undefined is not there
    const order = JSON.parse(JSON.stringify(shown));
    return validator
      .validate(order, { profiles: [profileUrl('massage-referral-request')] })
      .issues.filter(({ severity }) => severity === 'error')
      .map(({ expression, message }) => `${id} ${expression}: ${message}`);
  };
  const coded = wardOrders.filter(({ is }) => is !== 'other-department');

  it('takes every order for massage of the ward', () => {
    const orders = coded.filter(({ is }) => !noOrder.includes(is));
    expect(orders.length).to.be.greaterThan(20);
    expect(orders.flatMap(({ id }) => faultsOf(id))).to.deep.equal([]);
  });

  it('refuses what orders no massage', () => {
    const others = coded.filter(({ id, is }) => noOrder.includes(is) && isCoded(id));
    expect(others.length).to.be.greaterThan(5);
    for (const { id } of others) expect(faultsOf(id), id).to.have.length(1);
  });

  /** What only its words tell apart is for selection to refuse: a profile does not read words. */
  function isCoded(id: string): boolean {
    const order = resources.find((one) => one.id === id);
    return order?.resourceType === 'ServiceRequest' && order.code?.coding !== undefined;
  }
});
