import { utilities, type Types } from '@cornerstonejs/core';

/** What is drawn over an image: RGBA by pixel of the image. */
export interface Drawn {
  pixels: Uint8ClampedArray<ArrayBuffer>;
  rows: number;
  columns: number;
}

/**
 * A canvas over a stack viewport that lies on its image whatever the camera does. The image itself is left alone,
 * so that what is measured is what the file holds.
 */
export class DrawnLayer {
  readonly #canvas: HTMLCanvasElement;
  #empty = true;
  #visible = true;

  constructor(element: HTMLDivElement) {
    this.#canvas = element.ownerDocument.createElement('canvas');
    this.#canvas.dataset['testid'] = 'drawn-layer';
    Object.assign(this.#canvas.style, {
      position: 'absolute',
      top: '0',
      left: '0',
      transformOrigin: '0 0',
      pointerEvents: 'none',
    });
    this.#apply();
    element.append(this.#canvas);
  }

  show(drawn: Drawn | null): void {
    this.#empty = drawn === null;
    if (drawn !== null) {
      this.#canvas.width = drawn.columns;
      this.#canvas.height = drawn.rows;
      const picture = new ImageData(drawn.pixels, drawn.columns, drawn.rows);
      this.#canvas.getContext('2d')?.putImageData(picture, 0, 0);
    }
    this.#apply();
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#apply();
  }

  /** Lays the canvas on the image as it is on the screen now. */
  place(viewport: Types.IStackViewport): void {
    if (this.#empty) return;
    const image = viewport.getImageData().imageData;
    const { width, height } = this.#canvas;
    // The corners of the image: pixel centres have whole indices.
    const at = (column: number, row: number): Types.Point2 => {
      const corner: Types.Point3 = [column - 0.5, row - 0.5, 0];
      const world = utilities.transformIndexToWorld(image, corner) as Types.Point3;
      return viewport.worldToCanvas(world);
    };
    const [left, top] = at(0, 0);
    const [rightX, rightY] = at(width, 0);
    const [belowX, belowY] = at(0, height);
    const along = [(rightX - left) / width, (rightY - top) / width];
    const down = [(belowX - left) / height, (belowY - top) / height];
    this.#canvas.style.transform = `matrix(${[...along, ...down, left, top].join(',')})`;
    const enlarged = Math.hypot(along[0] ?? 0, along[1] ?? 0) > 1;
    this.#canvas.style.imageRendering = enlarged ? 'pixelated' : 'auto';
  }

  close(): void {
    this.#canvas.remove();
  }

  #apply(): void {
    this.#canvas.style.display = this.#empty || !this.#visible ? 'none' : 'block';
  }
}
