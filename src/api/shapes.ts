/**
 * The small shapes that bodies and answers are made of, as JSON Schema. One declaration gives the check, the type, the
 * OpenAPI document and the reference; a schema with a title becomes a component of that document.
 */
import Type from 'typebox';

/** Nothing that is not named: a misspelt field would otherwise be ignored in silence. */
export const closed = { additionalProperties: false } as const;

export function choice<const Value extends string>(values: readonly Value[], description: string) {
  return Type.Unsafe<Value>({ type: 'string', enum: [...values], description });
}

export const Instant = (description: string) => Type.String({ format: 'date-time', description });

export const Id = Type.String({ minLength: 1, maxLength: 100 });

export const Coding = Type.Object(
  {
    system: Type.Optional(Type.String()),
    version: Type.Optional(Type.String()),
    code: Type.Optional(Type.String()),
    display: Type.Optional(Type.String()),
  },
  { title: 'Coding', ...closed },
);

export const Concept = Type.Object(
  { text: Type.Optional(Type.String()), coding: Type.Optional(Type.Array(Coding)) },
  { title: 'Concept', description: 'As FHIR’s CodeableConcept.', ...closed },
);

export const Identifier = Type.Object(
  {
    system: Type.Optional(Type.String()),
    value: Type.Optional(Type.String()),
    type: Type.Optional(Type.String()),
  },
  { title: 'Identifier', ...closed },
);

export const Named = Type.Object(
  { reference: Type.Optional(Type.String()), display: Type.Optional(Type.String()) },
  { title: 'Named', description: 'Somebody or something at the hospital.', ...closed },
);

export const Reason = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 2_000,
      pattern: '\\S',
      description: 'Why, in words; the hospital reads it. For a visit also one of our codes.',
    }),
  },
  { title: 'Reason', ...closed },
);

export const Nothing = Type.Object({}, { description: 'No body, or {}.', ...closed });

/** RFC 9457, with what a program needs (`code`) and what a person needs (`fix`). */
export const Problem = Type.Object(
  {
    type: Type.String({ format: 'uri-reference' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'Stable; what programs look at.' }),
    fix: Type.String({ description: 'What to do about it.' }),
    instance: Type.String({
      description: 'Id of this request, as in X-Request-Id and in the log.',
    }),
    problems: Type.Optional(
      Type.Array(Type.String(), { description: 'Everything that is wrong with the request.' }),
    ),
    possible: Type.Optional(
      Type.Array(Type.String(), { description: 'Commands that are possible now.' }),
    ),
  },
  { title: 'Problem', ...closed },
);

export const OperationOutcome = Type.Object(
  {
    resourceType: Type.Literal('OperationOutcome'),
    issue: Type.Array(Type.Object({}, { additionalProperties: true }), { minItems: 1 }),
  },
  { title: 'OperationOutcome', additionalProperties: true },
);

/** A resource as the hospital has it: lenient in, its mistakes are found and shown by the rules, not here. */
export function Resource<const Name extends string>(resourceType: Name) {
  return Type.Object(
    { resourceType: Type.Literal(resourceType) },
    { title: resourceType, additionalProperties: true },
  );
}

export const OpenApi = Type.Object(
  { openapi: Type.Literal('3.1.0') },
  { description: 'An OpenAPI document.', additionalProperties: true },
);
