/** The containers that keep a volume though they don't run, by id. */
export type Keepers = (volume: string) => readonly string[];
