/** A container's name that a running container has already. */
export class NameInUse extends Error {
  override readonly name = 'NameInUse';

  constructor(name: string) {
    super(
      `the container name "${name}" is in use by a running container: give another with --name, or end that one first`,
    );
  }
}
