/** The style sheet and the icon, read once; the address changes with the content, so that browsers may keep it for good. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const styleSheet = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8');

const digest = createHash('sha256').update(styleSheet).digest('hex').slice(0, 12);

export const styleAddress = `/style.css?v=${digest}`;

/** A hand on a back, as simple as sixteen pixels want it. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#0b5c66"/><path d="M3 10c2-3 8-3 10 0M5 6.5c1.5-1.5 4.5-1.5 6 0" fill="none" stroke="#fff" stroke-width="1.6" stroke-linecap="round"/></svg>';
