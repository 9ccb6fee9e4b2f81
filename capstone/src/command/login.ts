import type { Subcommand } from 'step-10';

const SERVER = ['[server]', 'a registry: HOST or HOST:PORT (default: docker.io)'] as const;

/** `login`: keeps what proves to a registry who somebody is, where docker keeps it. */
export const loginCommand: Subcommand = {
  name: 'login',
  description: "log in to a registry; the password is stored in docker's config.json, or with its credential helper",
  positionals: [SERVER],
  needsRoot: false,
  failure: 1,
  options: (command) =>
    command
      .option('-u, --username <name>', 'who')
      .option('-p, --password <password>', 'a password or token; everybody on this machine can see it meanwhile')
      .option('--password-stdin', 'read that from standard input'),
  run: async (flags, [server]) => (await import('./login/login.ts')).loginAsAsked(flags, server),
};

/** `logout`: forgets it. */
export const logoutCommand: Subcommand = {
  name: 'logout',
  description: 'log out from a registry',
  positionals: [SERVER],
  needsRoot: false,
  failure: 1,
  run: async (_, [server]) => (await import('./login/logout.ts')).logoutAsAsked(server),
};
