const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes as docker writes the sizes of images: with three digits, in powers of 1000. */
export function humanSize(bytes: number): string {
  let [number, unit] = [bytes, 0];
  for (; number >= 1000 && unit < UNITS.length - 1; unit++) number /= 1000;
  return `${Number(number.toPrecision(3))}${UNITS[unit]}`;
}

const [SECOND, MINUTE, HOUR, DAY] = [1, 60, 3600, 86_400];

/** How long ago something was, as docker writes it. @param seconds - since then */
export function ago(seconds: number): string {
  return `${duration(seconds)} ago`;
}

function duration(seconds: number): string {
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
