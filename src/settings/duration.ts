/** Time spans as people write them in settings: `30s`, `5m`, `2h`. */

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof units;

export type Duration = `${number}${Unit}`;

const form = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

export function isDuration(text: string): text is Duration {
  return form.test(text);
}

/** A time span of the settings in milliseconds; the settings were checked, so every Duration has one. */
export function milliseconds(duration: Duration): number {
  const [, amount, unit] = form.exec(duration) ?? [];
  return Math.round(Number(amount) * units[unit as Unit]);
}
