/** A step that only shows what a task of groups, alternatives and seeded values is. */
export function double(n: number): number {
  // #region task 1: twice as much
  return n * 2;
  // #endregion
}
