/**
 * All mappings in one list: the generated documentation prints it, and `massage-fhir map` picks from it what fits a
 * resource.
 */
import { type Explained, explain } from '../src/mapping/explain.ts';
import type { FieldTable } from '../src/mapping/field-table.ts';
import { map } from '../src/mapping/field-table.ts';
import type { Finding } from '../src/mapping/finding.ts';
import { isObject } from '../src/mapping/shape.ts';
import { appointmentToSession, type VisitGiven } from './appointment-to-session.ts';
import { type InboundTables, inboundTables } from './inbound-tables.ts';
import { orderOutline } from './order-outline.ts';
import { type OrderGiven, orderToReferral } from './order-to-referral.ts';
import { procedureToSession, type ResultGivenBack } from './procedure-to-session.ts';
import { recordToObservations } from './record-to-observations.ts';
import { referralToTask } from './referral-to-task.ts';
import { sessionToAppointment } from './session-to-appointment.ts';
import { sessionToProcedure } from './session-to-procedure.ts';
import { taskToRequest } from './task-to-request.ts';

export interface MappingField {
  readonly field: string;
  readonly from: string;
  readonly via: string | undefined;
  /** The round trip must not lose it. */
  readonly kept: boolean;
  /** What a site's expression over it has to give; undefined where none may be laid over it. */
  readonly overlay: string | undefined;
}

export interface MappingEntry {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly file: string;
  readonly fields: readonly MappingField[];
}

export const mappings: readonly MappingEntry[] = [
  entry(orderOutline, 'ServiceRequest', 'outline of an order, for selection'),
  entry(orderToReferral, 'ServiceRequest', 'care as ordered'),
  entry(taskToRequest, 'Task', 'what a Task asks'),
  entry(appointmentToSession, 'Appointment', 'what the calendar says about a visit'),
  entry(procedureToSession, 'Procedure', 'record of a session'),
  entry(sessionToAppointment, 'session', 'Appointment'),
  entry(sessionToProcedure, 'session', 'Procedure'),
  entry(recordToObservations, 'session', 'Observation'),
  entry(referralToTask, 'referral with its sessions', 'Task'),
];

function entry<Source, Given, Target>(
  { name, rows }: FieldTable<Source, Given, Target>,
  source: string,
  target: string,
): MappingEntry {
  const fields = rows.map(({ field, from, via, kept = false, site }) => ({
    field,
    from,
    via,
    kept,
    overlay: site?.expects,
  }));
  return { name, source, target, file: `mappings/${name}.ts`, fields };
}

export type AnyGiven = OrderGiven & VisitGiven & ResultGivenBack;

export interface MappedResource {
  readonly mapping: string;
  readonly value: unknown;
  readonly flags: readonly Finding[];
  readonly explain: readonly Explained[];
}

type MapOne = (resource: object, given: AnyGiven, tables: InboundTables) => Promise<MappedResource>;

const readers: Readonly<Record<string, MapOne>> = {
  ServiceRequest: one((tables) => tables['order-to-referral']),
  Appointment: one((tables) => tables['appointment-to-session']),
  Procedure: one(() => procedureToSession),
  Task: one((tables) => tables['task-to-request']),
};

/** The resource types that `mapAnything` reads. */
export const readTypes: readonly string[] = Object.keys(readers);

function one<Source extends object, Target>(
  tableIn: (tables: InboundTables) => FieldTable<Source, AnyGiven, Target>,
): MapOne {
  return (resource, given, tables) => mapped(tableIn(tables), resource, given);
}

async function mapped<Source extends object, Given, Target>(
  table: FieldTable<Source, Given, Target>,
  resource: object,
  given: Given,
): Promise<MappedResource> {
  const source = resource as Source; // the table checks the shape itself
  const { value, flags } = map(table, source, given);
  return { mapping: table.name, value, flags, explain: await explain(table, source, given) };
}

/**
 * Maps whatever a file holds and explains each field; undefined for a resource that no mapping reads. `tables` are those of
 * a hospital whose site has laid expressions over them.
 */
export async function mapAnything(
  resource: unknown,
  given: AnyGiven = {},
  tables: InboundTables = inboundTables,
): Promise<MappedResource | undefined> {
  if (!isObject(resource) || typeof resource.resourceType !== 'string') return undefined;
  const { resourceType } = resource;
  return Object.hasOwn(readers, resourceType)
    ? readers[resourceType]?.(resource, given, tables)
    : undefined;
}

/** The outline by which an order is judged, where a site has laid expressions over it; undefined for anything else. */
export async function mapOutline(
  resource: unknown,
  tables: InboundTables,
): Promise<MappedResource | undefined> {
  const table = tables['order-outline'];
  const isOrder = isObject(resource) && resource.resourceType === 'ServiceRequest';
  if (!isOrder || table === inboundTables['order-outline']) return undefined;
  return mapped(table, resource, { taskedToUs: false });
}
