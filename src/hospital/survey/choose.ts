/**
 * From everything that is known of a server to the rungs that are used: for each function the best that holds and that this
 * product can do; for discovery several beside each other. What the operator names is used whatever else speaks against
 * it, and that is said. Pure.
 */
import type { Instant } from '../../core/concept.ts';
import { allows, type Capabilities } from '../capabilities.ts';
import { hasObject } from '../needs.ts';
import { type Rung, type RungCode, type RungFunction, rungFunctions, rungs } from '../rungs.ts';
import type { ChosenRung, PassedRung, Survey, SurveyOverride } from '../survey.ts';
import type { Recognised } from '../vendors/vendors.ts';
import { habitsOf } from './habits.ts';
import { type Evidence, type Standing, standingOf } from './standing.ts';
import { summaryOf } from './summary.ts';

export interface Choosing extends Omit<Evidence, 'vendor'> {
  readonly at: Instant;
  readonly recognised: Recognised;
  readonly override: SurveyOverride;
  /** What was noticed elsewhere, e.g. in the SMART configuration. */
  readonly notes?: readonly string[];
}

interface Judged {
  readonly rung: Rung & { readonly rung: RungCode };
  readonly standing: Standing;
}

/** A function’s share of a survey. */
interface Choice {
  readonly chosen: readonly ChosenRung[];
  readonly passed: readonly PassedRung[];
  readonly notes: readonly string[];
}

export function chooseRungs(choosing: Choosing): Survey {
  const { at, recognised, override, capabilities } = choosing;
  const evidence: Evidence = { ...choosing, vendor: recognised.vendor };
  const choices = rungFunctions.map((of) => [of, choiceOf(of, evidence, override)] as const);
  const of = Object.fromEntries(choices.map(([name, { chosen }]) => [name, chosen]));
  const statement = summaryOf(capabilities);
  const takesNothing = readsOnly(capabilities);
  return {
    at,
    ...(statement !== undefined && { statement }),
    vendor: recognised.vendor,
    vendorWhy: recognised.why,
    discovery: of.discovery ?? [],
    booking: of.booking ?? [],
    result: of.result ?? [],
    once: of.once ?? [],
    update: of.update ?? [],
    passed: choices.flatMap(([, { passed }]) => passed),
    searches: habitsOf(recognised.vendor, capabilities),
    notes: [
      ...(capabilities.declared
        ? capabilities.odd.map((says) => `The statement: ${says}`)
        : ['The server shows no statement: its first answers decide.']),
      ...(choosing.notes ?? []),
      ...choices.flatMap(([, { notes }]) => notes),
      ...unguarded(of),
      ...(takesNothing === undefined ? [] : [takesNothing]),
    ],
    ...silence(of.discovery ?? [], evidence),
    ...(takesNothing !== undefined && { takesNothing }),
    probes: choosing.probes,
  };
}

function choiceOf(
  name: RungFunction,
  evidence: Evidence,
  { rungs: named }: SurveyOverride,
): Choice {
  const judged = rungs
    .filter((rung) => rung.function === name)
    .map((rung): Judged => ({ rung, standing: standingOf(rung, rung.rung, evidence) }));
  const wanted = named[name];
  return wanted === undefined || wanted.length === 0
    ? byRank(name, judged, evidence.capabilities)
    : byOperator(name, judged, wanted);
}

function byOperator(
  name: RungFunction,
  judged: readonly Judged[],
  wanted: readonly RungCode[],
): Choice {
  const chosen: ChosenRung[] = [];
  const notes: string[] = [];
  for (const code of new Set(wanted)) {
    const one = judged.find(({ rung }) => rung.rung === code);
    if (one === undefined)
      notes.push(`The settings name ${code} for ${name}, which is none of its rungs.`);
    else if (!one.rung.ships)
      notes.push(`The settings name ${code} for ${name}, which is not built yet.`);
    else {
      chosen.push(chosenOf(one, 'operator', ['the settings name it']));
      if (one.standing.holds !== 'yes')
        notes.push(
          `${code} is used because the settings name it, although ${one.standing.why.join(', ')}.`,
        );
    }
  }
  const others = judged.filter(({ rung }) => !chosen.some((one) => one.rung === rung.rung));
  const passed = others.map((one) => passedOf(one, 'operator', 'the settings name others'));
  return { chosen, passed, notes };
}

/** Discovery takes what finds orders by itself, and beside it what is addressed or brought to us. */
const beside: readonly RungCode[] = ['A3', 'A7', 'push'];
/** These find the same as A1 in other ways, and only together all of it. */
const insteadOfA1: readonly RungCode[] = ['A5', 'A6'];

function byRank(name: RungFunction, judged: readonly Judged[], capabilities: Capabilities): Choice {
  const usable = judged.filter(
    ({ rung, standing }) => rung.ships && standing.holds === 'yes' && hasObject(rung, capabilities),
  );
  const [best] = usable;
  const isUsed = ({ rung }: Judged) => {
    if (rung.rung === best?.rung.rung || beside.includes(rung.rung)) return true;
    return insteadOfA1.includes(rung.rung) && best?.rung.rung !== 'A1';
  };
  const used = usable.filter(isUsed);
  // What is beside comes after what finds by itself.
  const inOrder = [
    ...used.filter(({ rung }) => !beside.includes(rung.rung)),
    ...used.filter(({ rung }) => beside.includes(rung.rung)),
  ];
  return {
    chosen: inOrder.map((one) => chosenOf(one, one.standing.by, one.standing.why)),
    passed: judged
      .filter((one) => !used.includes(one))
      .map((one) => leftOf(name, one, best, capabilities)),
    notes: [],
  };
}

function leftOf(
  name: RungFunction,
  one: Judged,
  best: Judged | undefined,
  capabilities: Capabilities,
): PassedRung {
  const { rung, standing } = one;
  if (!hasObject(rung, capabilities)) {
    const nothing = `nothing is ${name === 'once' ? 'created' : 'changed'} on this server`;
    return { ...passedOf(one, 'statement', nothing), holds: 'no' };
  }
  if (standing.holds !== 'yes') {
    const notBuilt = rung.ships ? [] : ['it is not built yet'];
    return { ...passedOf(one, standing.by), whyNot: [...standing.why, ...notBuilt] };
  }
  if (!rung.ships) return passedOf(one, 'not-built', 'it is not built yet');
  return passedOf(one, 'rank', `${best?.rung.rung} is used, which is better`);
}

function chosenOf(
  { rung, standing }: Judged,
  by: ChosenRung['by'],
  why: readonly string[],
): ChosenRung {
  const { params } = standing;
  return {
    rung: rung.rung,
    says: rung.says,
    by,
    why: why.join('; '),
    ...(params !== undefined && { params }),
  };
}

function passedOf(
  { rung, standing }: Judged,
  by: PassedRung['by'],
  ...whyNot: string[]
): PassedRung {
  const { says, rung: code, function: of } = rung;
  return { function: of, rung: code, says, by, whyNot, holds: standing.holds };
}

/** Rungs that create at the hospital. */
const creating: readonly RungCode[] = ['B3', 'C1'];

/** Where we create and cannot look for what we created, an unclear answer is for a person (I2). */
function unguarded(of: Partial<Record<string, readonly ChosenRung[]>>): string[] {
  const creates = [...(of.booking ?? []), ...(of.result ?? [])].some(({ rung }) =>
    creating.includes(rung),
  );
  if (!creates || (of.once ?? []).length > 0) return [];
  return [
    'Nothing shows whether a create was carried out here: after an unclear answer a person has to look.',
  ];
}

const written = ['Task', 'Appointment', 'Procedure', 'Observation'] as const;

/** Said as a whole, since each write by itself is refused only when it is tried. */
function readsOnly(capabilities: Capabilities): string | undefined {
  const takes = (type: string) =>
    allows(capabilities, type, 'create') || allows(capabilities, type, 'update');
  if (written.some(takes)) return undefined;
  return `The statement declares neither create nor update of ${written.join(', ')}: what we write is refused piece by piece, and is for a person to enter there. write: off in the settings of this hospital stops the attempts.`;
}

/** What a person must know when nothing, or not everything, is found by itself (I5). */
function silence(discovery: readonly ChosenRung[], { given }: Evidence): Pick<Survey, 'silent'> {
  const uses = (code: RungCode) => discovery.some(({ rung }) => rung === code);
  if (uses('A1') || uses('A5') || (uses('A6') && given.roster)) return {};
  if (uses('A3'))
    return {
      silent:
        'Only orders with a Task that is addressed to us, or to nobody, are found by themselves.',
    };
  return {
    silent: uses('A6')
      ? 'No new patient is found by itself: only those with open referrals are asked for.'
      : 'Nothing is found by itself: orders have to be pushed, or put into a folder.',
  };
}
