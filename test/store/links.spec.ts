import { expect } from 'chai';
import { linksOf, linksTo, moveLink, type NewLink, putLink } from '../../src/store/links.ts';
import type { Store } from '../../src/store/store.ts';
import { instant } from '../core/episodes.ts';
import { addReferral, engines, onFresh } from './engines.ts';

const link = (more: Partial<NewLink> = {}): NewLink => ({
  hospital: 'general',
  reference: 'Appointment/1',
  role: 'appointment',
  referral: 'r',
  at: instant(0),
  ...more,
});

const put = (store: Store, ...links: NewLink[]) =>
  store.transaction(async (tx) => {
    for (const one of links) await putLink(tx, one);
  });

const references = (rows: readonly { reference: string }[]) =>
  rows.map(({ reference }) => reference);

for (const engine of engines)
  describe(`links (${engine.name})`, () => {
    const onLinks = (work: (store: Store) => Promise<void>) =>
      onFresh(engine, async (store) => {
        for (const id of ['r', 's']) await addReferral(store, id);
        await work(store);
      });

    it('add to what is known of a resource, and forget nothing', () =>
      onLinks(async (store) => {
        await put(
          store,
          link({ session: 'v', intention: 'i', etag: 'W/"1"', hash: 'a' }),
          link({ versionId: '2', hash: 'b', at: instant(1) }),
        );
        const rows = await linksTo(store.read, 'general', 'Appointment/1');
        expect(rows).to.have.length(1);
        expect(rows[0]).to.include({
          session: 'v',
          intention: 'i',
          etag: 'W/"1"',
          version_id: '2',
          hash: 'b',
          at: instant(1),
        });
      }));

    it('keep roles, referrals and hospitals of one resource apart', () =>
      onLinks(async (store) => {
        const order = { reference: 'ServiceRequest/1' };
        await put(
          store,
          link({ ...order, role: 'order' }),
          link({ ...order, role: 'parent-order' }),
          link({ ...order, role: 'order', referral: 's' }),
          link({ ...order, role: 'order', hospital: 'other' }),
        );
        const rows = await linksTo(store.read, 'general', 'ServiceRequest/1');
        expect(rows.map(({ role, referral }) => [role, referral])).to.deep.equal([
          ['order', 'r'],
          ['parent-order', 'r'],
          ['order', 's'],
        ]);
        expect(await linksOf(store.read, 'r')).to.have.length(3);
        expect(await linksTo(store.read, 'general', 'ServiceRequest/2')).to.deep.equal([]);
      }));

    it('move with their session to the resource that takes the place of another', () =>
      onLinks(async (store) => {
        await put(
          store,
          link({ session: 'v', intention: 'i', etag: 'W/"1"', hash: 'a' }),
          link({ reference: 'Appointment/2' }),
        );
        const [old] = await linksTo(store.read, 'general', 'Appointment/1');
        if (old === undefined) throw new Error('the link is there');
        await store.transaction((tx) =>
          moveLink(tx, old, link({ reference: 'Appointment/2', hash: 'b' })),
        );
        const rows = await linksOf(store.read, 'r');
        expect(references(rows)).to.deep.equal(['Appointment/2']);
        expect(rows[0]).to.include({ session: 'v', intention: 'i', etag: null, hash: 'b' });
      }));

    it('belong to a referral that exists', () =>
      onLinks(async (store) => {
        const outcome = await put(store, link({ referral: 'none' })).then(
          () => 'stored',
          () => 'refused',
        );
        expect(outcome).to.equal('refused');
      }));
  });
