/** Pixels of wheel travel that make one image; a mouse notch is 100 or more, a touchpad sends many small ones. */
const TRAVEL = 50;

/** Turns wheel travel into steps: a notch is one step however far it is, small travels add up. */
export class WheelSteps {
  #travel = 0;

  /** @returns images to move, negative for back. */
  take(deltaY: number): number {
    if (Math.abs(deltaY) >= TRAVEL) {
      this.#travel = 0;
      return Math.sign(deltaY);
    }
    if (Math.sign(deltaY) !== Math.sign(this.#travel)) this.#travel = 0;
    this.#travel += deltaY;
    if (Math.abs(this.#travel) < TRAVEL) return 0;
    const steps = Math.trunc(this.#travel / TRAVEL);
    this.#travel -= steps * TRAVEL;
    return steps;
  }
}
