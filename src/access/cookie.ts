/** The one cookie that we set: which browser is signed in. Script cannot read it, other sites cannot send it along. */
import { signedInSeconds } from './sign-ins.ts';

const name = 'mf_session';

/** The token in a Cookie header, if it carries ours. */
export function tokenInCookie(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [found, value] = pair.split('=', 2);
    if (found?.trim() === name && value !== undefined) return value.trim();
  }
  return undefined;
}

/** Set-Cookie for somebody who has just signed in. `secure` only over https: over plain http it would be dropped. */
export function signedInCookie(token: string, secure: boolean): string {
  return written(token, signedInSeconds, secure);
}

export function signedOutCookie(secure: boolean): string {
  return written('', 0, secure);
}

function written(value: string, seconds: number, secure: boolean): string {
  const cookie = `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;
  return secure ? `${cookie}; Secure` : cookie;
}
