/**
 * How each type of a patient’s record is asked for: all of it first; where a hospital refuses that or has more than we
 * read, the part that cannot be done without (what is active, the values whose codes are understood here).
 */
import { observationCodes } from '../../../mappings/fact-codes.ts';
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

export const factAsks: readonly (RecordAsk & { readonly type: FactSource })[] = factSources.map(
  (type) => ({ narrower: [], ...more[type], type }),
);
