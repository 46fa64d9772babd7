/** Places in the settings: as JSON pointer (how they are compared) and as people read them. */

export type Step = string | number;

/** `/hospitals/0/signIn`, RFC 6901. */
export function pointer(steps: readonly Step[]): string {
  return steps
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** `hospitals[0].signIn`; the root is `settings`. */
export function readable(place: string): string {
  const steps = place.split('/').slice(1);
  if (steps.length === 0) return 'settings';
  return steps
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}
