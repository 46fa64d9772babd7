#!/usr/bin/env node
/**
 * The entry of the command line. Plain JavaScript, so that a Node that is too old gets as far as being told: it hands over
 * to the Node that `npm ci` put into node_modules, or says in one sentence what to do.
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chooseNode } from './node-version.mjs';

const choice = chooseNode(process.version, realpathSync(process.execPath), nodeOfCheckout());
// fhir-kit-client would print addresses and bodies, patients in them, to whoever set DEBUG for something else.
delete process.env.DEBUG;
if (choice.run === 'here') {
  const { runHere } = await import('./command-line.ts');
  process.exitCode = await runHere(process.argv.slice(2));
} else if (choice.run === 'installed') {
  process.exitCode = await runUnder(choice.installed);
} else {
  process.stderr.write(`${choice.says}\n`);
  process.exitCode = 69; // EX_UNAVAILABLE of sysexits.h
}

function nodeOfCheckout() {
  try {
    return realpathSync(fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url)));
  } catch (thrown) {
    if (thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Runs the same command under another Node; its exit code and its death by a signal become ours. */
function runUnder(node) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], {
      stdio: 'inherit',
    });
    // A terminal sends Ctrl-C to both of us, and the child alone decides what it means; a service manager signals us only.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
