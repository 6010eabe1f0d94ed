/** The central directory of a ZIP archive (APPNOTE.TXT 4.3.12), read without trust; no member is unpacked. */
import {
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type Entry,
  type ZipFile,
} from 'yauzl';
import { KeysliceError, throwIfCancelled } from '../../contract/errors.ts';
import type { ByteSource } from './byteSource.ts';
import { DistinctNames, shownName } from './memberName.ts';

export interface ZipMember {
  /** As people are shown it, below the archive; no two are the same. */
  name: string;
  /** Where its local header starts. */
  headerOffset: number;
  method: number;
  compressedBytes: number;
  bytes: number;
  crc32: number;
  encrypted: boolean;
  /** A symbolic link; its content is the path that it leads to. */
  link: boolean;
}

export interface ZipDirectory {
  /** Files and links in the order of the directory; folders are left out. */
  members: ZipMember[];
  /** Why the directory could not be read to its end; null when it could. */
  damage: KeysliceError | null;
}

const MOST_MEMBERS = 100_000;
/** Names, extra fields and comments; real archives need some hundred bytes a member. */
const MOST_DIRECTORY_BYTES = 64 * 2 ** 20;
const ENTRY_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;

/**
 * @throws KeysliceError FILE_UNREADABLE when there is no directory, or when members share bytes, as only bombs do;
 * LIMIT_EXCEEDED, CANCELLED
 */
export async function readZipDirectory(
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<ZipDirectory> {
  const zip = await openDirectory(source);
  if (zip.entryCount > MOST_MEMBERS) throw tooLarge('The number of members', zip.entryCount, MOST_MEMBERS);
  const names = new DistinctNames();
  const members: ZipMember[] = [];
  let damage: KeysliceError | null = null;
  let directoryBytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      throwIfCancelled(signal);
      directoryBytes += entryBytes(entry);
      if (directoryBytes > MOST_DIRECTORY_BYTES)
        throw tooLarge('The size of the ZIP directory in bytes', directoryBytes, MOST_DIRECTORY_BYTES);
      const member = memberOf(entry, names);
      if (member !== null) members.push(member);
    }
  } catch (thrown) {
    if (thrown instanceof KeysliceError) throw thrown;
    damage = damaged(thrown);
  }
  refuseOverlaps(members, source.length);
  return { members, damage };
}

/** Where the compressed bytes of a member start. @throws KeysliceError FILE_UNREADABLE */
export async function dataOffset(source: ByteSource, { headerOffset }: ZipMember): Promise<number> {
  const header = Buffer.from(await source.read(headerOffset, LOCAL_HEADER_BYTES));
  if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE)
    throw new KeysliceError('FILE_UNREADABLE', {
      reason: 'the archive has no such member where it should be',
    });
  return headerOffset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function openDirectory(source: ByteSource): Promise<ZipFile> {
  try {
    // Names and sizes are judged here, member by member: the library would give up the whole archive for one.
    return await fromRandomAccessReaderPromise(new DirectoryReader(source), source.length, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: false,
    });
  } catch (thrown) {
    throw damaged(thrown);
  }
}

function memberOf(entry: Entry, names: DistinctNames): ZipMember | null {
  const { fileNameRaw, generalPurposeBitFlag, extraFields } = entry;
  const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  if (name.endsWith('/')) return null;
  return {
    name: names.distinct(shownName(name)),
    headerOffset: entry.relativeOffsetOfLocalHeader,
    method: entry.compressionMethod,
    compressedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    crc32: entry.crc32,
    encrypted: entry.isEncrypted(),
    link: isLink(entry),
  };
}

const MADE_BY_UNIX = [3, 19];
const UNIX_TYPE = 0xf000;
const UNIX_LINK = 0xa000;

/** Archives made on Unix and macOS keep the kind of file in the upper half of the attributes (APPNOTE.TXT 4.4.2, 4.4.15). */
function isLink({ versionMadeBy, externalFileAttributes }: Entry): boolean {
  const type = (externalFileAttributes >>> 16) & UNIX_TYPE;
  return MADE_BY_UNIX.includes(versionMadeBy >> 8) && type === UNIX_LINK;
}

/**
 * Members lie one behind the other. Some that share bytes can announce more than the whole archive could hold, so that
 * ten megabytes unpack to terabytes although no single member expands further than DEFLATE can.
 */
function refuseOverlaps(members: readonly ZipMember[], archiveBytes: number): void {
  const placed = [...members].sort((a, b) => a.headerOffset - b.headerOffset);
  for (const [index, { headerOffset, compressedBytes }] of placed.entries()) {
    const end = headerOffset + LOCAL_HEADER_BYTES + compressedBytes;
    if (end <= (placed[index + 1]?.headerOffset ?? archiveBytes)) continue;
    const reason = index + 1 < placed.length ? 'its members share bytes' : 'a member leads behind its end';
    throw new KeysliceError('FILE_UNREADABLE', { reason });
  }
}

const entryBytes = (entry: Entry): number =>
  ENTRY_BYTES + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;

const tooLarge = (what: string, actual: number, limit: number): KeysliceError =>
  new KeysliceError('LIMIT_EXCEEDED', { what, actual, limit });

function damaged(cause: unknown): KeysliceError {
  const words = cause instanceof Error ? cause.message : String(cause);
  const reason = `the directory of the ZIP archive is missing or damaged (${words})`;
  return new KeysliceError('FILE_UNREADABLE', { reason }, { cause });
}

/** Directories are read in pieces of some bytes: one block at a time comes from the drive. */
const BLOCK_BYTES = 256 * 1024;

/** What yauzl reads a directory through. */
class DirectoryReader extends RandomAccessReader {
  readonly #source: ByteSource;
  #start = 0;
  #block: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#bytes(position, length).then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(bytes.length < length ? new RangeError('it ends too early') : null);
      },
      (thrown: unknown) => {
        callback(thrown instanceof Error ? thrown : new Error(String(thrown)));
      },
    );
  }

  async #bytes(position: number, length: number): Promise<Uint8Array> {
    const inside = position >= this.#start && position + length <= this.#start + this.#block.length;
    if (!inside) {
      this.#block = await this.#source.read(position, Math.max(length, BLOCK_BYTES));
      this.#start = position;
    }
    return this.#block.subarray(position - this.#start, position - this.#start + length);
  }
}
