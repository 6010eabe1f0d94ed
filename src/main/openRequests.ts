/**
 * Paths that a person named outside the page: on the command line, by a file association, to a second copy of the
 * program. They wait until the window can open them.
 */
export class OpenRequests {
  readonly #waiting: (readonly string[])[] = [];
  #opener: ((paths: readonly string[]) => void) | null = null;

  add(paths: readonly string[]): void {
    if (paths.length === 0) return;
    if (this.#opener === null) this.#waiting.push(paths);
    else this.#opener(paths);
  }

  serve(opener: (paths: readonly string[]) => void): void {
    this.#opener = opener;
    for (const paths of this.#waiting.splice(0)) opener(paths);
  }
}
