/** Signing in by tokens, as people write it into the settings, and the mistakes that are named. */
import { expect } from 'chai';
import { hospital, load, mistakes } from './loading.ts';

describe('settings: signing in by tokens', () => {
  it('needs a client id alone with a key, and a secret beside it without', () => {
    const { settings } = load(hospital('signIn: { type: smart-backend, clientId: us }'));
    expect(settings.hospitals[0]?.signIn).to.deep.equal({ type: 'smart-backend', clientId: 'us' });
    expect(settings.keys).to.equal('./data/keys');
    const [mistake] = mistakes(hospital('signIn: { type: client-secret, clientId: us }'));
    expect(mistake).to.contain('signIn.secret is missing');
  });

  it('takes everything that can be said', () => {
    const signIn = {
      type: 'smart-backend',
      clientId: 'us',
      tokenUrl: 'https://auth.hospital.example/token?tenant=1',
      scopes: ['system/Task.rus?owner=Organization/7', 'system/Patient.read'],
      algorithm: 'RS384',
      key: 'kid',
    };
    expect(
      load(hospital(`signIn: ${JSON.stringify(signIn)}`)).settings.hospitals[0]?.signIn,
    ).to.deep.equal(signIn);
  });

  it('can be said by variables alone', () => {
    const { settings } = load(hospital(), {
      MASSAGE_FHIR_KEYS: '/var/lib/keys',
      MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_TYPE: 'client-secret',
      MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_CLIENT_ID: 'us',
      MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_SECRET_FILE: '/run/secrets/general',
      MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_SCOPES: 'system/Task.rus, system/Patient.rs',
      MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_TOKEN_URL: 'https://auth.hospital.example',
      MASSAGE_FHIR_HOSPITALS_0_SIGN_IN_AUTH: 'post',
    });
    expect(settings.keys).to.equal('/var/lib/keys');
    expect(settings.hospitals[0]?.signIn).to.deep.equal({
      type: 'client-secret',
      clientId: 'us',
      secret: { file: '/run/secrets/general' },
      scopes: ['system/Task.rus', 'system/Patient.rs'],
      tokenUrl: 'https://auth.hospital.example',
      auth: 'post',
    });
  });

  const rows: readonly (readonly [string, string, ...parts: string[]])[] = [
    ['a token URL by http in a network', 'tokenUrl: "http://auth.example/token"', 'it is http'],
    [
      'a token URL without https',
      'tokenUrl: auth.example/token',
      'mean https://auth.example/token?',
    ],
    [
      'a token URL with a user',
      'tokenUrl: "https://u:hunter2@auth.example/"',
      'clientId and secret',
    ],
    ['an algorithm that is not ours', 'algorithm: RS256', 'one of ES384, RS384'],
    ['a scope with a space', 'scopes: ["system/Task.rus system/Patient.rs"]', 'a scope such as'],
    ['a secret beside keys', 'secret: { env: X }', 'no setting of type smart-backend'],
  ];
  for (const [name, line, ...parts] of rows)
    it(`names the mistake: ${name}`, () => {
      const found = mistakes(hospital(`signIn: { type: smart-backend, clientId: us, ${line} }`));
      expect(found).to.have.length(1);
      for (const part of parts) expect(found[0]).to.contain(part);
      expect(found[0]).to.not.contain('hunter2');
    });

  it('lets a token URL on this machine be http, for tests', () => {
    const line =
      'signIn: { type: smart-backend, clientId: us, tokenUrl: "http://127.0.0.1:9/token" }';
    expect(mistakes(hospital(line))).to.deep.equal([]);
  });

  it('warns of a secret that is not there', () => {
    const { warnings } = load(
      hospital(
        'organization: Organization/1',
        'signIn: { type: client-secret, clientId: us, secret: { env: GONE } }',
      ),
    );
    expect(warnings.join(' ')).to.contain('environment variable GONE is not set');
  });
});
