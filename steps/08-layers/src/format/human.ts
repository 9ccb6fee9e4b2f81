const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes as docker writes the sizes of images: with three digits unless more are wanted, in powers of 1000. */
export function humanSize(bytes: number, digits = 3): string {
  let [number, unit] = [bytes, 0];
  for (; number >= 1000 && unit < UNITS.length - 1; unit++) number /= 1000;
  return `${Number(number.toPrecision(digits))}${UNITS[unit]}`;
}

const [SECOND, MINUTE, HOUR, DAY] = [1, 60, 3600, 86_400];

/** How long ago something was, as docker writes it. @param seconds - since then */
export function ago(seconds: number): string {
  return `${duration(seconds)} ago`;
}

/** A time as docker writes it: `2 minutes`, `About an hour`. */
export function duration(seconds: number): string {
  const [minutes, hours] = [Math.trunc(seconds / MINUTE), Math.trunc(seconds / HOUR + 0.5)];
  if (seconds < SECOND) return 'Less than a second';
  if (seconds < MINUTE) return plural(seconds, 'second');
  if (minutes < 60) return minutes === 1 ? 'About a minute' : `${minutes} minutes`;
  if (hours < 48) return hours === 1 ? 'About an hour' : `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`;
  return `${Math.trunc(seconds / DAY / 365)} years`;
}

function plural(number: number, unit: string): string {
  return `${Math.trunc(number)} ${unit}${Math.trunc(number) === 1 ? '' : 's'}`;
}

/** A time as Go prints it: `2026-01-02 03:04:05 +0000 UTC`, in the zone of this process. @param time - milliseconds since 1970 */
export function goTime(time: number): string {
  const minutes = -new Date(time).getTimezoneOffset();
  const local = new Date(time + minutes * 60_000).toISOString().replace(/T(.*)\..*/, ' $1');
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((n) =>
    String(n).padStart(2, '0'),
  );
  const zone = zones()
    .formatToParts(time)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return `${local} ${minutes < 0 ? '-' : '+'}${hours}${rest} ${zone}`;
}

let formatter: Intl.DateTimeFormat | undefined;

/** Made once, when it is needed: that takes a third of a millisecond. */
function zones(): Intl.DateTimeFormat {
  formatter ??= new Intl.DateTimeFormat('en', { hour: 'numeric', timeZoneName: 'short' });
  return formatter;
}
