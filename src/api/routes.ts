/** Every route, in one list: the router, the OpenAPI document, the reference and the crawling test are made from it. */
import { fhirRoutes } from './fhir-routes.ts';
import { openApiDocument } from './openapi.ts';
import { orderRoutes } from './order-routes.ts';
import { referralRoutes } from './referral-routes.ts';
import { ok, type Route, route } from './route.ts';
import { sessionRoutes } from './session-routes.ts';
import { OpenApi } from './shapes.ts';
import { watchRoutes } from './watch-routes.ts';
import { workRoutes } from './work-routes.ts';

export const routes: readonly Route[] = [
  ...referralRoutes,
  ...sessionRoutes,
  ...orderRoutes,
  ...workRoutes,
  ...watchRoutes,
  route({
    method: 'get',
    path: '/openapi.json',
    may: 'public',
    answers: { 200: { says: 'OpenAPI 3.1.', schema: OpenApi } },
    problems: [],
    says: 'This API, described.',
    does: async ({ version }) => ok(openApiDocument(routes, version)),
  }),
  ...fhirRoutes,
];
