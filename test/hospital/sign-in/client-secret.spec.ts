/** Signing in with a client secret: how it is shown, and that it is shown nowhere else. */
import { expect } from 'chai';
import { closeAll, failureOf, withRealSockets } from '../wire.ts';
import { clientId, secret, signingHospital, stopAuthorization } from './signing-hospital.ts';

const bySecret = { type: 'client-secret', clientId, secret: { env: 'SECRET' } } as const;

describe('hospital sign-in: client secret', () => {
  withRealSockets();
  afterEach(async () => {
    await closeAll();
    await stopAuthorization();
  });

  async function confidential() {
    const hospital = await signingHospital({ [clientId]: { secret } });
    const signIn = { ...bySecret, tokenUrl: hospital.auth.tokenUrl };
    return { hospital, signIn, wire: hospital.wire(signIn) };
  }

  it('shows id and secret in the header, both form-encoded', async () => {
    const { hospital, wire } = await confidential();
    await wire.client.read('Patient/p1');
    const { form, authorization } = hospital.auth.asked[0] ?? { form: {} };
    expect(authorization).to.match(/^Basic /);
    expect(Object.keys(form)).to.have.members(['grant_type', 'scope']);
    expect(hospital.auth.given).to.have.length(1);
  });

  it('shows them in the form where the server lists only that, or the settings say so', async () => {
    const { hospital, wire, signIn } = await confidential();
    hospital.site.smart = {
      ...hospital.site.smart,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    };
    await wire.client.read('Patient/p1');
    await hospital.wire({ ...signIn, auth: 'post' }).client.read('Patient/p1');
    for (const { form, authorization } of hospital.auth.asked) {
      expect(authorization).to.equal(undefined);
      expect(form).to.include({ client_id: clientId, client_secret: secret });
    }
  });

  it('suspects the secret, and never shows it', async () => {
    const { hospital, signIn } = await confidential();
    const wire = hospital.wire({ ...signIn, clientId: 'somebody' });
    const error = await failureOf(wire.client.read('Patient/p1'));
    expect(error.code).to.equal('sign-in-refused');
    expect(error.details.problems?.[0]).to.contain('secret').and.to.contain('somebody');
    expect(JSON.stringify([error.message, error.details, wire.exchanges])).to.not.contain(secret);
  });

  it('sends nothing when the secret is missing', async () => {
    const { hospital, signIn } = await confidential();
    const wire = hospital.wire({ ...signIn, secret: { env: 'MISSING' } });
    expect((await failureOf(wire.client.read('Patient/p1'))).code).to.equal('settings-wrong');
    expect(hospital.auth.asked).to.deep.equal([]);
  });
});
