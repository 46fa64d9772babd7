/** One order that is not on the list, by what stands on a screen of the hospital: read now, judged, and taken in or not. */
import Type from 'typebox';
import { oneHospital } from './known-hospital.ts';
import { ok, type Route, route } from './route.ts';
import { choice, closed } from './shapes.ts';
import { HospitalQuery } from './watch-shapes.ts';

const OrderBody = Type.Object(
  {
    order: Type.String({
      minLength: 1,
      maxLength: 2_000,
      description: 'ServiceRequest/…, its id, or its address at this hospital.',
    }),
  },
  { title: 'OrderWanted', ...closed },
);

const OrderTaken = Type.Object(
  {
    order: Type.String({ description: 'ServiceRequest/…' }),
    state: choice(
      ['received', 'applied', 'refused', 'waiting', 'ignored', 'outdated', 'unusable'],
      'How it ended; applied: it is on the list.',
    ),
    rule: Type.String({ description: 'The rule that decided.' }),
    says: Type.String({ description: 'Its words.' }),
    referral: Type.Optional(Type.String({ description: 'Our referral.' })),
  },
  { title: 'OrderTaken', description: 'What became of an order that was asked for.', ...closed },
);

export const orderRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/orders',
    may: 'run.start',
    query: HospitalQuery,
    body: OrderBody,
    answers: { 200: { says: 'Read and judged; what became of it.', schema: OrderTaken } },
    problems: ['not-found', 'gone', 'not-allowed', 'sign-in-refused', 'hospital-unreachable'],
    says: 'Read one order of the hospital that is not on the list.',
    does: async (deps, { query, body }) =>
      ok(await deps.readOrder(oneHospital(deps, query.hospital), body.order)),
  }),
];
