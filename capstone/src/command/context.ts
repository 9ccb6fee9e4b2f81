import { inspection, listing, put, Struct, type Subcommand, say } from 'step-10';

const DESCRIPTION = 'This machine: there is no daemon';
const COMMON = { needsRoot: false, failure: 1 } as const;
const FORMAT = ['-f, --format <template>', 'as json, or a text such as "{{.Name}}"'] as const;
const LAYOUT = {
  headings: { Name: 'NAME', Description: 'DESCRIPTION', DockerEndpoint: 'DOCKER ENDPOINT', Error: 'ERROR' },
  shown: ['Name', 'Description', 'DockerEndpoint', 'Error'],
};

/** docker's contexts are daemons to talk to. There is one: no daemon, on this machine. */
export const contextCommands: readonly Subcommand[] = [
  {
    ...COMMON,
    name: 'context ls',
    description: 'list contexts: there is one, this machine',
    positionals: [],
    options: (command) => command.option('--format <template>', FORMAT[1]).option('-q, --quiet', 'only its name'),
    run({ format, quiet }: { readonly format?: string; readonly quiet?: boolean }) {
      const row = { Name: 'default', Current: 'true', Description: DESCRIPTION, DockerEndpoint: '', Error: '' };
      const shown = format === undefined ? { ...row, Name: 'default *' } : row;
      put(quiet ? 'default\n' : listing([shown], LAYOUT, format));
      return 0;
    },
  },
  {
    ...COMMON,
    name: 'context show',
    description: 'print the name of the one that there is',
    positionals: [],
    run() {
      put('default\n');
      return 0;
    },
  },
  {
    ...COMMON,
    name: 'context inspect',
    description: 'show all that is known of it, as JSON',
    positionals: [['[context...]', 'default']],
    options: (command) => command.option(...FORMAT),
    run: ({ format }: { readonly format?: string }, names) =>
      inspection(names.length > 0 ? names : ['default'], inspected, format),
  },
  {
    ...COMMON,
    name: 'context use',
    description: 'choose "default", the only one',
    positionals: [['<context>', 'default']],
    run(_, [name = '']) {
      assertDefault(name);
      put('default\n');
      say('Current context is now "default"');
      return 0;
    },
  },
];

/** docker's plugins are programs of others that make networks and volumes. There are none. */
export const pluginCommands: readonly Subcommand[] = [
  {
    ...COMMON,
    name: 'plugin ls',
    description: 'list plugins: there are none, since networks are bridges, and volumes directories',
    positionals: [],
    options: (command) =>
      command
        .option('-f, --filter <name=value>', 'only those')
        .option('--format <template>', FORMAT[1])
        .option('--no-trunc', 'show all of an ID')
        .option('-q, --quiet', 'only their IDs'),
    run({ format, quiet }: { readonly format?: string; readonly quiet?: boolean }) {
      const headings = { ID: 'ID', Name: 'NAME', Description: 'DESCRIPTION', Enabled: 'ENABLED' };
      if (!quiet) put(listing([], { headings, shown: Object.keys(headings) }, format));
      return 0;
    },
  },
];

function inspected(name: string): Struct {
  assertDefault(name);
  return new Struct('context.Inspect', {
    Name: name,
    Metadata: { Description: DESCRIPTION },
    Endpoints: {},
    TLSMaterial: {},
    Storage: { MetadataPath: '<IN MEMORY>', TLSPath: '<IN MEMORY>' },
  });
}

/** @throws {Error} that begins as docker's, for any other context */
export function assertDefault(name: string): void {
  if (name !== 'default')
    throw new Error(
      `context ${JSON.stringify(name)}: context not found: there is only "default", since there is no daemon`,
    );
}
