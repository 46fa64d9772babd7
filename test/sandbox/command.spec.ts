import { expect } from 'chai';
import type { Io, Options } from '../../src/cli/command.ts';
import { run } from '../../src/cli/sandbox.ts';

/** What the command prints, and what its sandbox answers before it is told to end. */
async function printed(
  options: Options,
  meanwhile: (text: string) => Promise<void> = async () => {},
) {
  const stopping = new AbortController();
  let text = '';
  let working = Promise.resolve();
  const write = (piece: string) => {
    text += piece;
    working = meanwhile(text).finally(() => stopping.abort());
    return true;
  };
  const io = {
    stdout: { write },
    clock: () => '2026-03-02T09:00:00.000Z',
    signal: stopping.signal,
  } as unknown as Io;
  const code = await run([], { port: '0', ...options }, io);
  await working;
  return { code, text };
}

describe('sandbox: the command', () => {
  it('prints one address without a vendor, as text and for machines', async () => {
    const { code, text } = await printed({});
    expect(code).to.equal(0);
    expect(text).to.match(/^Sandbox hospital: http:\/\/127\.0\.0\.1:\d+\/fhir\nFaults on demand: /);
    const machine = await printed({ json: true });
    expect(JSON.parse(machine.text)).to.have.all.keys('base', 'faults');
  });

  it('prints base and staff of a vendor, whose ward has what its hospitals have', async () => {
    const { text } = await printed({ vendor: 'epic', json: true }, async (line) => {
      const { base, staff } = JSON.parse(line);
      const parent = await fetch(`${base}/ServiceRequest/order-cancer-pain-parent`);
      expect(((await parent.json()) as fhir4.ServiceRequest).intent).to.equal('original-order');
      expect((await fetch(`${staff}/ServiceRequest?_summary=count`)).status).to.equal(200);
    });
    expect(JSON.parse(text)).to.have.all.keys('base', 'staff', 'faults');
    const said = await printed({ vendor: 'oracle-health' }, async (line) => {
      const base = /Sandbox hospital: (\S+)/.exec(line)?.[1];
      expect((await fetch(`${base}/Slot/slot-ana-2026-03-03-09`)).status).to.equal(200);
    });
    expect(said.text).to.match(/\nIts staff, .*: http:\/\/127\.0\.0\.1:\d+\/staff\/fhir\n/);
  });

  it('refuses a vendor that it does not know, and names those that it does', async () => {
    const error = await printed({ vendor: 'nix' }).catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'arguments-wrong' });
    expect((error as { fix: string }).fix).to.include('oracle-health');
  });
});
