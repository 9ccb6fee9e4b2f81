import { CLOSE_RANGE_CLOEXEC, CLOSE_RANGE_UNSHARE, O_CLOEXEC } from '../../constants.ts';
import { closeDescriptor, descriptor, mostDescriptors } from '../descriptors.ts';
import { fail } from '../errors.ts';
import type { Family } from '../handler.ts';

export const descriptorCalls: Family<'close' | 'close_range' | 'dup3'> = {
  close(state, args) {
    closeDescriptor(state, args.int('fd'));
    return 0;
  },

  close_range({ process, ...state }, args) {
    const [first, last, flags] = [args.uint('first'), args.uint('last'), args.uint('flags')];
    if (flags & ~(CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE) || last < first) fail('EINVAL');
    for (const [number, one] of [...process.descriptors]) {
      if (number < first || number > last) continue;
      if (flags & CLOSE_RANGE_CLOEXEC) one.closeOnExec = true;
      else closeDescriptor({ process, ...state }, number);
    }
    return 0;
  },

  dup3(state, args) {
    const [oldfd, newfd, flags] = [args.int('oldfd'), args.int('newfd'), args.uint('flags')];
    if (flags & ~O_CLOEXEC || oldfd === newfd) fail('EINVAL');
    const { file } = descriptor(state, oldfd);
    if (newfd < 0 || BigInt(newfd) >= mostDescriptors(state)) fail('EBADF');
    if (state.process.descriptors.has(newfd)) closeDescriptor(state, newfd);
    state.process.descriptors.set(newfd, { file, closeOnExec: (flags & O_CLOEXEC) !== 0 });
    return newfd;
  },
};
