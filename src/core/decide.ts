/** The one door to decisions: a command of a person about an episode, with everything that varies given. */
import type { Command } from './commands.ts';
import { decideReferral, type Given } from './decide-referral.ts';
import { decideSession } from './decide-session.ts';
import type { Decision, Episode } from './episode.ts';

export function decide(episode: Episode, command: Command, given: Given): Decision {
  return 'session' in command
    ? decideSession(episode, command, given)
    : decideReferral(episode, command, given);
}
