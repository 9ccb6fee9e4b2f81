import { put } from 'step-10';
import { logout, serverOf } from '../../registry/login.ts';

/** Logs out, and says so. */
export async function logoutAsAsked(given: string | undefined): Promise<number> {
  put(`Removing login credentials for ${serverOf(given).server}\n`); // docker says so, whether there are any or not
  await logout(given);
  return 0;
}
