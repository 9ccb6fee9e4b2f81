import * as previous from 'step-04';
import { defaultRootfsPath, type Showing, type Step } from 'step-04';
import { networkCommands } from './command/network.ts';
import { isContainer } from './flags/check.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';
import { prepare } from './prepare.ts';

export * from 'step-04';
export type { Members } from './command/containers.ts';
export { idOf as networkIdOf, networkOf, networksOfOurs } from './command/id.ts';
export { networkCommands } from './command/network.ts';
export { removeNetwork } from './command/remove.ts';
export { inspectedNetwork } from './command/show.ts';
export { anotherEndpoint, withDefault } from './endpoints.ts';
export { etcOf, FILES, newFile, removeDirectory } from './etc/files.ts';
export { overwriteMounted } from './etc/neighbours.ts';
export { isUserDefined, refuseUnsupported } from './flags/check.ts';
export { csvFields } from './flags/csv.ts';
export type { ExtraHost } from './flags/names.ts';
export { linkLocal, ofVersion, priority } from './flags/wanted.ts';
export { confirmed } from './format/confirmed.ts';
export { asFilter, Filters } from './format/filters.ts';
export { inspection } from './format/inspection.ts';
export * from './format/listing.ts';
export { naturally } from './format/natural.ts';
export { NO_LIST, NO_MAP, Struct } from './format/template/values.ts';
export { fill, TemplateError, templateOf } from './format/template.ts';
export { lead, plugInto, routeInside, setUpInside } from './hot-plug.ts';
export * from './network.ts';
export { fileOf } from './networks.ts';
export { type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';
export * from './publish.ts';
export * from './publishing/displayable-ports.ts';
export { releasePorts, reservePorts } from './publishing/reserve.ts';
export { readIfThere } from './read-if-there.ts';
export { asSpoiled, readState, Spoiled, unlessSpoiled } from './state-file.ts';

/** Step 05 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-05',
  title: 'a network of its own',
  options,
  read,
  plan(options) {
    const of = options.networks.find(({ network }) => isContainer(network));
    if (of) throw new Error(`--network ${of.network}: to share another container's network comes in step 6`);
    return plan(options);
  },
  commands: [...previous.step.commands, ...networkCommands()],
  demo: () => [
    previous.step.demo()[0] as Showing,
    {
      says: 'An interface, an address and a way out, all its own; the files that name things are, too:',
      run: [defaultRootfsPath(), 'sh', '-c', 'ls /sys/class/net; cat /proc/net/route /etc/hosts'],
    },
    {
      says: 'With no network it has only itself:',
      run: ['--network', 'none', defaultRootfsPath(), 'sh', '-c', 'ls /sys/class/net; cat /proc/net/route'],
    },
  ],
  prepare: async (wanted, say) => prepare({ ...wanted, ...(await previous.step.prepare(wanted, say)) }, say),
};
