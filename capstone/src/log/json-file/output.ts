import { setTimeout as sleep } from 'node:timers/promises';
import type { BoxRecord } from '../../containers/record.ts';
import { isDiskFull } from '../../disk-full.ts';
import { attributesOf } from '../attributes.ts';
import type { Line } from '../lines.ts';
import { logFiles } from '../options.ts';
import type { Position } from '../read.ts';
import { type JsonFiles, openJsonFiles } from './files.ts';
import { dockerJson } from './line.ts';
import { jsonPath } from './place.ts';
import { type Progress, writeProgress } from './progress.ts';

/** Bytes after which progress is written down though there is more to do. */
const MUCH = 1 << 20;

/** Milliseconds until it looks again whether there is room on the disk. */
const LOOK = 500;

// #region lines, each once
/**
 * Where lines of JSON go. It writes down how far it is: whoever goes on from there makes the same lines again, and writes those
 * that aren't there yet.
 */
export class Output {
  readonly #id: string;
  readonly #files: JsonFiles;
  readonly #isPatient: () => boolean;
  readonly #attributes: Readonly<Record<string, string>>;
  #since: Omit<Progress, 'lines'>;
  /** Lines that were put since then. */
  #lines = 0;
  /** Lines that were whole already where it began, and are to be made once more. */
  #known: number;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #unsaved = 0;

  /** @param isPatient - does it wait where a disk is full? Otherwise, it throws ENOSPC */
  constructor(record: BoxRecord, had: Progress, isPatient: () => boolean) {
    this.#id = record.id;
    this.#files = openJsonFiles(jsonPath(record.id), logFiles(record.logging), had.written);
    this.#isPatient = isPatient;
    this.#attributes = had.attributes ?? attributesOf(record);
    this.#since = had;
    this.#known = had.lines;
  }

  /** To be called before the first line: who goes on after this one, if that is killed, must know where it began, and how. */
  async begin(): Promise<void> {
    if (this.#since.attributes) return;
    this.#since = { ...this.#since, attributes: this.#attributes };
    await this.#save();
  }

  async put(line: Line): Promise<void> {
    if (this.#known > 0) this.#known--;
    else {
      if (this.#files.isFull(this.#bytes)) await this.#rotate();
      const bytes = Buffer.from(dockerJson(line, this.#attributes));
      this.#waiting.push(bytes);
      this.#bytes += bytes.length;
    }
    this.#lines++;
  }

  /** All is put that comes before a place in the log, but for the lines that have begun there. */
  async reached(from: Position, begun: readonly Line[], isAll: boolean): Promise<void> {
    await this.#flush();
    this.#goOn({ from, begun, attributes: this.#attributes });
    if (isAll || this.#unsaved >= MUCH) await this.#save();
  }

  /** A run has ended there: the next may have a new name, and so a new tag. */
  async ended(): Promise<void> {
    await this.#flush();
    const { from } = this.#since;
    this.#goOn({ ...(from && { from }), begun: [] });
    await this.#save();
  }

  close(): void {
    this.#files.close();
  }

  #goOn(since: Omit<Progress, 'lines'>): void {
    this.#since = since;
    this.#lines = 0;
  }

  /** Progress is written down before: so at most one file is newer than what it says. */
  async #rotate(): Promise<void> {
    await this.#flush();
    await this.#save();
    await this.#patiently(() => this.#files.rotate());
  }

  async #flush(): Promise<void> {
    const all = Buffer.concat(this.#waiting);
    for (let rest: Uint8Array = all; rest.length > 0; ) rest = await this.#patiently(() => this.#files.write(rest));
    this.#unsaved += all.length;
    [this.#waiting, this.#bytes] = [[], 0];
  }

  async #save(): Promise<void> {
    const progress = { ...this.#since, lines: this.#lines + this.#known, written: this.#files.end() };
    await this.#patiently(() => writeProgress(this.#id, progress));
    this.#unsaved = 0;
  }

  async #patiently<T>(doing: () => T): Promise<T> {
    for (;;) {
      try {
        return doing();
      } catch (error) {
        if (!isDiskFull(error) || !this.#isPatient()) throw error;
        await sleep(LOOK);
      }
    }
  }
}
// #endregion
