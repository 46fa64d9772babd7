/** A process in whose first night every order of a hospital is for us: says how many became referrals in a second. */
import { benchAdapter } from './bench-adapter.ts';

export interface FirstNightFound {
  readonly perSecond: number;
}

const [base = '', countText = '0'] = process.argv.slice(2);
const { adapter, close } = await benchAdapter(base, () => undefined);
const from = performance.now();
const report = await adapter.sync('general', 'full', new AbortController().signal);
const seconds = (performance.now() - from) / 1_000;
if (report.new !== Number(countText))
  throw new Error(`${report.new} referrals of ${countText}: ${JSON.stringify(report.problems)}`);
const found: FirstNightFound = { perSecond: report.new / seconds };
await close();
console.log(JSON.stringify(found));
