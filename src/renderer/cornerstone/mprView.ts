import { cache, Enums, setVolumesForViewports, utilities, type Types } from '@cornerstonejs/core';
import type { KeysliceError } from '../../contract/errors.ts';
import type { SeriesView } from '../../contract/ipc.ts';
import type { Vec3, VoiTransform } from '../../contract/series.ts';
import { edgeLetters, type EdgeLetters } from '../viewports/orientationLetters.ts';
import { PLANES, type Plane } from '../viewports/plane.ts';
import { movedToFrame, nearestFrame, stackPlanes, type StackPlanes } from '../viewports/stackPlane.ts';
import type { Tool } from '../viewports/tool.ts';
import { add, scale } from '../viewports/vector.ts';
import { levelsOf, sameRange, type VoiRange } from '../viewports/voi.ts';
import type { Graphics } from './graphics.ts';
import { dropVolume, loadVolume, volumeBytes, volumeCenter } from './loadVolume.ts';
import { shade } from './shade.ts';
import { ToolBinding } from './toolSet.ts';

/** What a pane shows besides the picture: edge letters, and where the two other planes cross it (CSS pixels). */
export interface PaneReading {
  letters: EdgeLetters;
  cross: { x: number; y: number };
}

export interface MprEvents {
  progress: (done: number, total: number) => void;
  ready: () => void;
  failed: (frames: number) => void;
  tooLarge: (neededBytes: number, budgetBytes: number) => void;
  pane: (plane: Plane, reading: PaneReading) => void;
  /** The common point moved into another frame of the series. */
  frame: (frame: number) => void;
  range: (range: VoiRange) => void;
  covered: (covered: boolean) => void;
  broken: (error: KeysliceError) => void;
}

const GROUP = 'mpr-tools';
const AXES: Record<Plane, Enums.OrientationAxis> = {
  axial: Enums.OrientationAxis.AXIAL,
  sagittal: Enums.OrientationAxis.SAGITTAL,
  coronal: Enums.OrientationAxis.CORONAL,
};

/** Axial, sagittal and coronal planes through one point of a volume. */
export class MprView {
  readonly #graphics: Graphics;
  readonly #elements: Record<Plane, HTMLDivElement>;
  readonly #events: MprEvents;
  readonly #tools: ToolBinding;
  readonly #resize: ResizeObserver;
  readonly #series: SeriesView;
  readonly #planes: StackPlanes | null;
  readonly #key: number;
  readonly #allIds: readonly string[];
  readonly #imageIds: readonly string[];
  readonly #volumeId: string;
  #point: Vec3 = [0, 0, 0];
  #range: VoiRange;
  #voi: VoiTransform | null;
  #inverted: boolean;
  #ready = false;
  #closed = false;

  constructor(
    graphics: Graphics,
    elements: Record<Plane, HTMLDivElement>,
    shown: {
      series: SeriesView;
      phase: number;
      range: VoiRange;
      voi: VoiTransform | null;
      inverted: boolean;
      tool: Tool;
    },
    events: MprEvents,
  ) {
    this.#graphics = graphics;
    this.#elements = elements;
    this.#events = events;
    this.#series = shown.series;
    this.#range = shown.range;
    this.#voi = shown.voi;
    this.#inverted = shown.inverted;
    this.#planes = stackPlanes(shown.series, shown.phase);
    const { key, imageIds } = graphics.registry.register(shown.series);
    const first = shown.phase * shown.series.frames;
    this.#key = key;
    this.#allIds = imageIds;
    this.#imageIds = imageIds.slice(first, first + shown.series.frames);
    this.#volumeId = `keyslice-volume:${String(key)}`;
    this.#tools = new ToolBinding(GROUP, shown.tool, () => shown.series);
    graphics.add(this);
    this.#resize = new ResizeObserver(() => {
      graphics.resize(() => true, this.#report);
    });
    for (const plane of PLANES) {
      const element = elements[plane];
      element.addEventListener(Enums.Events.CAMERA_MODIFIED, this.#report);
      element.addEventListener(Enums.Events.VOI_MODIFIED, this.#reportRange);
      this.#resize.observe(element);
    }
  }

  /** Reads all images, then shows the planes through the middle of the given frame. */
  async open(frame: number): Promise<void> {
    const { rows, columns, frames } = this.#series;
    const needed = volumeBytes(this.#graphics, this.#imageIds, rows * columns * frames);
    if (needed > this.#graphics.budget) {
      this.#events.tooLarge(needed, this.#graphics.budget);
      return;
    }
    const outcome = await loadVolume(
      this.#graphics,
      this.#key,
      this.#imageIds,
      this.#volumeId,
      (done) => {
        this.#events.progress(done, frames);
      },
      () => this.#closed,
    );
    if (outcome.kind === 'failed') this.#events.failed(outcome.frames);
    if (outcome.kind !== 'ready') return;
    this.#point = volumeCenter(this.#volumeId) ?? [0, 0, 0];
    if (this.#planes !== null) this.#point = movedToFrame(this.#planes, this.#point, frame);
    await this.#mount();
    this.#events.ready();
  }

  /** Moves the common point into the plane of a frame. */
  showFrame(frame: number): void {
    if (!this.#ready || this.#planes === null) return;
    if (nearestFrame(this.#planes, this.#point) === frame) return;
    this.#point = movedToFrame(this.#planes, this.#point, frame);
    this.#applyPoint();
  }

  /** One slice on or back in a pane. */
  scroll(plane: Plane, steps: number): void {
    const volume = cache.getVolume(this.#volumeId);
    const { viewPlaneNormal } = this.#viewport(plane).getCamera();
    if (!this.#ready || viewPlaneNormal === undefined || volume === undefined) return;
    const spacing = utilities.getSpacingInNormalDirection(volume, viewPlaneNormal);
    this.#moveTo(add(this.#point, scale(viewPlaneNormal, -steps * spacing)));
  }

  /** Puts the common point where a pane was clicked, in CSS pixels. */
  pointAt(plane: Plane, x: number, y: number): void {
    if (this.#ready) this.#moveTo(this.#viewport(plane).canvasToWorld([x, y]));
  }

  /** @param voi what shades the range; null: a straight line */
  setRange(range: VoiRange, voi: VoiTransform | null): void {
    if (sameRange(range, this.#range) && voi === this.#voi) return;
    this.#range = range;
    this.#voi = voi;
    this.#applyLook();
  }

  setInverted(inverted: boolean): void {
    this.#inverted = inverted;
    this.#applyLook();
  }

  setTool(tool: Tool): void {
    this.#tools.activate(tool);
  }

  resetCamera(): void {
    if (!this.#ready) return;
    for (const plane of PLANES) this.#viewport(plane).resetCamera();
    this.#applyPoint();
  }

  close(): void {
    const mounted = this.#ready;
    this.#closed = true;
    this.#ready = false;
    this.#graphics.remove(this);
    this.#resize.disconnect();
    for (const plane of PLANES) {
      this.#elements[plane].removeEventListener(Enums.Events.CAMERA_MODIFIED, this.#report);
      this.#elements[plane].removeEventListener(Enums.Events.VOI_MODIFIED, this.#reportRange);
    }
    this.#tools.close();
    if (mounted) for (const plane of PLANES) this.#graphics.engine.disableElement(plane);
    dropVolume(this.#volumeId);
    this.#graphics.release(this.#allIds);
  }

  cover(): void {
    this.#events.covered(true);
  }

  /** The volume too is made anew: an old one keeps its marks of what was uploaded and shows one even grey. */
  async rebuild(): Promise<void> {
    const wasReady = this.#ready;
    this.#ready = false;
    dropVolume(this.#volumeId);
    if (wasReady) {
      await loadVolume(
        this.#graphics,
        this.#key,
        this.#imageIds,
        this.#volumeId,
        () => undefined,
        () => this.#closed,
      );
      await this.#mount();
    }
    this.#events.covered(false);
  }

  giveUp(error: KeysliceError): void {
    this.#events.broken(error);
  }

  #viewport(plane: Plane): Types.IVolumeViewport {
    return this.#graphics.engine.getViewport<Types.IVolumeViewport>(plane);
  }

  async #mount(): Promise<void> {
    const { engine } = this.#graphics;
    for (const plane of PLANES) {
      engine.enableElement({
        viewportId: plane,
        type: Enums.ViewportType.ORTHOGRAPHIC,
        element: this.#elements[plane],
        defaultOptions: { orientation: AXES[plane], background: [0, 0, 0] },
      });
      this.#tools.attach(plane, engine.id);
    }
    await setVolumesForViewports(engine, [{ volumeId: this.#volumeId }], [...PLANES]);
    this.#ready = true;
    this.#applyLook();
    this.#applyPoint();
  }

  #applyLook(): void {
    if (!this.#ready) return;
    const inverted = this.#graphics.registry.get(this.#imageIds[0] ?? '')?.inverted ?? false;
    const look = { levels: levelsOf(this.#voi), inverted: inverted !== this.#inverted };
    for (const plane of PLANES) {
      const viewport = this.#viewport(plane);
      shade(viewport, this.#range, look, null);
      viewport.render();
    }
    this.#events.range(this.#range);
  }

  #moveTo(point: Vec3): void {
    this.#point = point;
    this.#applyPoint();
    if (this.#planes !== null) this.#events.frame(nearestFrame(this.#planes, this.#point));
  }

  #applyPoint(): void {
    for (const plane of PLANES) {
      const viewport = this.#viewport(plane);
      viewport.jumpToWorld([...this.#point]);
      viewport.render();
    }
    this.#report();
  }

  readonly #report = (): void => {
    if (!this.#ready) return;
    for (const plane of PLANES) {
      const viewport = this.#viewport(plane);
      const { viewUp, viewPlaneNormal } = viewport.getCamera();
      if (viewUp === undefined || viewPlaneNormal === undefined) continue;
      const [x, y] = viewport.worldToCanvas([...this.#point]);
      this.#events.pane(plane, { letters: edgeLetters(viewUp, viewPlaneNormal), cross: { x, y } });
    }
  };

  readonly #reportRange = (event: Event): void => {
    const { range } = (event as CustomEvent<{ range: VoiRange }>).detail;
    if (this.#ready) this.setRange({ lower: range.lower, upper: range.upper }, this.#voi);
  };
}
