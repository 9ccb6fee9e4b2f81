import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { parseFile } from '../json-file.ts';

/** What a credential helper keeps of a registry. */
const KEPT = z.looseObject({ ServerURL: z.string().optional(), Username: z.string(), Secret: z.string() });

type Kept = z.infer<typeof KEPT>;

/** A program `docker-credential-NAME`, which keeps passwords where it thinks best. It must be in PATH. */
export interface Helper {
  /** @returns undefined if it has none */
  get(server: string): Promise<Kept | undefined>;
  store(kept: Kept): Promise<void>;
  erase(server: string): Promise<void>;
}

/** @see {@link https://github.com/docker/docker-credential-helpers | docker-credential-helpers} */
export function helper(name: string): Helper {
  return {
    async get(server) {
      const { status, out } = await run(name, 'get', server);
      if (status === 0) return parseFile(KEPT, `what docker-credential-${name} answers`, out);
      if (/credentials not found in native keychain/i.test(out)) return undefined;
      throw failed(name, 'get', status, out);
    },
    async store(kept) {
      const { status, out } = await run(name, 'store', JSON.stringify(kept));
      if (status !== 0) throw failed(name, 'store', status, out);
    },
    async erase(server) {
      const { status, out } = await run(name, 'erase', server);
      if (status !== 0 && !/not found/i.test(out)) throw failed(name, 'erase', status, out);
    },
  };
}

async function run(name: string, verb: string, input: string): Promise<{ status: number; out: string }> {
  if (!/^[\w.-]+$/.test(name))
    throw new Error(`config.json names a credential helper ${JSON.stringify(name)}, which is no name`);
  const program = `docker-credential-${name}`;
  const child = spawn(program, [verb], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {}).end(input); // it may read none of it
  const [[status], out] = await Promise.all([once(child, 'close'), text(child.stdout)]).catch((error) => {
    throw new Error(`${program}, which config.json says keeps the passwords, can't be run: ${error.message}`, {
      cause: error,
    });
  });
  return { status, out };
}

function failed(name: string, verb: string, status: number, out: string): Error {
  return new Error(`docker-credential-${name} ${verb} ended with ${status}: ${out.trim().slice(0, 300)}`);
}
