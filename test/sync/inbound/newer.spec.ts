import { expect } from 'chai';
import { isEcho, isOlder } from '../../../src/sync/inbound/newer.ts';

const at = (last_updated: string | null, version_id: string | null) => ({
  last_updated,
  version_id,
});

describe('older or newer', () => {
  it('is decided by time where both sides have one', () => {
    expect(isOlder(at('2026-03-02T09:00:00Z', '9'), at('2026-03-02T09:00:01Z', '1'))).to.equal(
      true,
    );
    expect(isOlder(at('2026-03-02T10:00:00+02:00', '1'), at('2026-03-02T07:59:00Z', '1'))).to.equal(
      false,
    );
  });

  it('is decided by whole version numbers where time does not tell, also the very large', () => {
    expect(isOlder(at(null, '9'), at(null, '10'))).to.equal(true);
    expect(isOlder(at(null, '9007199254740993'), at(null, '9007199254740992'))).to.equal(false);
    expect(isOlder(at(null, '0'), at(null, '1'))).to.equal(true);
  });

  it('is not guessed from opaque versions', () => {
    expect(isOlder(at(null, 'a1'), at(null, 'b2'))).to.equal(false);
    expect(isOlder(at(null, null), at(null, null))).to.equal(false);
  });
});

describe('an echo', () => {
  it('is the content or the version that we know, and nothing when we know neither', () => {
    const arrived = { ...at(null, '3'), hash: 'h' };
    expect(isEcho(arrived, { ...at(null, '2'), hash: 'h' })).to.equal(true);
    expect(isEcho(arrived, { ...at(null, '3'), hash: 'other' })).to.equal(true);
    expect(isEcho(arrived, { ...at(null, '2'), hash: 'other' })).to.equal(false);
    expect(isEcho(arrived, { ...at(null, '3'), hash: null })).to.equal(false);
    expect(isEcho({ ...at(null, null), hash: 'h' }, { ...at(null, null), hash: 'other' })).to.equal(
      false,
    );
  });
});
