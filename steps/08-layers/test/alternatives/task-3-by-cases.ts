// What is run, case by case.
let command: readonly string[];
if (flags.entrypoint === '') command = args;
else if (flags.entrypoint !== undefined) command = [flags.entrypoint, ...args];
else if (args.length > 0) command = (config.Entrypoint ?? []).concat(args);
else command = (config.Entrypoint ?? []).concat(config.Cmd ?? []);
if (command[0] === undefined) throw new TypeError('nothing to run');
const user = flags.user ? flags.user : (config.User ?? '');
const workdir = flags.workdir === undefined ? config.WorkingDir || '/' : flags.workdir;
const names = (of: object | null | undefined) => (of ? Object.keys(of) : []);
return { command, user, workdir, env: [...(config.Env ?? [])], exposed: names(config.ExposedPorts), volumes: names(config.Volumes) };
