/**
 * Who may do what: permissions are named by what they let happen, roles are lists of them. Every route names one
 * permission; nothing else in the product asks for a role by name.
 */

export const permissions = [
  'referral.read',
  'referral.decide',
  'session.write',
  'work.read',
  'run.read',
  'run.start',
  'fhir.push',
  'metrics.read',
] as const;
export type Permission = (typeof permissions)[number];

interface RoleRow {
  readonly says: string;
  readonly may: readonly Permission[];
}

/** A viewer changes nothing; a therapist decides and records; an operator runs the adapter and may do all of it. */
export const roles = {
  therapist: {
    says: 'Decides on referrals, books and records sessions, starts a sync.',
    may: [
      'referral.read',
      'referral.decide',
      'session.write',
      'work.read',
      'run.read',
      'run.start',
    ],
  },
  operator: {
    says: 'Everything: also pushes resources and collects metrics.',
    may: permissions,
  },
  viewer: {
    says: 'Reads referrals, sessions, work and runs.',
    may: ['referral.read', 'work.read', 'run.read'],
  },
} as const satisfies Record<string, RoleRow>;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];

export function isRole(name: string): name is Role {
  return Object.hasOwn(roles, name);
}

/** Somebody who has shown a key that is good. */
export interface Principal {
  readonly id: string;
  /** Stands in the events of what they do. */
  readonly name: string;
  readonly role: Role;
}

export function may({ role }: Principal, permission: Permission): boolean {
  return (roles[role].may as readonly Permission[]).includes(permission);
}
