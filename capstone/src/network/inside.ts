import { type Call, clone, PR_SET_DUMPABLE, perform, prctl } from 'shared-native';

/** Makes calls in a process that enters a container's namespaces. @throws {SyscallError} for the first that fails */
export async function inside(calls: readonly Call[]): Promise<void> {
  try {
    const child = clone(calls);
    child.proceed();
    const { failure } = await child.exited;
    if (failure) throw failure;
  } finally {
    perform(prctl(PR_SET_DUMPABLE, 1)); // the child shared this process's memory
  }
}
