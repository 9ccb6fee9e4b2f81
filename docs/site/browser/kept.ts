/** What this browser keeps for the reader. A browser may refuse to keep anything: then it is forgotten, and that's all. */
export const kept = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(`boxstep.${name}`);
    } catch {
      return null;
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(`boxstep.${name}`, value);
    } catch {}
  },
};
