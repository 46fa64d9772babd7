/**
 * Strict out, lenient in (DESIGN decision 8): what a hospital shows is judged and the findings are kept with it; what
 * would leave is judged and stays here unless it is valid R4 and meets the profile of what we make.
 */
import { AdapterError } from '../core/errors.ts';
import type { Issue } from '../fhir/validation/outcome.ts';
import type { Validator } from '../fhir/validation/validator.ts';
import type { Finding } from '../mapping/finding.ts';
import type { InboxRow } from '../store/inbox.ts';

export interface Judge {
  /** What is wrong with a resource of a hospital: paths and words, never what the resource holds. */
  findings(resource: object): readonly Finding[];
  /** Throws `outbound-invalid`, with field and rule, unless the resource may leave. */
  release(resource: fhir4.FhirResource, profile?: string): void;
}

/** More than a person reads about one resource. */
const mostFindings = 50;
/** Said in full; the others are counted. */
const mostReasons = 5;

export function openJudge(validator: Validator): Judge {
  return {
    findings: (resource) =>
      validator
        .validate(resource, { quotes: false })
        .issues.slice(0, mostFindings)
        .map(({ expression, message, severity }) => ({
          path: expression,
          says: severity === 'warning' ? `Warning: ${message}` : message,
        })),
    release(resource, profile) {
      if (profile !== undefined && !validator.knows(profile))
        throw new AdapterError('internal', `The profile ${profile} is not among the definitions.`);
      const verdict = validator.validate(resource, {
        quotes: false,
        ...(profile !== undefined && { profiles: [profile] }),
      });
      if (!verdict.valid) throw refusal(resource, profile, verdict.issues);
    },
  };
}

function refusal(
  resource: fhir4.FhirResource,
  profile: string | undefined,
  issues: readonly Issue[],
): AdapterError {
  const errors = issues.filter(({ severity }) => severity === 'error' || severity === 'fatal');
  const reasons = errors.slice(0, mostReasons).map(sentence);
  const more = errors.length - reasons.length;
  const against = profile === undefined ? 'R4' : `R4 and ${profile}`;
  return new AdapterError(
    'outbound-invalid',
    `The ${resource.resourceType} is not valid against ${against}: ${reasons.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`,
  );
}

function sentence({ expression, message, constraint }: Issue): string {
  const rule =
    constraint === undefined || message.startsWith(`${constraint}:`) ? '' : ` (${constraint})`;
  return `${expression}${rule}: ${message}`;
}

/** The findings that were stored with an inbox row. */
export function findingsOf({ findings }: Pick<InboxRow, 'findings'>): readonly Finding[] {
  // Written by the sync from this very type
  return findings === null ? [] : (JSON.parse(findings) as Finding[]);
}
