/** Work that waits for a thread: highest priority first, then in the order of arrival. */
export interface QueuedTask {
  /** Read when a thread becomes free, so that what is looked at now decides. */
  readonly priority: () => number;
}

export class TaskQueue<T extends QueuedTask> {
  #tasks: T[] = [];

  get length(): number {
    return this.#tasks.length;
  }

  add(task: T): void {
    this.#tasks.push(task);
  }

  /** Takes the next task out, or undefined. Linear: a series has at most some thousand frames. */
  take(): T | undefined {
    let best = 0;
    let highest = -Infinity;
    this.#tasks.forEach((task, index) => {
      const priority = task.priority();
      if (priority > highest) {
        highest = priority;
        best = index;
      }
    });
    return this.#tasks.splice(best, 1)[0];
  }

  /** Takes this task out; false when it is no longer waiting. */
  remove(task: T): boolean {
    const index = this.#tasks.indexOf(task);
    if (index >= 0) this.#tasks.splice(index, 1);
    return index >= 0;
  }

  /** Takes all out. */
  clear(): T[] {
    const tasks = this.#tasks;
    this.#tasks = [];
    return tasks;
  }
}
