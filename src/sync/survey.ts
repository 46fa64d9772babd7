/**
 * What the hospital’s server can do, kept and looked at anew each night: polls use what is kept while it is young and the
 * settings are the same. What changed is told in the report of the run, and a way that is lost also where faults are
 * heard. A server that does not answer is taken as it was; a survey never stops a run that could do without.
 */
import { AdapterError, asAdapterError } from '../core/errors.ts';
import { canonicalHash } from '../fhir/canonical-hash.ts';
import { rungFunctions, type SurveyGiven } from '../hospital/rungs.ts';
import { chooseRungs } from '../hospital/survey/choose.ts';
import { type Drift, driftBetween } from '../hospital/survey/drift.ts';
import { takeSurvey } from '../hospital/survey/take-survey.ts';
import type { Survey } from '../hospital/survey.ts';
import type { VendorName } from '../hospital/vendors/vendor.ts';
import { vendorOf, vendors } from '../hospital/vendors/vendors.ts';
import { keepSurvey, latestSurvey } from '../store/surveys.ts';
import { note, noteProblem, type Tally } from './report.ts';
import { nowOf, type Site } from './site.ts';

/** A night may be missed, not two. */
const youngMs = 36 * 60 * 60_000;

/** Where nothing is found by itself, whoever mends that need not wait for the night. */
const youngInSilenceMs = 15 * 60_000;

/** The survey that a run works by: a full run takes a new one, a poll the kept one where it still counts. */
export async function surveyFor(site: Site, mode: 'poll' | 'full', tally: Tally): Promise<Survey> {
  const kept = await keptSurvey(site);
  const age = site.clock().getTime() - Date.parse(kept?.survey.at ?? '');
  const lasts = kept !== undefined && isSilent(kept.survey) ? youngInSilenceMs : youngMs;
  const counts = kept?.sameSettings === true && age < lasts;
  const survey = counts && mode === 'poll' ? kept.survey : await refreshSurvey(site, tally);
  site.hospital.heed(survey);
  // Said with every run: an empty result has a reason (I5).
  if (isSilent(survey))
    noteProblem(
      tally,
      new AdapterError('rung-missing', [survey.silent, ...whyNotA1(survey)].join(' ')),
    );
  else for (const says of whyNotA1(survey)) note(tally, says);
  if (survey.takesNothing !== undefined && site.settings.write === 'on')
    note(tally, survey.takesNothing);
  return survey;
}

/** Nothing new is found by itself here, and no operator has decided so. */
export function isSilent({ silent, discovery }: Survey): boolean {
  return silent !== undefined && !discovery.some(({ by }) => by === 'operator');
}

/** Why not all changes are asked for, and what is instead. */
function whyNotA1({ passed, discovery }: Survey): string[] {
  const instead = discovery.map(({ rung }) => rung).join(', ');
  return passed
    .filter(
      ({ function: of, rung, by }) => of === 'discovery' && rung === 'A1' && by !== 'operator',
    )
    .map(({ rung, whyNot }) => `${rung} is not used: ${whyNot.join('; ')}. Used are: ${instead}.`);
}

/** Takes a survey now, keeps it, and tells what changed. Throws for a server of another FHIR, and what is a fault of ours. */
export async function refreshSurvey(site: Site, tally: Tally): Promise<Survey> {
  const { hospital, settings, store } = site;
  const kept = await keptSurvey(site);
  const given = givenBy(site);
  const { override } = settings;
  let survey: Survey;
  try {
    survey = await takeSurvey({
      client: hospital.client,
      capabilities: () => hospital.freshCapabilities(),
      override,
      given,
      now: nowOf(site),
      earlier: kept?.survey.probes,
    });
  } catch (thrown) {
    const error = asAdapterError(thrown);
    if (stopsRun(error, kept !== undefined)) throw thrown;
    // One that was made under other settings would go against what they say now.
    const last = kept?.sameSettings === true ? kept.survey : undefined;
    noteProblem(tally, notTaken(error, last));
    return last ?? withoutStatement(site, given);
  }
  const { at: _when, ...content } = keptForm(survey);
  const isNew = await store.transaction((tx) =>
    keepSurvey(tx, {
      hospital: settings.id,
      at: survey.at,
      asked: fingerprint(site),
      digest: canonicalHash(content),
      survey: JSON.stringify(keptForm(survey)),
    }),
  );
  tell(site, tally, survey, isNew ? driftSince(kept, survey) : none);
  return survey;
}

export interface Kept {
  readonly survey: Survey;
  /** It was made under the settings of now. */
  readonly sameSettings: boolean;
}

/** The last survey of this hospital. */
export async function keptSurvey(site: Site): Promise<Kept | undefined> {
  const row = await latestSurvey(site.store.read, site.settings.id);
  if (row === undefined) return undefined;
  // As keptForm wrote it
  const { vendor, ...rest } = JSON.parse(row.survey) as KeptForm;
  const survey = { ...rest, vendor: vendors[vendor] };
  return { survey, sameSettings: row.asked === fingerprint(site) };
}

/** The record of a product is code, and may be a better one when it is read again. */
type KeptForm = Omit<Survey, 'vendor'> & { readonly vendor: VendorName };

function keptForm(survey: Survey): KeptForm {
  return { ...survey, vendor: survey.vendor.name };
}

/** What of the settings decides a survey. */
function fingerprint(site: Site): string {
  return canonicalHash({
    override: site.settings.override,
    given: givenBy(site),
    base: site.hospital.base,
  });
}

function givenBy({ settings }: Site): SurveyGiven {
  const { locations, practitioners, group, hasList, hasFolder } = settings.discover;
  const isNamed = locations.length + practitioners.length > 0;
  return {
    organization: settings.organization,
    locations,
    // The calendars that are read where the settings name none
    practitioners: isNamed
      ? practitioners
      : settings.therapists.flatMap(({ practitioner }) => practitioner ?? []),
    roster: hasList || group !== undefined,
    folder: hasFolder,
    push: true,
  };
}

/** Another FHIR is no passing state; a page for people is one, where a FHIR server was before. */
function stopsRun({ code, details }: AdapterError, wasThere: boolean): boolean {
  if (code === 'internal' || code === 'store-unusable') return true;
  return code === 'not-fhir-r4' && !(wasThere && details.status !== undefined);
}

function withoutStatement(site: Site, given: SurveyGiven): Survey {
  const capabilities = { declared: false } as const;
  const { override } = site.settings;
  const recognised = vendorOf(capabilities, site.hospital.base, override.vendor);
  return chooseRungs({ at: nowOf(site), capabilities, recognised, probes: [], override, given });
}

function notTaken(error: AdapterError, kept: Survey | undefined): AdapterError {
  const instead =
    kept === undefined
      ? 'its first answers decide'
      : `what was found on ${kept.at.slice(0, 10)} counts`;
  return new AdapterError(
    error.code,
    `What the server can do could not be read: ${error.message} Until it can, ${instead}.`,
    { ...error.details, fix: error.fix },
  );
}

const none: Drift = { changes: [], rungs: [], lost: [] };

/** Other settings choose other ways: that is no change of the server. */
function driftSince(kept: Kept | undefined, survey: Survey): Drift {
  if (kept === undefined) return none;
  const drift = driftBetween(kept.survey, survey);
  return kept.sameSettings ? drift : { ...none, changes: drift.changes };
}

/** More than this is another server, and its statement is better read than a list. */
const mostChanges = 20;

function tell(site: Site, tally: Tally, survey: Survey, { changes, rungs, lost }: Drift): void {
  const hospital = site.settings.id;
  const shown = changes.slice(0, mostChanges);
  const more = changes.length - shown.length;
  const said = [...shown, ...(more > 0 ? [`And ${more} more.`] : []), ...rungs];
  if (said.length > 0)
    noteProblem(tally, new AdapterError('server-changed', `The server changed: ${said.join(' ')}`));
  for (const says of lost) {
    const error = new AdapterError('rung-lost', says);
    noteProblem(tally, error);
    const { code, message, fix } = error;
    site.emit('fault', { where: `survey of ${hospital}`, code, says: message, fix });
  }
  site.emit('survey:taken', {
    hospital,
    vendor: survey.vendor.product,
    rungs: rungFunctions.flatMap((name) => survey[name].map(({ rung }) => rung)).join(' '),
    changes: changes.length,
    lost: lost.length,
  });
}
