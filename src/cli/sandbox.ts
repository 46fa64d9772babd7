/** `massage-fhir sandbox`: the hospital in a box on a port of its own, for trying the adapter or any FHIR R4 client. */
import { once } from 'node:events';
import { AdapterError } from '../core/errors.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { wardResources } from '../sandbox/ward.ts';
import type { ExitCode, Io, Options } from './command.ts';

/** Runs until Ctrl-C. */
export async function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const port = portOf(options.port);
  const now = new Date(io.clock());
  const sandbox = await startSandbox({
    port,
    resources: options.empty ? [] : wardResources(now),
  }).catch((cause: unknown) => {
    throw new AdapterError('port-taken', `The sandbox cannot listen on port ${port}.`, {
      cause,
      fix: 'Choose another with --port.',
    });
  });
  try {
    const faults = `${sandbox.origin}/sandbox/faults`;
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ base: sandbox.base, faults })}\n`
        : `Sandbox hospital: ${sandbox.base}\nFaults on demand: ${faults} (POST one, GET the list, DELETE all)\nCtrl-C ends it; nothing is kept.\n`,
    );
    if (!io.signal.aborted) await once(io.signal, 'abort');
  } finally {
    await sandbox.stop();
  }
  return 0;
}

function portOf(given: string | boolean | undefined): number {
  if (given === undefined) return 8301;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new AdapterError('arguments-wrong', `--port ${given} is not a port.`, {
    fix: 'Give a number from 0 (any free port) to 65535.',
  });
}
