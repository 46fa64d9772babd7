/** `massage-fhir sandbox`: the hospital in a box on a port of its own, for trying the adapter or any FHIR R4 client. */
import { once } from 'node:events';
import { AdapterError } from '../core/errors.ts';
import { type Sandbox, startSandbox, type VendorName, vendorNames } from '../sandbox/sandbox.ts';
import { withParents } from '../sandbox/vendors/epic-orders.ts';
import { wardResources } from '../sandbox/ward.ts';
import { wardSlots } from '../sandbox/ward-slots.ts';
import type { ExitCode, Io, Options } from './command.ts';

/** Runs until Ctrl-C. */
export async function run(_args: readonly string[], options: Options, io: Io): Promise<ExitCode> {
  const port = portOf(options.port);
  const vendor = vendorOf(options.vendor);
  const sandbox = await startSandbox({
    port,
    vendor,
    resources: options.empty ? [] : wardOf(vendor, new Date(io.clock())),
  }).catch((cause: unknown) => {
    throw new AdapterError('port-taken', `The sandbox cannot listen on port ${port}.`, {
      cause,
      fix: 'Choose another with --port.',
    });
  });
  try {
    io.stdout.write(options.json ? `${JSON.stringify(addresses(sandbox))}\n` : account(sandbox));
    if (!io.signal.aborted) await once(io.signal, 'abort');
  } finally {
    await sandbox.stop();
  }
  return 0;
}

/** The ward, with what the hospitals of a vendor have beside it. */
function wardOf(vendor: VendorName, now: Date): fhir4.Resource[] {
  const ward = wardResources(now);
  if (vendor === 'epic') return withParents(ward);
  return vendor === 'oracle-health' ? [...ward, ...wardSlots(now)] : ward;
}

function addresses({ base, staff, origin }: Sandbox) {
  const faults = `${origin}/sandbox/faults`;
  return staff === base ? { base, faults } : { base, staff, faults };
}

function account(sandbox: Sandbox): string {
  const { base, staff, faults } = addresses(sandbox);
  return [
    `Sandbox hospital: ${base}`,
    ...(staff === undefined ? [] : [`Its staff, without the vendor’s rules: ${staff}`]),
    `Faults on demand: ${faults} (POST one, GET the list, DELETE all)`,
    'Ctrl-C ends it; nothing is kept.',
    '',
  ].join('\n');
}

function vendorOf(given: string | boolean | undefined): VendorName {
  if (given === undefined) return 'generic';
  const vendor = vendorNames.find((name) => name === given);
  if (vendor !== undefined) return vendor;
  throw new AdapterError('arguments-wrong', `--vendor ${given} is not known.`, {
    fix: `Give one of ${vendorNames.join(', ')}.`,
  });
}

function portOf(given: string | boolean | undefined): number {
  if (given === undefined) return 8301;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new AdapterError('arguments-wrong', `--port ${given} is not a port.`, {
    fix: 'Give a number from 0 (any free port) to 65535.',
  });
}
