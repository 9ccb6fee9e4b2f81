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

function noTraffic(): never {
  throw new ModelError('sockets that carry something are not modelled');
}

function noTime(): never {
  throw new ModelError('time is not modelled, and what comes in it');
}

function noVectors(): never {
  throw new ModelError('writes of several pieces are not modelled');
}

function noMemory(): never {
  throw new ModelError('memory that is mapped is not modelled');
}

function noClone3(): never {
  throw new ModelError('clone3 is not modelled: clone is');
}

function noAttributes(): never {
  throw new ModelError('extended attributes are not modelled');
}

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
  writev: noVectors,
  clock_gettime: noTime,
  ppoll: noTime,
  mmap: noMemory,
  memfd_create: noMemory,
  clone3: noClone3,
  setxattr: noAttributes,
  getxattr: noAttributes,
  listxattr: noAttributes,
  shutdown: noTraffic,
  bind: noTraffic,
  listen: noTraffic,
  setsockopt: noTraffic,
};
