import type { SyscallName } from '../kernel/syscall-numbers.ts';
import { childCalls } from './calls/child.ts';
import { descriptorCalls } from './calls/descriptor.ts';
import { directoryCalls } from './calls/directory.ts';
import { fileCalls } from './calls/file.ts';
import { filesystemCalls } from './calls/filesystem.ts';
import { identityCalls } from './calls/identity.ts';
import { ioctlCalls } from './calls/ioctl.ts';
import { mountCalls } from './calls/mount.ts';
import { mountTreeCalls } from './calls/mount-tree.ts';
import { namespaceCalls } from './calls/namespace.ts';
import { nodeCalls } from './calls/node.ts';
import { ownershipCalls } from './calls/ownership.ts';
import { pathCalls } from './calls/path.ts';
import { pidfdCalls } from './calls/pidfd.ts';
import { processCalls } from './calls/process.ts';
import { programCalls } from './calls/program.ts';
import { resourceCalls } from './calls/resource.ts';
import { securityCalls } from './calls/security.ts';
import { signalCalls } from './calls/signal.ts';
import { socketCalls } from './calls/socket.ts';
import { ModelError } from './errors.ts';
import type { Handler } from './handler.ts';

/** What stands for a call that the model doesn't know. */
function missing(message: string): Handler {
  return () => {
    throw new ModelError(message);
  };
}

const noTraffic = missing('sockets that carry something are not modelled');
const noTime = missing('time is not modelled, nor what comes in its course');
const noMemory = missing('memory that is mapped is not modelled');
const noScheduler = missing('how programs are run, and when, is not modelled');
const noPosition = missing('where in a file the next write goes is not modelled');
const noAttributes = missing('extended attributes are not modelled');

/** What the kernel does at each call. */
export const HANDLERS: Readonly<Record<SyscallName, Handler>> = {
  ...childCalls,
  ...descriptorCalls,
  ...directoryCalls,
  ...fileCalls,
  ...filesystemCalls,
  ...identityCalls,
  ...ioctlCalls,
  ...mountCalls,
  ...mountTreeCalls,
  ...namespaceCalls,
  ...nodeCalls,
  ...ownershipCalls,
  ...pathCalls,
  ...pidfdCalls,
  ...processCalls,
  ...programCalls,
  ...resourceCalls,
  ...securityCalls,
  ...signalCalls,
  ...socketCalls,
  writev: missing('writes of several pieces are not modelled'),
  personality: noScheduler,
  sched_setattr: noScheduler,
  ioprio_set: noScheduler,
  set_mempolicy: noMemory,
  faccessat2: missing('questions about files are not modelled: their use is'),
  lseek: noPosition,
  pwrite64: noPosition,
  renameat2: missing('renaming is not modelled'),
  clock_gettime: noTime,
  ppoll: noTime,
  mmap: noMemory,
  memfd_create: noMemory,
  clone3: missing('clone3 is not modelled: clone is'),
  setxattr: noAttributes,
  getxattr: noAttributes,
  listxattr: noAttributes,
  shutdown: noTraffic,
  bind: noTraffic,
  connect: noTraffic,
  sendmsg: noTraffic,
  recvmsg: noTraffic,
  socketpair: noTraffic,
  listen: noTraffic,
  setsockopt: noTraffic,
};
