// What flags say is laid over what the image says.
const own = flags.entrypoint === undefined ? config : { ...config, Entrypoint: flags.entrypoint ? [flags.entrypoint] : null, Cmd: null };
const Cmd = args.length ? args : own.Cmd;
const command = [own.Entrypoint, Cmd].flatMap((words) => words ?? []);
if (!command.length) throw new Error('nothing to run');
const { Env = [], User, WorkingDir, ExposedPorts, Volumes } = config;
return {
  command,
  user: flags.user || (User ?? ''),
  workdir: flags.workdir ?? (WorkingDir ? WorkingDir : '/'),
  env: Env,
  exposed: Object.entries(ExposedPorts ?? {}).map(([port]) => port),
  volumes: Object.entries(Volumes ?? {}).map(([place]) => place),
};
