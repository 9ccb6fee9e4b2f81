// The working directory goes to each directory in turn, and fsconfig is told that it's here.
import { FSCONFIG_CMD_CREATE, FSCONFIG_SET_STRING, fsconfig } from 'shared-native';
const made: Call[] = [];
const context = fsopen('overlay');
made.push(context);
const here = (key: string, path: string) => void made.push(chdir(path), fsconfig(context, FSCONFIG_SET_STRING, key, '.'));
for (const lower of lowers) here('lowerdir+', lower);
if (work !== undefined) here('workdir', work);
if (upper !== undefined) here('upperdir', upper);
made.push(fsconfig(context, FSCONFIG_CMD_CREATE, null, null), fsmount(context));
return made;
