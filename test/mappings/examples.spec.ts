/**
 * The golden pairs beside the mappings: what each example gives, flags included. `RECORD=1` writes the expected files
 * anew (format them afterwards); the difference is then read like any other change.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { appointmentToSession } from '../../mappings/appointment-to-session.ts';
import { orderOutline } from '../../mappings/order-outline.ts';
import { orderToReferral } from '../../mappings/order-to-referral.ts';
import { procedureToSession } from '../../mappings/procedure-to-session.ts';
import { writeObservation } from '../../mappings/record-to-observations.ts';
import { writeTask } from '../../mappings/referral-to-task.ts';
import { writeAppointment } from '../../mappings/session-to-appointment.ts';
import { writeProcedure } from '../../mappings/session-to-procedure.ts';
import { taskToRequest } from '../../mappings/task-to-request.ts';
import { type FieldTable, map } from '../../src/mapping/field-table.ts';
import type { Mapped } from '../../src/mapping/finding.ts';

const folder = join(import.meta.dirname, '../../mappings/examples');

// biome-ignore lint/suspicious/noExplicitAny: examples are JSON from files; each mapping checks or trusts its own
type Json = any;
type Run = (source: Json, given: Json) => Mapped<unknown>;

const reads =
  <S, G, T>(table: FieldTable<S, G, T>): Run =>
  (source, given) =>
    map(table, source, given);

const runs: Readonly<Record<string, Run>> = {
  'order-outline': reads(orderOutline),
  'order-to-referral': reads(orderToReferral),
  'appointment-to-session': reads(appointmentToSession),
  'procedure-to-session': reads(procedureToSession),
  'task-to-request': reads(taskToRequest),
  'session-to-appointment': writeAppointment,
  'session-to-procedure': writeProcedure,
  'record-to-observations': writeObservation,
  'referral-to-task': ({ episode, dialect }, given) => writeTask(episode, dialect, given),
};

describe('mapping examples', () => {
  it('exist for every mapping, three at least', () => {
    for (const mapping of Object.keys(runs))
      expect(casesOf(mapping), mapping).to.have.length.of.at.least(3);
    expect(readdirSync(folder).sort()).to.deep.equal(Object.keys(runs).sort());
  });

  for (const [mapping, run] of Object.entries(runs)) {
    for (const name of casesOf(mapping)) {
      it(`${mapping}: ${name}`, () => {
        const read = JSON.parse(readFileSync(join(folder, mapping, `${name}.in.json`), 'utf8'));
        const { source, given = {} } = 'source' in read ? read : { source: read };
        const expected = join(folder, mapping, `${name}.expected.json`);
        const result = JSON.stringify(run(source, given), null, 2);
        if (process.env.RECORD) writeFileSync(expected, `${result}\n`);
        expect(JSON.parse(result)).to.deep.equal(JSON.parse(readFileSync(expected, 'utf8')));
      });
    }
  }
});

function casesOf(mapping: string): string[] {
  return readdirSync(join(folder, mapping))
    .filter((file) => file.endsWith('.in.json'))
    .map((file) => file.slice(0, -'.in.json'.length));
}
