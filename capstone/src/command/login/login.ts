import { readFileSync } from 'node:fs';
import { put, STDERR } from 'step-10';
import { configPath } from '../../registry/auth/config.ts';
import type { Credentials } from '../../registry/auth/credentials.ts';
import { kept, login } from '../../registry/login.ts';
import { ask, askSecretly } from './ask.ts';

interface Flags {
  readonly username?: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
}

/** Logs in: with what flags say, else with what is kept already, else with what somebody at the terminal answers. */
export async function loginAsAsked(flags: Flags, server: string | undefined): Promise<number> {
  const isStored = await login(server, await credentialsOf(flags, server));
  if (isStored)
    put(
      `\nWARNING! Your credentials are stored unencrypted in '${configPath()}'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n`,
      STDERR,
    );
  put('Login Succeeded\n');
  return 0;
}

async function credentialsOf(
  { username, password, passwordStdin }: Flags,
  server: string | undefined,
): Promise<Credentials> {
  if (password !== undefined && passwordStdin)
    throw new Error('conflicting options: cannot specify both --password and --password-stdin');
  if (passwordStdin && username === undefined)
    throw new Error('the --password-stdin option requires --username to be set');
  if (password !== undefined) put('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n', STDERR);
  const before = username === undefined && password === undefined ? await kept(server) : undefined;
  if (before) {
    put(
      `Authenticating with existing credentials...${before.username ? ` [Username: ${before.username}]` : ''}\n`,
      STDERR,
    );
    return before;
  }
  const who = username ?? (await ask('Username: '));
  const secret = passwordStdin
    ? readFileSync(0, 'utf8').replace(/\r?\n$/, '')
    : (password ?? (await askSecretly('Password: ')));
  if (who === '') throw new Error('username is empty');
  if (secret === '') throw new Error('password is empty');
  return { username: who, password: secret };
}
