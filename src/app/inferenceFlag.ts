/** Values of the flag on shared memory between `Inference` and its worker: a message would wait for the running task. */
export const RUN = 0;
/** The task in work is to stop at its next check. */
export const CANCEL = 1;
/** So is every other: the program ends. */
export const STOP = 2;
