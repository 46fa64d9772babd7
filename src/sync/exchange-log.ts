/**
 * Every exchange with the hospital, tied to what it was for: a run, an intention, a referral. The wire reports exchanges
 * without knowing why they happen; the reason travels with the asynchronous call.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Emit } from '../core/signals.ts';
import type { Exchange } from '../hospital/exchange.ts';
import { recordExchanges } from '../store/exchanges.ts';
import type { Store } from '../store/store.ts';

export interface ExchangeReason {
  readonly run?: string | undefined;
  readonly intention?: string | undefined;
  readonly referral?: string | undefined;
}

export interface ExchangeLog {
  /** For `connectHospital`. */
  readonly onExchange: (exchange: Exchange) => void;
  /** Everything that is asked of the hospital inside `work` is recorded with this reason. */
  within<T>(reason: ExchangeReason, work: () => Promise<T>): Promise<T>;
  /** Writes what was gathered; called at the end of each step, so that no exchange waits for another. */
  flush(store: Store): Promise<void>;
  /** Number of exchanges since this log was made. */
  requests(): number;
}

export function exchangeLog(emit: Emit, clock: () => Date): ExchangeLog {
  const reasons = new AsyncLocalStorage<ExchangeReason>();
  let gathered: Parameters<typeof recordExchanges>[1] = [];
  let count = 0;
  return {
    onExchange(exchange) {
      count += 1;
      const { hospital, requestId, method, path, status, ms, errorCode } = exchange;
      emit('exchange', { hospital, requestId, method, path, status, ms, errorCode });
      const reason = reasons.getStore();
      gathered.push({
        id: requestId,
        hospital,
        run: reason?.run,
        intention: reason?.intention,
        referral: reason?.referral,
        method,
        path,
        status,
        ms: Math.round(ms),
        errorCode,
        at: clock().toISOString(),
      });
    },
    within: (reason, work) => reasons.run({ ...reasons.getStore(), ...reason }, work),
    async flush(store) {
      if (gathered.length === 0) return;
      const batch = gathered;
      gathered = [];
      await store.transaction((tx) => recordExchanges(tx, batch));
    },
    requests: () => count,
  };
}
