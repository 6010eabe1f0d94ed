/** Files that are changed: generated ones and the sample study always, the shared corpus where it is there. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ctSlice, usLoop } from '../fixtures/ctSlice.ts';
import { dicomDirectory } from '../fixtures/dicomDirectory.ts';
import { dicomFile, type DicomElements } from '../fixtures/dicomFile.ts';
import { gifFile } from '../fixtures/gifFile.ts';
import { NIFTI_TYPES, niftiFile } from '../fixtures/niftiFile.ts';
import { zipFile } from '../fixtures/zipFile.ts';

/** Ending of a DICOMDIR among the seeds. */
export const INDEX_ENDING = '.dicomdir';
/** Name of the good file that lies beside each changed one. */
export const COMPANION = 'companion.dcm';

export interface SeedFile {
  name: string;
  /** Ending of the name, with its dot: pairs of files are found by it. */
  ending: string;
  bytes: Uint8Array;
}

export interface SeedFolders {
  /** Folders whose files are taken. */
  folders: readonly string[];
  /** Larger files are left out. */
  maxBytes: number;
  /** Of a folder, this many files are taken: the slices of one series are all alike. */
  perFolder: number;
}

const NESTED: DicomElements = {
  '00081140': ['SQ', [{ '00081150': ['UI', '1.2'], '00081155': ['UI', '2.25.9'] }]],
  '00283000': ['SQ', [{ '00283002': ['SS', [2, 0, 16]], '00283006': ['US', [1, 2]] }]],
};

/** The few generated files have features that the many found ones lack: each kind is chosen from by itself. */
export interface Seeds {
  generated: readonly SeedFile[];
  found: readonly SeedFile[];
}

/** All seed files, in an order that does not depend on the machine. */
export function seedFiles({ folders, ...limits }: SeedFolders): Seeds {
  return { generated: generated(), found: folders.flatMap((folder) => filesOf(folder, limits)) };
}

function filesOf(folder: string, { maxBytes, perFolder }: Omit<SeedFolders, 'folders'>): SeedFile[] {
  const taken = new Map<string, number>();
  const isAmongFirst = (path: string): boolean => {
    const count = (taken.get(dirname(path)) ?? 0) + 1;
    taken.set(dirname(path), count);
    return count <= perFolder;
  };
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size <= maxBytes)
    .sort()
    .filter(isAmongFirst)
    .map((path) => ({ name: relative(folder, path), ending: extname(path), bytes: readFileSync(path) }));
}

function generated(): SeedFile[] {
  const dicom = Object.entries({
    explicit: dicomFile(ctSlice({ elements: NESTED })),
    implicit: dicomFile(ctSlice({ elements: NESTED }), { transferSyntax: '1.2.840.10008.1.2' }),
    'big endian, undefined lengths': dicomFile(ctSlice({ elements: NESTED }), {
      transferSyntax: '1.2.840.10008.1.2.2',
      undefinedLengths: true,
    }),
    deflated: dicomFile(ctSlice({ elements: NESTED }), { transferSyntax: '1.2.840.10008.1.2.1.99' }),
    'without preamble': dicomFile(ctSlice(), { preamble: false }),
    loop: dicomFile(usLoop(5, 40)),
    palette: dicomFile(palette()),
    enhanced: dicomFile(enhanced(), { undefinedLengths: true }),
    bits: dicomFile({ ...ctSlice({ pixels: new Uint8Array(6) }), ...bits() }),
    RLE: dicomFile(runLength(), { transferSyntax: '1.2.840.10008.1.2.5' }),
  });
  const [datatype, bitsPerVoxel] = NIFTI_TYPES.int16;
  const volume = { dims: [4, 3, 2], datatype, bitsPerVoxel, data: new Int16Array(24).fill(5) };
  const nifti = Object.entries({
    'NIfTI-1.nii': niftiFile(volume),
    'NIfTI-2.nii': niftiFile({ ...volume, version: 2, littleEndian: false }),
    'NIfTI-1.nii.gz': niftiFile({ ...volume, gzip: true }),
  });
  return [
    ...dicom.map(([name, bytes]) => ({ name: `generated ${name}`, ending: '.dcm', bytes })),
    ...containers(),
    ...nifti.map(([name, bytes]) => ({ name: `generated ${name}`, ending: extname(name), bytes })),
  ];
}

/** Files in files, and an index of them. */
function containers(): SeedFile[] {
  const slices = [0, 1].map((index) => dicomFile(ctSlice({ index })));
  const members = slices.map((data, index) => ({ name: `IMAGES/IM${index}`, data }));
  const stored = zipFile([{ ...members[0]!, method: 'stored' }]);
  const deflated = zipFile(members.map((member) => ({ ...member, method: 'deflated', descriptor: true })));
  const large = zipFile([{ ...members[0]!, zip64: true }], { zip64: true });
  const nested = zipFile([{ name: 'inner.zip', data: stored }, members[1]!]);
  const index = dicomDirectory([
    { type: 'PATIENT' },
    { type: 'SERIES' },
    { file: [COMPANION] },
    { file: ['IMAGES', 'IM1'] },
    { file: '..\\..\\etc\\passwd' },
  ]);
  const colors = [
    [0, 0, 0],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
  ] as const;
  const pictures = [0, 1, 2].map((picture) => ({
    width: 4,
    height: 3,
    indices: Array.from({ length: 12 }, (_, at) => (at + picture) % 4),
    delay: 4,
  }));
  return [
    { name: 'generated stored ZIP', ending: '.zip', bytes: stored },
    { name: 'generated deflated ZIP', ending: '.zip', bytes: deflated },
    { name: 'generated ZIP64', ending: '.zip', bytes: large },
    { name: 'generated ZIP in a ZIP', ending: '.zip', bytes: nested },
    { name: 'generated gzipped DICOM', ending: '.dcm.gz', bytes: gzipSync(slices[0]!) },
    { name: 'generated DICOMDIR', ending: INDEX_ENDING, bytes: index },
    { name: 'generated GIF', ending: '.gif', bytes: gifFile({ width: 4, height: 3 }, colors, pictures) },
  ];
}

function palette(): DicomElements {
  const channel = new Uint16Array(4).map((_, index) => index * 0x4000);
  return {
    ...ctSlice({ pixels: Uint8Array.from({ length: 48 }, (_, index) => index % 4) }),
    '00280004': ['CS', 'PALETTE COLOR'],
    '00281101': ['US', [4, 0, 16]],
    '00281102': ['US', [4, 0, 16]],
    '00281103': ['US', [4, 0, 16]],
    '00281201': ['OW', channel],
    '00281202': ['OW', channel],
    '00281203': ['OW', channel],
  };
}

function enhanced(): DicomElements {
  const frames = 3;
  return {
    ...ctSlice({ rows: 4, columns: 4, pixels: new Int16Array(16 * frames).fill(7) }),
    '00280008': ['IS', frames],
    '52009229': ['SQ', [{ '00289110': ['SQ', [{ '00280030': ['DS', [1, 1]] }]] }]],
    '52009230': [
      'SQ',
      Array.from({ length: frames }, (_, frame): DicomElements => ({
        '00209111': ['SQ', [{ '00209056': ['SH', '1'], '00209057': ['UL', frame + 1] }]],
        '00209113': ['SQ', [{ '00200032': ['DS', [0, 0, frame]] }]],
        '00209116': ['SQ', [{ '00200037': ['DS', [1, 0, 0, 0, 1, 0]] }]],
      })),
    ],
  };
}

const bits = (): DicomElements => ({
  '00280100': ['US', 1],
  '00280101': ['US', 1],
  '00280102': ['US', 0],
});

/** Eight by six pixels of 8 bits: one segment of one run (PS3.5 Annex G). */
function runLength(): DicomElements {
  const stream = Buffer.alloc(66);
  stream.writeUInt32LE(1, 0);
  stream.writeUInt32LE(64, 4);
  stream.set([257 - 48, 9], 64);
  return { ...ctSlice({ pixels: new Uint8Array(48) }), '7FE00010': ['OB', { fragments: [stream] }] };
}
