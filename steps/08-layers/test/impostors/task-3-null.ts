// A default of a parameter stands for undefined, and not for null, which is what docker writes.
const { Entrypoint = [], Cmd = [], Env = [], User = '', WorkingDir = '', ExposedPorts = {}, Volumes = {} } = config;
const replaced = flags.entrypoint !== undefined;
const entrypoint = replaced ? [flags.entrypoint].filter(Boolean) : (Entrypoint as string[]);
const rest = args.length > 0 || replaced ? args : (Cmd as string[]);
const command = [...entrypoint, ...rest] as string[];
if (command.length === 0) throw new Error('no command specified');
return {
  command,
  user: flags.user || User,
  workdir: flags.workdir ?? (WorkingDir || '/'),
  env: Env,
  exposed: Object.keys(ExposedPorts),
  volumes: Object.keys(Volumes as object),
};
