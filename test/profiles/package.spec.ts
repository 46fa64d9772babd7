/** The FHIR package: the same bytes each time, whole, and loaded by our own reader and by the loader that SUSHI uses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { DiskBasedPackageCache } from 'fhir-package-loader';
import { profileUrl } from '../../mappings/profiles.ts';
import { readArchive } from '../../src/fhir/definitions/archive.ts';
import { openDefinitions, usualPlaces } from '../../src/fhir/definitions/definitions.ts';
import { openValidator } from '../../src/fhir/validation/validator.ts';
import { projectConfiguration } from '../../tools/profiles.ts';
import { archive, packageFiles } from '../../tools/profiles-package.ts';
import { compiled, profiles } from './compiled.ts';
import { invalidExamples, validExamples } from './examples.ts';

describe('the package of the profiles', () => {
  const bytes = archive(packageFiles());
  const files = new Map(
    [...readArchive(bytes, 'package.tgz')].map(({ name, text }) => [name, text()]),
  );
  const parsed = (name: string) => JSON.parse(files.get(`package/${name}`) ?? 'null');
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    writeFileSync(join(folder, 'package.tgz'), bytes);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('has the same bytes each time', () => {
    expect(archive(packageFiles()).equals(bytes)).to.equal(true);
  });

  it('says what it is, for which version of FHIR', () => {
    const { canonical, version } = projectConfiguration();
    expect(parsed('package.json')).to.include({
      name: 'massage-fhir.profiles',
      ...{ version, canonical, url: canonical, license: 'Apache-2.0', type: 'Conformance' },
    });
    expect(parsed('package.json')).to.deep.include({
      fhirVersions: ['4.0.1'],
      dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
    });
  });

  it('holds everything that is published, and each valid example', () => {
    for (const one of compiled)
      expect(parsed(`${one.resourceType}-${one.id}.json`)).to.deep.equal(one);
    for (const { resource } of validExamples)
      expect(parsed(`example/${resource.resourceType}-${resource.id}.json`)).to.deep.equal(
        resource,
      );
    expect(files.size).to.equal(compiled.length + validExamples.length + 3);
  });

  it('has an index that says of each file what it holds', () => {
    const index = parsed('.index.json');
    expect(index['index-version']).to.equal(2);
    expect(index.files).to.have.length(compiled.length);
    for (const { filename, ...said } of index.files) {
      const resource = parsed(filename);
      for (const key of ['resourceType', 'id', 'url', 'version', 'kind', 'type'])
        expect(said[key], `${filename} ${key}`).to.equal(resource[key]);
    }
    expect(parsed('example/.index.json').files).to.have.length(validExamples.length);
  });

  it('is all that our validator needs to judge by the profiles', () => {
    // Without the folder of the checkout: what is found comes from the package
    const places = { ...usualPlaces(), own: join(folder, 'nothing') };
    const definitions = openDefinitions({ added: [join(folder, 'package.tgz')], places });
    expect(definitions.problems).to.deep.equal([]);
    const validator = openValidator(definitions);
    for (const { url } of profiles) expect(validator.knows(url), url).to.equal(true);
    expect(openValidator(openDefinitions({ places })).knows(profileUrl('massage-pain'))).to.equal(
      false,
    );
    for (const { url, resource, name } of validExamples)
      expect(validator.validate(resource, { profiles: [url] }).valid, name).to.equal(true);
    for (const { url, resource, name } of invalidExamples)
      expect(validator.validate(resource, { profiles: [url] }).valid, name).to.equal(false);
  });

  it('is unpacked and indexed by fhir-package-loader', async () => {
    const { version } = projectConfiguration();
    const cache = new DiskBasedPackageCache(join(folder, 'cache'));
    await cache.cachePackageTarball('massage-fhir.profiles', version ?? '', Readable.from(bytes));
    expect(cache.isPackageInCache('massage-fhir.profiles', version ?? '')).to.equal(true);
    const paths = cache.getPotentialResourcePaths('massage-fhir.profiles', version ?? '');
    const urls = paths.map((path) => cache.getResourceAtPath(path).url);
    expect(urls).to.include.members(compiled.map(({ url }) => url));
  });
});
