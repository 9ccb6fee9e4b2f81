/** What a task throws until it is written. */
export class Todo extends Error {
  override readonly name = 'Todo';
}
