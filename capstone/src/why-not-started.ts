/** Why there is no container, in docker's words where the steps' own come first otherwise. */
export function whyNotStarted({ message, cause, code }: Error & { readonly code?: string }): string {
  if (code === 'error' && cause instanceof Error) return cause.message; // the system has not answered: it says itself what it tried
  return /^network \S+ not found/.test(message) ? `failed to set up container networking: ${message}` : message;
}
