/** The HTTP side of the adapter: the frame, the pages, the route table, and an answer for everything else. */
import express, { type Express } from 'express';
import { errorsOut, handlersOf, nothingHere, otherMethods } from './answer.ts';
import type { ApiDeps } from './deps.ts';
import { asked, counted, identified, standardLimits, strict } from './frame.ts';
import { routes } from './routes.ts';

/** An application that listens nowhere yet. Behind a proxy on the same machine it believes its X-Forwarded-* headers. */
export function openApi(deps: ApiDeps): Express {
  const limits = { ...standardLimits, ...deps.limits };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', 'loopback');
  app.set('query parser', 'simple');
  app.use(identified(deps), strict, asked(deps), counted(limits));
  for (const row of routes) app[row.method](row.path, ...handlersOf(deps, row, limits));
  const methods = Map.groupBy(routes, (row) => row.path);
  for (const [path, rows] of methods) app.all(path, otherMethods(rows.map((row) => row.method)));
  if (deps.pages) app.use(deps.pages.routes);
  app.use(nothingHere);
  app.use(errorsOut(deps));
  return app;
}
