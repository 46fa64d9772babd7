/** Faults of what a search understands and of what it can see. */
import type { Call } from '../exchange.ts';
import { type Interaction, interactionOf } from '../interactions.ts';
import { refuse } from '../outcome.ts';
import type { Version } from '../repository.ts';
import { hiding } from '../repository-views.ts';
import { withLink } from '../resource-rewriting.ts';
import { parametersOf } from '../search-parameters.ts';
import type { Pair } from '../search-query.ts';
import type { Behaviours, Memory, Stage } from './behaviour.ts';
import type { FaultOf } from './kinds.ts';

export const searchFaults = {
  'late-commit': {
    ask: ({ ms }, stage) => {
      if (!looks.has(interactionOf(stage.call))) return stage;
      const { repository } = stage.server;
      const until = repository.now() - ms;
      return seeing(stage, (version) => version.at > until);
    },
  },
  'index-lag': {
    ask: (fault, stage, memory) => {
      if (interactionOf(stage.call) !== 'search-type') return stage;
      const isNew = newVersions(fault, stage, memory);
      return seeing(stage, isNew);
    },
  },
  'outside-window': {
    ask: (_fault, stage) => asking(stage, ([name]) => name !== '_lastUpdated'),
    answer: (_fault, answer, { call, url }) =>
      call.query.some(([name]) => name === '_lastUpdated') ? withLink(answer, 'self', url) : answer,
  },
  'ignore-parameters': {
    ask: ({ names }, stage) =>
      interactionOf(stage.call) === 'search-type'
        ? asking(stage, ([name]) => !isIgnored(names, name))
        : stage,
    answer: ({ self }, answer, { url }) =>
      self === 'asked' ? withLink(answer, 'self', url) : answer,
  },
  'refuse-window': {
    ask: ({ of }, stage) => {
      const values = windowOf(stage.call);
      if (values.length > 0 && isRefused[of](values, stage.call)) {
        throw refuse(400, 'invalid', `This server takes no such _lastUpdated (${of}).`);
      }
      return stage;
    },
  },
  'day-precision': {
    ask: (_fault, stage) =>
      changing(stage, ([name, value]) =>
        name === '_lastUpdated' ? [name, value.replace(/T.*$/, '')] : [name, value],
      ),
  },
  'local-dates': {
    ask: ({ offset }, stage) => {
      const parameters = parametersOf(stage.call.path[0] ?? '');
      return changing(stage, ([name, value]) =>
        parameters.get(name)?.type === 'date' ? [name, localDate(value, offset)] : [name, value],
      );
    },
  },
  'system-required': {
    ask: (_fault, stage) => {
      const parameters = parametersOf(stage.call.path[0] ?? '');
      return changing(stage, ([name, value]) => {
        const isToken = parameters.get(name)?.type === 'token';
        if (!isToken || value.includes('|')) return [name, value];
        // "|code" finds codes without a system: those of code elements, and no Coding that has one
        return [
          name,
          value
            .split(',')
            .map((code) => `|${code}`)
            .join(','),
        ];
      });
    },
  },
  'form-ignored': {
    ask: (_fault, stage) => {
      const { query, form = [] } = stage.call;
      const asked = query.slice(0, query.length - form.length);
      return { ...stage, call: { ...stage.call, query: asked, form: [] } };
    },
  },
} satisfies Behaviours;

const looks = new Set<Interaction>(['read', 'vread', 'search-type', 'history']);

function seeing(stage: Stage, hides: (version: Version) => boolean): Stage {
  const repository = hiding(stage.server.repository, hides);
  return { ...stage, server: { ...stage.server, repository } };
}

function changing(stage: Stage, change: (pair: Pair) => Pair): Stage {
  return { ...stage, call: { ...stage.call, query: stage.call.query.map(change) } };
}

function asking(stage: Stage, keeps: (pair: Pair) => boolean): Stage {
  return { ...stage, call: { ...stage.call, query: stage.call.query.filter(keeps) } };
}

/**
 * Which versions the index does not have yet: those written after the fault was planned, for so many searches or so
 * long. Counts this search.
 */
function newVersions(
  { ms, requests = ms === undefined ? 1 : 0 }: FaultOf<'index-lag'>,
  { server, call }: Stage,
  memory: Memory,
): (version: Version) => boolean {
  const now = server.repository.now();
  const planned = Number(memory.get('planned-after') ?? 0);
  const seen = (memory.get('seen') as WeakMap<Version, number> | undefined) ?? new WeakMap();
  memory.set('seen', seen);
  const hidden = new Set<Version>();
  for (const version of server.repository.history(call.path[0])) {
    if (version.at <= planned) break;
    const times = seen.get(version) ?? 0;
    seen.set(version, times + 1);
    if (times < requests || (ms !== undefined && version.at > now - ms)) hidden.add(version);
  }
  return (version) => hidden.has(version);
}

const result = new Set([
  '_count',
  '_sort',
  '_include',
  '_revinclude',
  '_snapshot',
  '_offset',
  '_summary',
  '_total',
  '_elements',
  '_format',
]);

function isIgnored(names: object | undefined, name: string): boolean {
  const plain = name.split(':')[0] ?? name;
  return names === undefined ? !result.has(plain) : Object.values(names).includes(plain);
}

/** A prefixed day begins and ends, and a time without a zone is, where the server stands. */
function localDate(value: string, offset: string): string {
  const [, prefix, day] = /^(ge|gt|le|lt)(\d{4}-\d{2}-\d{2})$/.exec(value) ?? [];
  if (prefix !== undefined) {
    const time = prefix === 'gt' || prefix === 'le' ? '23:59:59.999' : '00:00:00';
    return `${prefix}${day}T${time}${offset}`;
  }
  return /T[\d:.]+$/.test(value) ? value + offset : value;
}

function windowOf(call: Call): string[] {
  return call.query.filter(([name]) => name === '_lastUpdated').map(([, value]) => value);
}

const isRefused: Readonly<
  Record<FaultOf<'refuse-window'>['of'], (values: readonly string[], call: Call) => boolean>
> = {
  open: (values) =>
    !values.some((value) => /^(ge|gt|sa)/.test(value)) ||
    !values.some((value) => /^(le|lt|eb)/.test(value)),
  'date-only': (values) => values.some((value) => !value.includes('T')),
  timed: (values) => values.some((value) => value.includes('T')),
  'date-and-last-updated': (_values, { query }) => query.some(([name]) => name === 'date'),
};
