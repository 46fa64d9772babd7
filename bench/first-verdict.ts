/** A process that validates: says how it stands after its start, after the first verdict, and after a longer run. */
import { openDefinitions } from '../src/fhir/definitions/definitions.ts';
import { openValidator } from '../src/fhir/validation/validator.ts';
import { exampleOf } from '../test/support/official-examples.ts';

const [first, ...others] = process.argv.slice(2);
const validator = openValidator(openDefinitions());
const validate = (file: string): boolean =>
  validator.validate(JSON.parse(exampleOf(file).text)).valid;
const memoryAtStart = process.memoryUsage().rss;
if (first !== undefined) validate(first);
const msToFirst = performance.now();
for (const file of others) validate(file);
console.log(JSON.stringify({ msToFirst, memoryAtStart, memoryAtEnd: process.memoryUsage().rss }));
