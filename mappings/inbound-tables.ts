/**
 * The mappings that take in what a hospital shows, as one hospital has them: ours as they are, or with the expressions that
 * a site has laid over fields of them.
 */
import { appointmentToSession } from './appointment-to-session.ts';
import { orderOutline } from './order-outline.ts';
import { orderToReferral } from './order-to-referral.ts';
import { taskToRequest } from './task-to-request.ts';

/** The mappings that a site may change, by name. */
export const inboundTables = {
  'order-outline': orderOutline,
  'order-to-referral': orderToReferral,
  'task-to-request': taskToRequest,
  'appointment-to-session': appointmentToSession,
} as const;

export type InboundName = keyof typeof inboundTables;
export type InboundTables = typeof inboundTables;
