/** What waits for a person: the list, with suggestions for unknown codes, and the answer to an unknown code. */
import { AdapterError } from '../core/errors.ts';
import type { SiteCode } from '../core/site-codes.ts';
import { listWork } from '../store/work.ts';
import { knownHospital } from './known-hospital.ts';
import { ok, type Route, route } from './route.ts';
import { HospitalQuery } from './watch-shapes.ts';
import { Taught, TeachBody, WorkList } from './work-shapes.ts';

export const workRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/work',
    may: 'work.read',
    query: HospitalQuery,
    answers: { 200: { says: 'Open work, the oldest first.', schema: WorkList } },
    problems: [],
    says: 'List what waits for a person.',
    does: async (deps, { query }) => {
      knownHospital(deps, query.hospital);
      const rows = await listWork(deps.store.read, query);
      return ok({
        items: await Promise.all(
          rows.map(async (row) => ({
            id: row.id,
            hospital: row.hospital,
            kind: row.kind,
            says: row.says,
            openedAt: row.opened_at,
            referral: row.referral ?? undefined,
            session: row.session ?? undefined,
            inbox: row.inbox ?? undefined,
            intention: row.intention ?? undefined,
            ...(await deps.unknownCode(row)),
          })),
        ),
      });
    },
  }),
  route({
    method: 'post',
    path: '/api/work/:id/teach',
    may: 'referral.decide',
    body: TeachBody,
    answers: {
      200: { says: 'What is known now, and what ran again because of it.', schema: Taught },
    },
    problems: ['not-ours', 'not-possible-now', 'settings-wrong', 'file-unreadable'],
    says: 'Say what an unknown code means; exactly what waited on it runs again.',
    does: async (deps, { id, body, principal }) => {
      if (principal === undefined) throw new AdapterError('key-missing', 'This needs a key.');
      const { code, as, display } = body;
      const { row, before, ranAgain, referrals } = await deps.teach(id, {
        meaning: as === undefined ? { refuse: true } : { as },
        by: principal.name,
        code,
        display,
      });
      return ok({
        hospital: row.hospital,
        code: codeOf(row),
        as: row.ours,
        by: row.by,
        date: row.date,
        before,
        ranAgain,
        referrals,
      });
    },
  }),
];

function codeOf({ system, code, display }: SiteCode) {
  return { system, code, display };
}
