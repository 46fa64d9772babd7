/** What is beside an order, as people and programs see it: the stay, the place, the record of the patient, who pays. */
import { expect } from 'chai';
import { decideChange } from '../../src/core/decide-change.ts';
import { actCode, type Stay } from '../../src/core/stay.ts';
import { saveDecided } from '../../src/store/decided.ts';
import { loadEpisode } from '../../src/store/episodes.ts';
import { referralAfter, tilda } from '../api/people.ts';
import { type Served, serveApi } from '../api/served.ts';
import { givenAt } from '../core/episodes.ts';

const bed = (number: number) => ({
  reference: `Location/bed-${number}`,
  display: `Ward 5, Room 12, Bed ${number}`,
});
const stay: Stay = {
  reference: 'Encounter/one',
  status: 'in-progress',
  class: { system: actCode, code: 'IMP', display: 'inpatient encounter' },
  start: '2026-03-01T10:00:00Z',
  place: bed(3),
};

describe('what is beside an order', () => {
  let served: Served;
  let cookie: string;

  beforeEach(async () => {
    served = await serveApi({ clock: () => new Date('2026-03-02T15:00:00Z') });
    const { store } = served.adapter;
    const plan = { start: '2026-03-03T16:30:00Z', end: '2026-03-03T17:00:00Z' };
    await referralAfter(store, 'r-1', [{ type: 'accept' }, { type: 'plan', ...plan }], {
      patient: { ...tilda, ordered: 'Patient/old', gone: 'deceased' },
      stay,
      place: bed(3).display,
      location: bed(3).reference,
      insurance: [
        { reference: 'Coverage/a', text: 'Plan A', status: 'active' },
        { reference: 'Coverage/b', unread: 'may not be read by us' },
      ],
    });
    const episode = await loadEpisode(store.read, 'r-1');
    if (episode === undefined) throw new Error('no referral');
    const moved = decideChange(
      episode,
      { type: 'stay-seen', stay: { ...stay, place: bed(7) } },
      { ...givenAt(5), by: 'hospital' },
    );
    await store.transaction((tx) =>
      saveDecided(tx, episode, moved, { now: '2026-03-02T14:00:00Z', newId: () => 'intention-1' }),
    );
    const { headers } = await served.ask('POST', '/sign-in', {
      body: `key=${served.keys.viewer}`,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site': 'same-origin',
      },
    });
    cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  afterEach(() => served.stop());

  const page = async (path: string) => {
    const headers = { Accept: 'text/html', Cookie: cookie };
    const { text } = await served.ask('GET', path, { headers });
    return text.replace(/\s+/g, ' ');
  };

  it('stands on the page of the referral, and what happened with it', async () => {
    const text = await page('/referrals/r-1');
    for (const words of [
      'inpatient encounter, in progress, from 1 Mar 2026, Ward 5, Room 12, Bed 7',
      'The hospital records the patient as deceased.',
      'Patient/old',
      'Plan A, active Coverage/b, may not be read by us',
      'Stay changed at the hospital',
      'Patient moved: the visit is elsewhere: Ward 5, Room 12, Bed 7',
    ])
      expect(text).to.include(words);
  });

  it('moves the place on the list too', async () => {
    const text = await page('/');
    expect(text).to.include(bed(7).display).and.not.include(bed(3).display);
  });

  it('is in the answers of the API', async () => {
    const { status, json } = await served.get('/api/referrals/r-1');
    expect(status).to.equal(200);
    expect(json).to.deep.include({
      place: bed(7).display,
      location: bed(7).reference,
      stay: { ...stay, place: bed(7) },
    });
    const { patient, insurance, sessions } = json;
    expect([patient.ordered, patient.gone]).to.deep.equal(['Patient/old', 'deceased']);
    expect(insurance).to.have.length(2);
    expect([sessions[0].place, sessions[0].location]).to.deep.equal([
      bed(7).display,
      bed(7).reference,
    ]);
  });
});
