import { O_PATH, TIOCSPGRP } from '../../kernel/constants.ts';
import { fail, ModelError } from '../errors.ts';
import { descriptor } from '../files/descriptors.ts';
import { TERMINAL_REQUESTS } from '../files/terminal-requests.ts';
import type { Family } from '../handler.ts';

/** Requests to the driver behind a descriptor: of all drivers, the model has the terminal's. */
export const ioctlCalls: Family<'ioctl'> = {
  ioctl(state, args) {
    const { file } = descriptor(state, args.int('fd'));
    if (file.flags & O_PATH) fail('EBADF');
    const request = args.uint('request');
    const handler = TERMINAL_REQUESTS.get(request);
    if (!handler) throw new ModelError(`ioctl: the model doesn't know request 0x${request.toString(16)}`);
    const { terminal } = file;
    if (!terminal) return fail('ENOTTY');
    if (!terminal.masterOpen) return fail(request === TIOCSPGRP ? 'ENOTTY' : 'EIO');
    return handler(state, file, terminal, args);
  },
};
