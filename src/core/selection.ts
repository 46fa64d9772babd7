/**
 * Which orders are ours: a table of rules over the outline of an order. Codes are matched by system and code, never by
 * display; what only looks like massage is refused by name; an unknown code in a place that we watch waits for a person.
 */
import { type Coding, type Concept, snomed, token } from './concept.ts';
import { noSiteCodes, originOf, type SiteCode, type SiteCodes } from './site-codes.ts';

/** As much of an order as selection looks at. */
export interface OrderOutline {
  readonly status: string;
  readonly intent: string;
  readonly doNotPerform: boolean;
  readonly code: Concept;
  readonly categories: readonly Coding[];
  readonly performers: readonly string[];
  /** A Task that is addressed to us asks for this order. */
  readonly taskedToUs: boolean;
}

/** The `select` settings of a hospital; codes and categories as `system|code`. */
export interface SelectionSettings {
  readonly codes: readonly string[];
  readonly categories: readonly string[];
  readonly performers: readonly string[];
  readonly intents: readonly string[];
  /** Us, as the hospital knows us: an order performed by us counts as a performer match. */
  readonly organization?: string | undefined;
}

/** Verified massage services (clinical §2.2); a site's own codes are added in its settings. */
export const massageServices = [
  `${snomed}|387854002`,
  `${snomed}|229506003`,
  `${snomed}|406147003`,
  'http://terminology.hl7.org/CodeSystem/service-type|25',
  'http://www.ama-assn.org/go/cpt|97124',
  'http://www.cms.gov/Medicare/Coding/ICD10|8E0KX1Z',
] as const;

/** Codes that carry the word massage and are something else (clinical §2.3). */
export const lookAlikes: Readonly<Record<string, string>> = {
  [`${snomed}|83099006`]: 'external cardiac massage',
  [`${snomed}|149213005`]: 'open chest massage of the heart',
  [`${snomed}|129090007`]: 'carotid sinus massage',
  [`${snomed}|395127001`]: 'infant massage education',
  [`${snomed}|1388791008`]: 'urine collection after prostatic massage',
};

/** Texts that name something else, for orders without a code that we know. */
const lookAlikeTexts: readonly (readonly [RegExp, string])[] = [
  [
    /\b(cardiac|heart|carotid|open[- ]chest)\b.*\bmassage\b|\bmassage\b.*\b(heart|carotid)\b/i,
    'cardiac or carotid massage',
  ],
  [
    /\b(prostat\w*|rectal)\b.*\bmassage\b|\bmassage\b.*\bprostat\w*/i,
    'prostatic or rectal massage',
  ],
  [/\bmassage\b.*\beducation\b/i, 'massage education'],
  [/\bmassage\b.*\binto\b.*\b(hair|scalp|skin)\b/i, 'an instruction for a medication'],
];

export const selectionRules = [
  'service',
  'look-alike',
  'intent',
  'status',
  'do-not-perform',
] as const;
export type SelectionRule = (typeof selectionRules)[number];

export interface RuleVerdict {
  readonly rule: SelectionRule;
  readonly verdict: 'pass' | 'wait' | 'refuse';
  readonly says: string;
  /** The setting that the rule reads. */
  readonly setting: string;
}

export interface Selection {
  readonly outcome: 'selected' | 'waiting' | 'refused';
  /** The rule that decided, and its words. */
  readonly rule: SelectionRule;
  readonly says: string;
  readonly verdicts: readonly RuleVerdict[];
}

/** Statuses under which an order that we do not know yet is acted on (closed-loop §8 row 0 and 8). */
const openStatuses = ['active', 'on-hold'];

/** Judges an order; `known` is what this hospital has said about its own codes. */
export function select(
  order: OrderOutline,
  settings: SelectionSettings,
  known: SiteCodes = noSiteCodes,
): Selection {
  const service = serviceVerdict(order, settings, known);
  const verdicts: readonly RuleVerdict[] = [
    service,
    lookAlikeVerdict(order, service.verdict === 'pass'),
    plain(
      'intent',
      settings.intents.includes(order.intent),
      `intent is ${order.intent || 'missing'}`,
      'select.intents',
    ),
    plain(
      'status',
      openStatuses.includes(order.status),
      `status is ${order.status || 'missing'}`,
      'built in: active, on-hold',
    ),
    plain(
      'do-not-perform',
      !order.doNotPerform,
      order.doNotPerform ? 'doNotPerform is true' : 'not prohibited',
      'built in',
    ),
  ];
  // A look-alike is named before anything else is said about it; otherwise the first rule that refuses decides.
  const lookAlike = verdicts.find((one) => one.rule === 'look-alike' && one.verdict !== 'pass');
  const refused = lookAlike ?? verdicts.find((one) => one.verdict === 'refuse');
  const decisive = refused ?? verdicts.find((one) => one.verdict === 'wait') ?? service;
  const outcome =
    decisive.verdict === 'refuse'
      ? 'refused'
      : decisive.verdict === 'wait'
        ? 'waiting'
        : 'selected';
  return { outcome, rule: decisive.rule, says: decisive.says, verdicts };
}

function serviceVerdict(
  order: OrderOutline,
  settings: SelectionSettings,
  known: SiteCodes,
): RuleVerdict {
  const codings = order.code.coding ?? [];
  const decided = decidedVerdict(codings, settings, known);
  if (decided !== undefined) return decided;
  const category = order.categories.find((coding) => settings.categories.includes(token(coding)));
  const watched = [
    ...settings.performers,
    ...(settings.organization === undefined ? [] : [settings.organization]),
  ];
  const performer = order.performers.find((reference) =>
    watched.some((wanted) => sameReference(wanted, reference)),
  );
  const unknown =
    codings.length === 0 ? 'an order without a code' : `code ${codings.map(token).join(', ')}`;
  // What stands for a technique, or for a service of another hospital, is known and decides nothing here.
  const [elsewhere] = codings.flatMap((coding) => known(coding) ?? []);
  const why =
    elsewhere === undefined
      ? `${unknown} is not known here`
      : `code ${token(elsewhere)} stands for ${saidOf(elsewhere)}, which is no service of select.codes`;
  const wait = (because: string, setting: string): RuleVerdict => ({
    rule: 'service',
    verdict: 'wait',
    says: `${why}, but ${because}`,
    setting,
  });
  if (category !== undefined)
    return wait(`its category ${token(category)} is one we watch`, 'select.categories');
  if (performer !== undefined)
    return wait(`it is for performer ${performer}`, 'select.performers, organization');
  if (order.taskedToUs) return wait('a Task addressed to us asks for it', 'organization');
  return {
    rule: 'service',
    verdict: 'refuse',
    says: elsewhere === undefined ? `${unknown} is another service` : why,
    setting: 'select.codes',
  };
}

/** The verdict of the codes that are known, by the settings or by what the site has said; undefined for none. */
function decidedVerdict(
  codings: readonly Coding[],
  settings: SelectionSettings,
  known: SiteCodes,
): RuleVerdict | undefined {
  const match = codings.find((coding) => settings.codes.includes(token(coding)));
  const said = codings.flatMap((coding) => known(coding) ?? []);
  const standsFor = said.find(({ ours }) => ours && settings.codes.includes(token(ours)));
  const notOurs = said.find(({ ours }) => ours === undefined);
  const isOurs =
    match === undefined
      ? standsFor && `code ${token(standsFor)} stands for ${saidOf(standsFor)}`
      : `code ${token(match)} is ours`;
  const isNot = notOurs && `code ${token(notOurs)} is ${saidOf(notOurs)}`;
  const setting = match === undefined ? 'codes.table, codes.crosswalks' : 'select.codes';
  // Two codes that contradict each other: neither is guessed to be the right one (I9).
  if (isOurs !== undefined && isNot !== undefined)
    return { rule: 'service', verdict: 'wait', says: `${isOurs}, but ${isNot}`, setting };
  if (isOurs !== undefined) return { rule: 'service', verdict: 'pass', says: isOurs, setting };
  if (isNot !== undefined) return { rule: 'service', verdict: 'refuse', says: isNot, setting };
  return undefined;
}

function saidOf(row: SiteCode): string {
  return `${row.ours === undefined ? 'none of ours' : token(row.ours)}, said ${originOf(row)}`;
}

/** What a code or a text names that only looks like massage; undefined where it does not. */
export function lookAlikeOf(
  coding: Coding,
  texts: readonly (string | undefined)[] = [coding.display],
): string | undefined {
  return (
    lookAlikes[token(coding)] ??
    lookAlikeTexts.find(([pattern]) => texts.some((one) => one && pattern.test(one)))?.[1]
  );
}

function lookAlikeVerdict(order: OrderOutline, known: boolean): RuleVerdict {
  const rule = { rule: 'look-alike', setting: 'built in' } as const;
  const coding = order.code.coding?.find((one) => lookAlikes[token(one)] !== undefined);
  if (coding !== undefined) {
    const says = `${token(coding)} is ${lookAlikes[token(coding)]}, not massage therapy`;
    // Two codes that contradict each other: neither is guessed to be the right one (I9).
    return { ...rule, verdict: known ? 'wait' : 'refuse', says };
  }
  const texts = [order.code.text, ...(order.code.coding ?? []).map((one) => one.display)];
  const text = known
    ? undefined
    : lookAlikeTexts.find(([pattern]) => texts.some((one) => one && pattern.test(one)));
  if (text !== undefined)
    return { ...rule, verdict: 'refuse', says: `the text names ${text[1]}, not massage therapy` };
  return { ...rule, verdict: 'pass', says: 'not one of the known look-alikes' };
}

function plain(rule: SelectionRule, passes: boolean, says: string, setting: string): RuleVerdict {
  return { rule, verdict: passes ? 'pass' : 'refuse', says, setting };
}

/** The same resource whether written relative or absolute; settings are written relative to the hospital's base. */
function sameReference(wanted: string, found: string): boolean {
  return found === wanted || found.endsWith(`/${wanted}`);
}
