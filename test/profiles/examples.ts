/** The examples of `profiles/examples`: for each profile valid ones, and invalid ones named after the rule they break. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileUrl } from '../../mappings/profiles.ts';
import { profilesFolder } from '../../tools/profiles.ts';

export interface Example {
  /** Path below the folder of the examples, without its ending. */
  readonly name: string;
  /** Id of the profile. */
  readonly profile: string;
  readonly url: string;
  readonly resource: fhir4.FhirResource;
}

/** The one fault that an invalid example has: a constraint by its key, anything else by the code. */
export interface Fault {
  readonly constraint?: string;
  readonly code?: string;
  /** Where, as our validator says it. */
  readonly expression: string;
}

export interface InvalidExample extends Example {
  readonly rule: string;
  readonly fault: Fault | undefined;
}

const folder = join(profilesFolder, 'examples');

/** `profile/rule` → the fault of that example. */
export const faults: Readonly<Record<string, Fault>> = JSON.parse(
  readFileSync(join(folder, 'expected.json'), 'utf8'),
);

export const validExamples: readonly Example[] = read('valid');

export const invalidExamples: readonly InvalidExample[] = read('invalid').map((example) => {
  const rule = example.name.slice(example.name.lastIndexOf('/') + 1);
  return { ...example, rule, fault: faults[`${example.profile}/${rule}`] };
});

function read(kind: 'valid' | 'invalid'): Example[] {
  return globSync(`${kind}/*/*.json`, { cwd: folder })
    .toSorted()
    .map((file) => {
      const [, profile = ''] = file.split('/');
      return {
        name: file.slice(0, -'.json'.length),
        profile,
        url: profileUrl(profile),
        resource: JSON.parse(readFileSync(join(folder, file), 'utf8')),
      };
    });
}
