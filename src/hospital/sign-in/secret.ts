/**
 * Secrets are named (a file, an environment variable), never held: they are read for each use, so that a rotated secret
 * works at once and none can end up in an error.
 */
import { readFileSync } from 'node:fs';
import { AdapterError } from '../../core/errors.ts';
import type { Environment } from '../environment.ts';

export type Secret = { readonly file: string } | { readonly env: string };

export function readSecret(secret: Secret, env: Environment): string {
  const text = 'file' in secret ? readSecretFile(secret.file) : env[secret.env]?.trim();
  if (!text)
    throw new AdapterError(
      'settings-wrong',
      `The secret from ${nameOf(secret)} is empty or not set.`,
    );
  return text;
}

function readSecretFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new AdapterError('file-unreadable', `The secret file ${file} cannot be read.`, { cause });
  }
}

export function nameOf(secret: Secret): string {
  return 'file' in secret ? `file ${secret.file}` : `environment variable ${secret.env}`;
}
