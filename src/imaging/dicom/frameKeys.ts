import type { Attributes } from './attributes.ts';
import { timeSeconds } from './dateTime.ts';
import type { FrameGroups } from './functionalGroups.ts';

/** What tells frames of one series apart that stand at the same place. Null: the file does not say. */
export interface FrameKeys {
  stack: string | null;
  localizer: boolean;
  /** Values 3 and later of the image or frame type, with the complex component: magnitude, phase, field map. */
  contrast: string;
  echoTime: number | null;
  bValue: number | null;
  temporalPosition: number | null;
  triggerTime: number | null;
  acquisitionNumber: number | null;
  acquisitionTime: number | null;
}

export function readFrameKeys(dataSet: Attributes, groups: FrameGroups): FrameKeys {
  const content = groups.macro('FrameContentSequence');
  const type = frameType(dataSet, groups);
  return {
    stack: content?.code('StackID') ?? null,
    localizer: type.includes('LOCALIZER'),
    contrast: type.slice(2).join('\\'),
    echoTime: groups.macro('MREchoSequence')?.number('EffectiveEchoTime') ?? dataSet.number('EchoTime'),
    bValue: readBValue(dataSet, groups),
    temporalPosition:
      content?.number('TemporalPositionIndex') ?? dataSet.number('TemporalPositionIdentifier'),
    triggerTime: milliseconds(
      groups.macro('CardiacSynchronizationSequence')?.number('NominalCardiacTriggerDelayTime') ??
        dataSet.number('TriggerTime'),
    ),
    acquisitionNumber: dataSet.number('AcquisitionNumber'),
    acquisitionTime: timeSeconds(dataSet.code('AcquisitionTime')),
  };
}

/** Times are subtracted from each other: those of more than eleven days are slips, and need not stay finite. */
const LONGEST_MS = 1e9;

const milliseconds = (value: number | null): number | null =>
  value !== null && Math.abs(value) <= LONGEST_MS ? value : null;

/** The item that says what kind of image the frame of an enhanced object is; null where there is none. */
export function frameTypeItem(groups: FrameGroups): Attributes | null {
  return (
    groups.macro('MRImageFrameTypeSequence') ??
    groups.macro('CTImageFrameTypeSequence') ??
    groups.macro('PETFrameTypeSequence')
  );
}

function frameType(dataSet: Attributes, groups: FrameGroups): string[] {
  const item = frameTypeItem(groups);
  if (item === null) return dataSet.codes('ImageType');
  const component = item.code('ComplexImageComponent');
  return [...item.codes('FrameType'), ...(component === null ? [] : [component])];
}

/** GE adds a large constant to the b-value in (0043,1039). */
const GE_OFFSET = 1e9;

/** The standard's b-value, then those of the makers, each only under its private creator (PS3.5 7.8.1). */
function readBValue(dataSet: Attributes, groups: FrameGroups): number | null {
  const standard =
    groups.macro('MRDiffusionSequence')?.number('DiffusionBValue') ?? dataSet.number('DiffusionBValue');
  if (standard !== null) return standard;
  if (dataSet.text('PhilipsCreator') === 'Philips Imaging DD 001') return dataSet.number('PhilipsBValue');
  if (dataSet.text('SiemensCreator') === 'SIEMENS MR HEADER') return dataSet.number('SiemensBValue');
  if (dataSet.text('GeCreator') !== 'GEMS_PARM_01') return null;
  const value = dataSet.number('GeBValue');
  return value === null ? null : value % GE_OFFSET;
}
