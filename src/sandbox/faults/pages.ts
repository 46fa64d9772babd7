/** Faults of Bundles: their links, pages, totals and entries. */
import type { Answer } from '../exchange.ts';
import { interactionOf } from '../interactions.ts';
import { isObject, type JsonObject } from '../json.ts';
import { type Issue, type IssueCode, outcome } from '../outcome.ts';
import { linkOf, withEntries, withLink } from '../resource-rewriting.ts';
import { epicCodeSystem } from '../vendors/epic-codes.ts';
import type { Behaviours, Stage } from './behaviour.ts';
import type { FaultOf } from './kinds.ts';

export const pageFaults = {
  'foreign-next': {
    answer: ({ origin }, answer, { url }) => {
      const { pathname, search } = new URL(linkOf(answer, 'next') ?? url);
      return withLink(answer, 'next', new URL(pathname + search, origin).href);
    },
  },
  'loop-next': {
    answer: (_fault, answer, { url }) => withLink(answer, 'next', url),
  },
  'next-link': {
    answer: (fault, answer) => {
      const next = linkOf(answer, 'next');
      return next === undefined
        ? answer
        : withLink(answer, 'next', misled(fault.as, new URL(next)));
    },
  },
  'page-repeats': {
    ask: ({ rows = 1 }, stage) => moved(stage, -rows),
  },
  'page-gap': {
    ask: ({ rows = 1 }, stage) => moved(stage, rows),
  },
  'small-pages': {
    ask: ({ rows }, stage) => ({
      ...stage,
      server: { ...stage.server, maxCount: Math.min(stage.server.maxCount, rows) },
    }),
  },
  cap: {
    ask: ({ rows, refuses }, stage) =>
      refuses ? stage : { ...stage, server: { ...stage.server, cap: rows } },
    answer: ({ rows, refuses }, answer) => {
      if (!refuses || (answer.found ?? 0) <= rows) return answer;
      const diagnostics = 'The result is too large.';
      const issue: Issue = { severity: 'error', code: 'too-costly', diagnostics };
      return { status: 413, headers: {}, body: outcome([issue]) };
    },
  },
  total: {
    answer: ({ is }, answer) => {
      if (!isSearchset(answer)) return answer;
      const { total = 0, ...body } = answer.body ?? {};
      const entries = Array.isArray(body.entry) ? body.entry.length : 0;
      const totals = { zero: 0, entries, 'too-large': Number(total) + 7 };
      return { ...answer, body: is === 'missing' ? body : { ...body, total: totals[is] } };
    },
  },
  'outcome-entry': {
    answer: (fault, answer, { server }) => {
      if (!isSearchset(answer)) return answer;
      const fullUrl = `urn:uuid:${server.repository.freeId('OperationOutcome')}`;
      const { mode = 'outcome' } = fault;
      const entry: JsonObject = {
        fullUrl,
        resource: outcome([issueOf(fault)]),
        ...(mode === 'absent' ? {} : { search: { mode } }),
      };
      return withEntries(answer, (entries) => [entry, ...entries]);
    },
  },
  includes: {
    answer: ({ as }, answer) =>
      withEntries(answer, (entries) =>
        entries.flatMap((entry) => {
          if (as === 'without-mode') return [{ ...entry, search: undefined }];
          const { search } = entry;
          if (!isObject(search) || search.mode !== 'include') return [entry];
          return as === 'repeated' ? [entry, entry] : [{ ...entry, search: { mode: 'match' } }];
        }),
      ),
  },
  'stale-search': {
    answer: ({ ms = 60_000 }, answer, { server, call, url }, memory) => {
      if (interactionOf(call) !== 'search-type' || answer.status !== 200) return answer;
      const now = server.repository.now();
      const known = memory.get(url) as { answer: Answer; until: number } | undefined;
      const fresh = call.header('cache-control')?.includes('no-cache') ?? false;
      if (known !== undefined && !fresh && now < known.until) return known.answer;
      memory.set(url, { answer, until: now + ms });
      return answer;
    },
  },
} satisfies Behaviours;

function isSearchset({ body, status }: Answer): boolean {
  return status === 200 && body?.type === 'searchset';
}

const usualIssue = {
  information: 'informational',
  warning: 'suppressed',
  error: 'processing',
} as const;

function issueOf({ severity, issue, code }: FaultOf<'outcome-entry'>): Issue {
  return {
    severity,
    code: (issue as IssueCode | undefined) ?? usualIssue[severity],
    diagnostics: 'A fault that was asked for.',
    ...(code === undefined ? {} : { details: { system: epicCodeSystem, code } }),
  };
}

/** The address with a wrong start, as a text, because a doubled port is no URL. */
function misled(as: FaultOf<'next-link'>['as'], url: URL): string {
  const { protocol, hostname, pathname, search } = url;
  const port = url.port === '' ? '80' : url.port;
  const rest = pathname + search;
  switch (as) {
    case 'other-host':
      return `${protocol}//internal.example:8080${rest}`;
    case 'other-scheme':
      return `https://${url.host}${rest}`;
    case 'other-port':
      return `${protocol}//${hostname}:${Number(port) === 65_535 ? 1024 : Number(port) + 1}${rest}`;
    case 'doubled-port':
      return `${protocol}//${hostname}:${port}:${port}${rest}`;
    case 'other-path':
      return `${protocol}//${url.host}/internal${rest}`;
  }
}

/** A later page that begins somewhere else than its link said. */
function moved(stage: Stage, rows: number): Stage {
  const query = stage.call.query.map(([name, value]) =>
    name === '_offset'
      ? ([name, String(Math.max(0, Number(value) + rows))] as const)
      : ([name, value] as const),
  );
  return { ...stage, call: { ...stage.call, query } };
}
