/** Progress on a terminal: one line, written over and taken away. */
import { expect } from 'chai';
import { progressListener } from '../../src/telemetry/progress.ts';
import { samples } from './samples.ts';

const clear = '\r\u001B[2K';

function terminal(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

describe('progress', () => {
  it('adds pages up on one line and takes it away at the end', () => {
    const tty = terminal(true);
    const listener = progressListener(tty);
    listener('run:page', samples['run:page']);
    listener('run:page', samples['run:page']);
    listener('run:ended', samples['run:ended']);
    expect(tty.written).to.deep.equal([
      'general: A1 50 read, 7 new',
      clear,
      'general: A1 100 read, 14 new',
      clear,
    ]);
  });

  it('makes way for whatever else is printed', () => {
    const tty = terminal(true);
    const listener = progressListener(tty);
    listener('run:page', samples['run:page']);
    listener('outbox:sent', samples['outbox:sent']);
    listener('outbox:sent', samples['outbox:sent']);
    expect(tty.written.slice(1)).to.deep.equal([clear]);
  });

  it('is never wider than the terminal', () => {
    const tty = terminal(true, 10);
    progressListener(tty)('run:page', samples['run:page']);
    expect(tty.written[0]).to.have.length(9);
  });

  it('is silent elsewhere', () => {
    const file = terminal(false);
    progressListener(file)('run:page', samples['run:page']);
    expect(file.written).to.deep.equal([]);
  });
});
