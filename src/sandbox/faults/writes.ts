/** Faults of writes and versions. */
import type { Call } from '../exchange.ts';
import { interactionOf, writes } from '../interactions.ts';
import { isObject } from '../json.ts';
import { refuse } from '../outcome.ts';
import { fromZero, odd, readVersions, writtenVersions } from '../version-names.ts';
import type { Behaviours, Stage } from './behaviour.ts';
import type { FaultOf } from './kinds.ts';

export const writeFaults = {
  'if-match': {
    ask: ({ wants }, stage) => {
      const interaction = interactionOf(stage.call);
      if (!writes.has(interaction) || interaction === 'create') return stage;
      return matching(wants, stage);
    },
  },
  'stale-409': {
    answer: (_fault, answer) => (answer.status === 412 ? { ...answer, status: 409 } : answer),
  },
  'version-names': {
    ask: ({ as }, stage) => ({
      ...stage,
      call: readVersions(stage.call, as === 'zero' ? fromZero : odd),
    }),
    answer: ({ as }, answer) => writtenVersions(answer, as === 'zero' ? fromZero : odd),
  },
  'empty-answer': {
    answer: ({ type }, answer, { call }) => {
      if (!writes.has(interactionOf(call)) || answer.status >= 300) return answer;
      const { body: _body, ...bare } = answer;
      if (type === undefined) return bare;
      return { ...bare, headers: { ...answer.headers, 'Content-Type': type }, text: '' };
    },
  },
  'drop-elements': {
    ask: ({ names, refuses }, stage) => {
      const { body } = stage.call;
      if (interactionOf(stage.call) !== 'create' || !isObject(body)) return stage;
      const unwanted: unknown[] = Object.values(names);
      const found = Object.keys(body).filter((name) => unwanted.includes(name));
      if (refuses && found.length > 0) {
        throw refuse(422, 'business-rule', `${found.join(', ')} is not supported.`);
      }
      const kept = Object.entries(body).filter(([name]) => !unwanted.includes(name));
      return { ...stage, call: { ...stage.call, body: Object.fromEntries(kept) } };
    },
  },
} satisfies Behaviours;

function matching(wants: FaultOf<'if-match'>['wants'], stage: Stage): Stage {
  const match = stage.call.header('if-match');
  if (wants === 'ignored') {
    const header: Call['header'] = (name) =>
      name === 'if-match' ? undefined : stage.call.header(name);
    return { ...stage, call: { ...stage.call, header } };
  }
  if (match === undefined) {
    if (wants !== 'mandatory') return stage;
    throw refuse(400, 'required', 'A valid If-Match is required.');
  }
  if (wants === 'bare' && /["/]/.test(match)) {
    throw refuse(412, 'conflict', 'If-Match is no version number.');
  }
  if (wants === 'weak' && !/^W\/"[^"]+"$/.test(match)) {
    throw refuse(412, 'conflict', 'If-Match is no weak ETag.');
  }
  return stage;
}
