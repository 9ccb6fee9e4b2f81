/** A time as docker's API writes it. @param time - milliseconds since 1970; 0 for never */
export function rfc3339(time: number): string {
  return time === 0 ? '0001-01-01T00:00:00Z' : new Date(time).toISOString();
}
