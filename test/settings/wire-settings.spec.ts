import { expect } from 'chai';
import { loadSettings } from '../../src/settings.ts';
import { hospital, load, mistakes } from './loading.ts';

const way = (...lines: string[]) => {
  const { tls, proxy, limits, pagingHost } = load(hospital(...lines)).settings.hospitals[0] ?? {};
  return { tls, proxy, limits, pagingHost };
};

/** What `settings check` says of files that are there. */
function warnings(files: Record<string, string>, env: Record<string, string>, ...lines: string[]) {
  const text = hospital('organization: Organization/massage', ...lines);
  const readFile = (path: string) => {
    const found = path === 'site.yaml' ? text : files[path];
    if (found === undefined) throw new Error(`ENOENT: ${path}`);
    return found;
  };
  return loadSettings({ file: 'site.yaml', env, readFile }).warnings;
}

describe('settings: the way to a hospital', () => {
  it('is a plain one with four connections where nothing is said', () => {
    expect(way()).to.deep.equal({
      tls: {},
      proxy: {},
      limits: { connections: 4, answer: 64 },
      pagingHost: 'rebase',
    });
  });

  it('has certificates, a proxy and limits', () => {
    expect(
      way(
        'tls: { ca: ca.pem, cert: us.pem, key: us.key, passphrase: { env: PASS } }',
        'proxy: { url: "http://proxy.example:3128", user: us, password: { file: secret } }',
        'limits: { connections: 2, perMinute: 100, perDay: 5000, answer: 8 }',
        'pagingHost: strict',
      ),
    ).to.deep.equal({
      tls: { ca: 'ca.pem', cert: 'us.pem', key: 'us.key', passphrase: { env: 'PASS' } },
      proxy: { url: 'http://proxy.example:3128', user: 'us', password: { file: 'secret' } },
      limits: { connections: 2, perMinute: 100, perDay: 5000, answer: 8 },
      pagingHost: 'strict',
    });
  });

  it('can be said by environment variables', () => {
    const { settings } = load(hospital(), {
      MASSAGE_FHIR_HOSPITALS_0_PROXY_URL: 'https://proxy.example',
      MASSAGE_FHIR_HOSPITALS_0_LIMITS_PER_DAY: '7',
      MASSAGE_FHIR_HOSPITALS_0_TLS_CA: '/etc/ca.pem',
    });
    expect(settings.hospitals[0]).to.deep.include({
      proxy: { url: 'https://proxy.example' },
      tls: { ca: '/etc/ca.pem' },
    });
    expect(settings.hospitals[0]?.limits.perDay).to.equal(7);
  });

  for (const [line, says] of [
    ['proxy: { url: "proxy.example:3128" }', 'http://proxy.example:3128'],
    ['proxy: { url: "http://us:secret@proxy.example" }', 'proxy.user and proxy.password'],
    ['proxy: { url: "http://proxy.example/way" }', 'http://proxy.example'],
    ['proxy: { url: "socks5://proxy.example" }', 'the http(s) address of a proxy'],
    ['proxy: { url: "us:secret@proxy.example:3128" }', '"…@proxy.example:3128"'],
    ['proxy: "us:secret@proxy.example:3128"', '"…@proxy.example:3128"'],
    ['proxy: { url: "http://us:a@secret@proxy.example" }', '"http://…@proxy.example"'],
    ['limits: { perMinute: 0 }', 'a whole number from 1 to 60000'],
    ['limits: { answer: 5000 }', 'a whole number from 1 to 1024'],
    ['tls: { ca: "" }', 'the path of a PEM file'],
    ['pagingHost: other', 'rebase'],
  ] as const) {
    it(`is refused with ${line}`, () => {
      const found = mistakes(hospital(line));
      expect(found).to.have.length(1);
      expect(found[0]).to.contain(says);
      expect(found[0]).to.not.contain('secret@');
    });
  }

  const cautious: readonly [string, string[], string | undefined][] = [
    ['files that are there', ['tls: { ca: ca.pem, cert: us.pem, key: us.pem }'], undefined],
    [
      'a file that is not',
      ['tls: { ca: nowhere.pem }'],
      'tls cannot work yet: file nowhere.pem cannot be read.',
    ],
    ['a certificate without key', ['tls: { cert: us.pem }'], 'tls.cert and tls.key go together'],
    [
      'a passphrase that is not set',
      ['tls: { cert: us.pem, key: us.pem, passphrase: { env: NO } }'],
      'NO is not set',
    ],
    ['a proxy', ['proxy: { url: "http://proxy.example" }'], undefined],
    ['a user at no proxy', ['proxy: { user: us }'], 'proxy has no url'],
    ['a password at no proxy', ['proxy: { password: { env: NO } }'], 'proxy has no url'],
    [
      'a password of nobody',
      ['proxy: { url: "http://proxy.example", password: { file: us.pem } }'],
      'proxy.password without proxy.user is not used',
    ],
    ['a list of patients', ['discover: { patients: us.pem }'], undefined],
    [
      'a list of patients that is not there',
      ['discover: { patients: list.txt }'],
      'list.txt cannot be read, so nobody',
    ],
    [
      'a password that is not set',
      ['proxy: { url: "http://proxy.example", user: us, password: { env: NO } }'],
      'proxy cannot work yet',
    ],
  ];
  for (const [name, lines, says] of cautious) {
    it(`is ${says === undefined ? 'passed over' : 'cautioned about'} with ${name}`, () => {
      const found = warnings({ 'ca.pem': 'x', 'us.pem': 'x' }, {}, ...lines);
      if (says === undefined) expect(found).to.deep.equal([]);
      else expect(found.join()).to.contain(says);
    });
  }

  it('says who can read along where an http base is reached through a proxy', () => {
    const text = hospital(
      'organization: Organization/massage',
      'proxy: { url: "http://proxy.example" }',
    );
    const { warnings: found } = load(text.replace('https://fhir', 'http://fhir'));
    expect(found.join()).to.contain('a proxy, which can read patient data and credentials');
  });
});
