/** What the hospital has after a day, asked by plain HTTP: the counts that must hold whatever was lost or killed. */
import { expect } from 'chai';
import { searchAll } from '../support/fhir-http.ts';
import { order } from './day.ts';

/** Throws unless the hospital at `base` has each result of the one finished visit exactly once. */
export async function expectOneVisit(base: string, observations: number): Promise<void> {
  const [appointments, procedures, allObservations, tasks] = await Promise.all([
    searchAll<fhir4.Appointment>(base, 'Appointment'),
    searchAll<fhir4.Procedure>(base, 'Procedure'),
    searchAll<fhir4.Observation>(base, 'Observation?_count=200'),
    searchAll<fhir4.Task>(base, 'Task'),
  ]);
  expect(appointments.map(briefly), 'Appointments').to.deep.equal(['fulfilled']);
  expect(procedures.map(briefly), 'Procedures').to.deep.equal(['completed']);
  for (const one of [...appointments, ...procedures])
    expect(one.basedOn?.map(({ reference }) => reference)).to.deep.equal([order]);
  expect(allObservations.length, 'Observations').to.equal(observations);
  const marks = allObservations.map(({ identifier }) => identifier?.[0]?.value);
  expect(new Set(marks).size, 'marks of Observations').to.equal(observations);
  const result = `Procedure/${procedures[0]?.id}`;
  for (const { partOf } of allObservations) expect(partOf?.[0]?.reference).to.equal(result);
  expect(tasks.map(briefly), 'Tasks').to.deep.equal(['completed']);
  const outputs = tasks[0]?.output?.flatMap(
    ({ valueReference }) => valueReference?.reference ?? [],
  );
  expect(outputs, 'output of the Task').to.deep.equal([result]);
  const [request] = await searchAll<fhir4.ServiceRequest>(base, 'ServiceRequest');
  expect(request?.meta?.versionId, 'version of the order').to.equal('1');
}

function briefly({ status }: { status: string }): string {
  return status;
}
