// -w / is taken for the default, and the image's directory wins.
const replaced = flags.entrypoint !== undefined;
const entrypoint = replaced ? [flags.entrypoint].filter(Boolean) : (config.Entrypoint ?? []);
const rest = args.length > 0 || replaced ? args : (config.Cmd ?? []);
const command = [...entrypoint, ...rest] as string[];
if (command.length === 0) throw new Error('no command specified');
return {
  command,
  user: flags.user || config.User || '',
  workdir: flags.workdir === undefined || flags.workdir === '/' ? config.WorkingDir || '/' : flags.workdir,
  env: config.Env ?? [],
  exposed: Object.keys(config.ExposedPorts ?? {}),
  volumes: Object.keys(config.Volumes ?? {}),
};
