/**
 * The ways on which the orders of a scripted day can reach the adapter, one for each rung of discovery: what the settings
 * say for it, what the staff do beside placing the order, and what the inbox then has as the way.
 */

export interface DayWay {
  readonly rung: 'A1' | 'A3' | 'A5' | 'A6' | 'A7' | 'push';
  /** `via` of an order’s first row in the inbox. */
  readonly via: string;
  /** Lines of the hospital’s settings. */
  readonly settings: string;
  /** Each order is asked for by a Task, not only some. */
  readonly asksForAll?: true;
  /** Each order is pushed, not only some. */
  readonly pushesAll?: true;
  /** Each patient is booked at our place first. */
  readonly reserves?: true;
  /** Each order is put into the folder that the settings name. */
  readonly drops?: true;
}

/** Files beside the settings that ways use. */
export const listFile = 'patients.txt';
export const dropFolder = 'drop';

const only = (rung: string, discover = '') => `    rungs: { discovery: [${rung}] }\n${discover}`;

export const dayWays: Readonly<Record<DayWay['rung'], DayWay>> = {
  A1: { rung: 'A1', via: 'A1', settings: '' },
  A3: {
    rung: 'A3',
    via: 'read',
    settings: only('A3', '    discover: { every: 0s }\n'),
    asksForAll: true,
  },
  A5: {
    rung: 'A5',
    via: 'A6',
    settings: only('A5', '    discover: { locations: [Location/massage], every: 0s }\n'),
    reserves: true,
  },
  A6: {
    rung: 'A6',
    via: 'A6',
    settings: only('A6', `    discover: { patients: ${listFile}, every: 0s }\n`),
  },
  A7: {
    rung: 'A7',
    via: 'folder',
    settings: only('A7', `    discover: { folder: ${dropFolder}, every: 0s }\n`),
    drops: true,
  },
  push: {
    rung: 'push',
    via: 'push',
    settings: only('push', '    discover: { every: 0s }\n'),
    pushesAll: true,
  },
};
