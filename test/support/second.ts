/** A second of CPU time, as long as it is on a machine that has other work too: limits of time are promised for a free one. */

/** Takes a twentieth of a second on a free machine of today. */
function work(): number {
  const text = 'a'.repeat(1_000_000);
  let sum = 0;
  for (let round = 0; round < 40; round += 1)
    for (let at = 0; at < text.length; at += 1) sum += text.charCodeAt(at);
  return sum;
}

/** What counts as a second now; never less than one. */
export function aSecond(): number {
  work();
  const start = process.cpuUsage();
  work();
  return Math.max(1, (process.cpuUsage(start).user / 1e6) * 20);
}
