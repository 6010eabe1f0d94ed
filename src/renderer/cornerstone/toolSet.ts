import {
  addTool,
  AngleTool,
  annotation,
  EllipticalROITool,
  Enums,
  LengthTool,
  PanTool,
  ProbeTool,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
  type Types,
} from '@cornerstonejs/tools';
import { KeysliceError } from '../../contract/errors.ts';
import { TOOLS, type Tool } from '../viewports/tool.ts';
import { measurementText, type ValueMeaning } from './measurementText.ts';

const CLASSES = {
  window: WindowLevelTool,
  zoom: ZoomTool,
  pan: PanTool,
  probe: ProbeTool,
  length: LengthTool,
  angle: AngleTool,
  ellipse: EllipticalROITool,
} as const satisfies Record<Tool, unknown>;

/** Cornerstone types its tools' names loosely. */
const nameOf = (tool: Tool): string => String(CLASSES[tool].toolName);

const { Primary, Secondary, Auxiliary } = Enums.MouseBindings;
/** Measurements are grey-white: amber and blue have meanings of their own. */
const MARK = 'rgb(231, 235, 240)';

/** Registers the tools with Cornerstone; once per window. */
export function addTools(): void {
  for (const tool of Object.values(CLASSES)) addTool(tool);
  const defaults = annotation.config.style.getDefaultToolStyles();
  annotation.config.style.setDefaultToolStyles({
    ...defaults,
    global: {
      ...defaults.global,
      color: MARK,
      colorHighlighted: 'rgb(255, 255, 255)',
      colorSelected: 'rgb(255, 255, 255)',
      textBoxColor: MARK,
      textBoxColorHighlighted: 'rgb(255, 255, 255)',
      textBoxColorSelected: 'rgb(255, 255, 255)',
      textBoxFontFamily: 'monospace',
      textBoxFontSize: '12px',
      textBoxBackground: 'rgba(0, 0, 0, 0.6)',
      lineWidth: '1.5',
    },
  });
}

/** The tools of one view: left button as chosen, right button zooms, middle button pans. */
export class ToolBinding {
  readonly #group: Types.IToolGroup;
  #active: Tool;

  /** @param meaning of the values, read when a text is drawn; null: not known yet */
  constructor(groupId: string, tool: Tool, meaning: () => ValueMeaning | null) {
    const group = ToolGroupManager.createToolGroup(groupId);
    if (group === undefined)
      throw new KeysliceError('INTERNAL', { reason: `tools ${groupId} exist already` });
    this.#group = group;
    for (const name of TOOLS) group.addTool(nameOf(name), measurementText(name, meaning));
    this.#active = tool;
    this.activate(tool);
  }

  attach(viewportId: string, engineId: string): void {
    this.#group.addViewport(viewportId, engineId);
  }

  detach(engineId: string): void {
    this.#group.removeViewports(engineId);
  }

  activate(tool: Tool): void {
    this.#group.setToolPassive(nameOf(this.#active), { removeAllBindings: true });
    this.#active = tool;
    this.#group.setToolActive(nameOf('zoom'), { bindings: [{ mouseButton: Secondary }] });
    this.#group.setToolActive(nameOf('pan'), { bindings: [{ mouseButton: Auxiliary }] });
    this.#group.setToolActive(nameOf(tool), { bindings: [{ mouseButton: Primary }] });
  }

  close(): void {
    ToolGroupManager.destroyToolGroup(this.#group.id);
  }
}
