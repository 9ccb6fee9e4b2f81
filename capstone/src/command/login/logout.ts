import { put } from 'step-10';
import { logout, serverOf } from '../../registry/login.ts';

/** Logs out, and says so. */
export async function logoutAsAsked(given: string | undefined): Promise<number> {
  const { server } = serverOf(given);
  put((await logout(given)) ? `Removing login credentials for ${server}\n` : `Not logged in to ${server}\n`);
  return 0;
}
