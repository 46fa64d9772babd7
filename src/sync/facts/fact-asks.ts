/**
 * How each type of a patient’s record is asked for: all of it first; where a hospital refuses that or has more than we
 * read, the part that cannot be done without (what is active, the values whose codes are understood here).
 */
import { observationCodes } from '../../../mappings/fact-codes.ts';
import type { FactRule, SignedRules } from '../../core/fact-rules.ts';
import { type FactSource, factSources } from '../../core/facts.ts';
import type { RecordAsk } from '../../hospital/patient-record.ts';

const [results = [], vitalSigns = []] = observationCodes;

const more: Readonly<Partial<Record<FactSource, Omit<RecordAsk, 'type'>>>> = {
  Condition: {
    narrower: [{ param: 'clinical-status', value: 'active', words: 'those that are active' }],
  },
  Observation: {
    newestBy: 'date',
    narrower: [
      { param: 'code', value: results.join(','), words: 'results and scores known here' },
      { param: 'code', value: vitalSigns.join(','), words: 'vital signs known here' },
    ],
  },
  MedicationRequest: {
    narrower: [{ param: 'status', value: 'active', words: 'those that are active' }],
  },
};

export type FactAsk = RecordAsk & { readonly type: FactSource };

/** How each type is asked for; what a site's rules measure is asked for by itself as well as what is known here. */
export function factAsks(rules: SignedRules | undefined): readonly FactAsk[] {
  const wanted = new Set(rules?.rules.flatMap((rule) => (rule.value ? codesOf(rule) : [])));
  for (const code of observationCodes.flat()) wanted.delete(code);
  return factSources.map((type) => {
    const ask: FactAsk = { narrower: [], ...more[type], type };
    if (type !== 'Observation' || wanted.size === 0) return ask;
    const value = [...wanted].join(',');
    const byRules = { param: 'code', value, words: 'values that rules of this site are about' };
    return { ...ask, narrower: [...ask.narrower, byRules] };
  });
}

function codesOf({ on }: FactRule): readonly string[] {
  return 'codes' in on ? on.codes.filter((code) => !code.endsWith('*')) : [];
}
