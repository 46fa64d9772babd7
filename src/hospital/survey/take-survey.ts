/**
 * One survey of a server: its statement, what it says about signing in, the record of its product, a few probes, and what
 * the operator decided, brought together. What the hospital does not let us read becomes a note and not a failure; what
 * may pass, a sign-in that fails and a server that speaks another FHIR are thrown on.
 */
import type { Instant } from '../../core/concept.ts';
import { type AdapterError, asAdapterError } from '../../core/errors.ts';
import { type Capabilities, isStatementRefused } from '../capabilities.ts';
import type { HospitalClient } from '../client.ts';
import { probe } from '../probes.ts';
import type { SurveyGiven } from '../rungs.ts';
import type { ProbeResult, Survey, SurveyOverride } from '../survey.ts';
import { vendorOf } from '../vendors/vendors.ts';
import { chooseRungs } from './choose.ts';
import { scopeContradictions } from './contradictions.ts';
import { habitsOf } from './habits.ts';
import { summaryOf } from './summary.ts';

export interface Surveying {
  readonly client: HospitalClient;
  /** Reads the statement anew. */
  readonly capabilities: () => Promise<Capabilities>;
  readonly override: SurveyOverride;
  readonly given: SurveyGiven;
  readonly now: Instant;
  /** What an earlier survey was shown: it counts where a probe is left without an answer now. */
  readonly earlier?: readonly ProbeResult[] | undefined;
}

export async function takeSurvey(surveying: Surveying): Promise<Survey> {
  const { client, override, given, now } = surveying;
  const notes: string[] = [];
  const capabilities = await statementOf(surveying, notes);
  notes.push(...scopeContradictions(summaryOf(capabilities), await scopesOf(client, notes)));
  const recognised = vendorOf(capabilities, client.base.href, override.vendor);
  const { vendor } = recognised;
  const searches = habitsOf(vendor, capabilities);
  const asked = await probe({ client, capabilities, vendor, searches, override, given, now });
  const probes = asked.map((one) => answered(one, surveying.earlier));
  return chooseRungs({ at: now, capabilities, recognised, probes, override, given, notes });
}

function answered(probed: ProbeResult, earlier: readonly ProbeResult[] = []): ProbeResult {
  if (probed.outcome !== 'unclear') return probed;
  return (
    earlier.find(({ rung, param }) => rung === probed.rung && param === probed.param) ?? probed
  );
}

/** A statement that we may not read speaks against nothing: each search then has its own answer. */
async function statementOf({ capabilities }: Surveying, notes: string[]): Promise<Capabilities> {
  try {
    return await capabilities();
  } catch (thrown) {
    const error = asAdapterError(thrown);
    if (!isStatementRefused(error)) throw thrown;
    notes.push(`The statement may not be read (${saidOf(error)}).`);
    return { declared: false };
  }
}

/** A server without a SMART configuration is an open one, or is described in the settings (Q38). */
async function scopesOf(client: HospitalClient, notes: string[]): Promise<readonly string[]> {
  try {
    const discovered = await client.smartConfiguration();
    if (!discovered.found) return [];
    const { odd, scopes = [] } = discovered.configuration;
    notes.push(...odd.map((says) => `The SMART configuration: ${says}.`));
    return scopes;
  } catch (thrown) {
    const error = asAdapterError(thrown);
    if (error.code === 'internal') throw thrown;
    notes.push(`The SMART configuration could not be read (${saidOf(error)}).`);
    return [];
  }
}

function saidOf({ code, details: { status } }: AdapterError): string {
  return status === undefined ? code : `${code}, ${status}`;
}
