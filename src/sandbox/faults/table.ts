/**
 * Everything that can be made to go wrong, one row a fault: what happens, where real servers do it (hospital-servers
 * §7), and what it needs beside `on`, `times`, `after` and `always`.
 */
import { answerRows } from './answer-rows.ts';
import { contentRows } from './content-rows.ts';

export const faultTable = { ...answerRows, ...contentRows };
