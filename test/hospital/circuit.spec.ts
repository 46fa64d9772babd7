import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Circuit,
  circuitRules,
  closedCircuit,
  ended,
  entry,
  probing,
  type Verdict,
} from '../../src/hospital/circuit.ts';

const rules = circuitRules;
const ill = (circuit: Circuit, nowMs: number, isProbe = false) =>
  ended(circuit, { verdict: 'ill', nowMs, isProbe, fault: 'hospital-fault 502' }, rules);
const well = (circuit: Circuit, nowMs: number, isProbe = false) =>
  ended(circuit, { verdict: 'well', nowMs, isProbe, fault: '' }, rules);

/** Open since the fifth fault, at 500. */
function opened(): Circuit {
  return [100, 200, 300, 400, 500].reduce((circuit, at) => ill(circuit, at), closedCircuit);
}

describe('circuit breaker', () => {
  it('opens with the fifth fault in a row, and knows since when and why', () => {
    expect(opened()).to.deep.equal({
      state: 'open',
      trouble: { faults: 5, sinceMs: 100, last: 'hospital-fault 502', questions: [] },
      pauseMs: 30_000,
      untilMs: 30_500,
    });
  });

  it('counts one question once, however often it fails', () => {
    const asked = (circuit: Circuit, question: string) =>
      ended(
        circuit,
        { verdict: 'ill', nowMs: 1, isProbe: false, fault: 'hospital-fault 500', question },
        rules,
      );
    let circuit = closedCircuit;
    for (let at = 0; at < 40; at += 1) circuit = asked(circuit, `Patient/${at % 4}`);
    expect(circuit.state).to.equal('closed');
    expect(asked(circuit, 'Patient/4').state).to.equal('open');
  });

  it('begins to count anew after each success', () => {
    let circuit = closedCircuit;
    for (let at = 0; at < 40; at += 1)
      circuit = at % 5 === 4 ? well(circuit, at) : ill(circuit, at);
    expect(circuit.state).to.equal('closed');
  });

  it('lets one exchange try after the pause, and no second one beside it', () => {
    const circuit = opened();
    expect(entry(circuit, 30_499)).to.equal(undefined);
    expect(entry(circuit, 30_500)).to.equal('probe');
    expect(entry(probing(circuit), 40_000)).to.equal(undefined);
  });

  it('doubles the pause with each vain try, up to a quarter of an hour', () => {
    let circuit = opened();
    const pauses: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      if (circuit.state !== 'open') throw new Error('It is not open.');
      pauses.push(circuit.pauseMs / 1000);
      circuit = ill(probing(circuit), circuit.untilMs, true);
    }
    expect(pauses).to.deep.equal([30, 60, 120, 240, 480, 900, 900, 900]);
    expect(circuit).to.have.nested.property('trouble.sinceMs', 100);
  });

  it('tries again at once when the try says nothing either way', () => {
    const circuit = ended(
      probing(opened()),
      { verdict: 'nothing', nowMs: 31_000, isProbe: true, fault: 'internal' },
      rules,
    );
    expect(entry(circuit, 31_000)).to.equal('probe');
    expect(circuit).to.include({ pauseMs: 30_000 });
  });

  it('keeps its laws whatever happens in whatever order', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 1_000_000 }),
      verdict: fc.constantFrom<Verdict>('well', 'ill', 'nothing'),
      /** Whether the exchange ends at once, or after others that begin later. */
      late: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let circuit: Circuit = closedCircuit;
        let nowMs = 0;
        let inARow = 0;
        const underWay: { verdict: Verdict; isProbe: boolean }[] = [];
        const end = ({ verdict, isProbe }: { verdict: Verdict; isProbe: boolean }) => {
          const before = circuit;
          circuit = ended(before, { verdict, nowMs, isProbe, fault: 'x' }, rules);
          if (verdict === 'well') expect(circuit.state, 'a success closes it').to.equal('closed');
          if (before.state === 'closed') {
            inARow = verdict === 'well' ? 0 : inARow + (verdict === 'ill' ? 1 : 0);
            expect(circuit.state === 'open', 'opens exactly then').to.equal(inARow >= rules.faults);
          } else if (circuit.state === 'closed') inARow = 0;
          if (circuit.state !== 'closed') {
            expect(circuit.trouble.sinceMs).to.be.at.most(nowMs);
            expect(circuit.pauseMs).to.be.within(rules.firstPauseMs, rules.longestPauseMs);
          }
        };
        for (const { afterMs, verdict, late } of steps) {
          nowMs += afterMs;
          const may = entry(circuit, nowMs);
          if (circuit.state === 'open')
            expect(may, 'only after the pause').to.equal(
              nowMs >= circuit.untilMs ? 'probe' : undefined,
            );
          if (may === undefined) {
            const [waiting] = underWay.splice(0, 1);
            if (waiting) end(waiting);
            continue;
          }
          const isProbe = may === 'probe';
          if (isProbe) circuit = probing(circuit);
          if (late) underWay.push({ verdict, isProbe });
          else end({ verdict, isProbe });
          expect(underWay.filter((one) => one.isProbe).length, 'one try at a time').to.be.at.most(
            circuit.state === 'half-open' ? 1 : underWay.length,
          );
        }
      }),
    );
  });
});
