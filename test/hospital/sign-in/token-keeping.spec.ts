/** The kept token as a machine: whatever happens, it is asked for once at a time and never too often. */
import { expect } from 'chai';
import fc from 'fast-check';
import { AdapterError } from '../../../src/core/errors.ts';
import { keepToken } from '../../../src/hospital/sign-in/token-keeping.ts';

type Step =
  | { readonly do: 'ask' | 'refuse' | 'accept' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'break'; readonly code: 'sign-in-refused' | 'hospital-unreachable' | undefined };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom({ do: 'ask' } as const, { do: 'refuse' } as const, { do: 'accept' } as const),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 400_000 }) }),
  fc.record({
    do: fc.constant('break' as const),
    code: fc.constantFrom('sign-in-refused' as const, 'hospital-unreachable' as const, undefined),
  }),
);

describe('a kept token', () => {
  it('is never one that has ended, and a refusal is never followed by a request within a minute', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 900 }),
        async (steps, life) => {
          let now = 1_000_000;
          let code: 'sign-in-refused' | 'hospital-unreachable' | undefined;
          const endOf = new Map<string, number>();
          const fetched: { at: number; code: typeof code }[] = [];
          const kept = keepToken(
            async () => {
              fetched.push({ at: now, code });
              if (code !== undefined) throw new AdapterError(code, 'No token.');
              const accessToken = `token-${fetched.length}`;
              endOf.set(`Bearer ${accessToken}`, now + life * 1000);
              return { accessToken, lifeMs: life * 1000, missing: [] };
            },
            () => now,
          );
          let header: string | undefined;
          for (const one of steps) {
            if (one.do === 'wait') now += one.ms;
            if (one.do === 'break') code = one.code;
            if (one.do === 'accept') kept.accepted(header);
            if (one.do === 'refuse' && header !== undefined) kept.refused(header);
            if (one.do === 'ask') {
              const before = fetched.length;
              const answers = await Promise.allSettled([
                kept.header(),
                kept.header(),
                kept.header(),
              ]);
              expect(fetched.length - before).to.be.at.most(1);
              for (const answer of answers)
                if (answer.status === 'fulfilled') {
                  header = answer.value;
                  expect(now).to.be.lessThan(endOf.get(header) ?? 0);
                }
            }
          }
          fetched.forEach(({ at, code: was }, index) => {
            const next = fetched[index + 1];
            if (was === 'sign-in-refused' && next) expect(next.at - at).to.be.at.least(60_000);
          });
        },
      ),
    );
  });

  it('that was refused is dropped only while it is the one that is kept', async () => {
    let fetches = 0;
    const kept = keepToken(
      async () => ({ accessToken: `t${++fetches}`, lifeMs: 300_000, missing: [] }),
      () => 0,
    );
    const first = await kept.header();
    expect(kept.refused(first)).to.equal(true);
    const second = await kept.header();
    expect(kept.refused(first)).to.equal(true);
    expect(await kept.header()).to.equal(second);
    expect(fetches).to.equal(2);
  });
});
