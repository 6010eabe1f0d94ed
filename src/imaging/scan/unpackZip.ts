/** Members of a ZIP archive that may be images, written as files with names of our own. */
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { KeysliceError, throwIfCancelled } from '../../contract/errors.ts';
import { CHUNK_BYTES, chunksOf, type ByteSource } from './byteSource.ts';
import { fileKind } from './fileKind.ts';
import { failedFile, type Contents, type FoundFile } from './foundFile.ts';
import { inflateError } from './inflateError.ts';
import { mapBounded } from './mapBounded.ts';

import { pairNames } from './pairNames.ts';
import type { UnpackSpace } from './unpackSpace.ts';
import { dataOffset, readZipDirectory, type ZipMember } from './zipDirectory.ts';

/** An archive: its bytes, and as what it was found. */
export interface Archive extends Pick<FoundFile, 'shownPath' | 'depth'> {
  source: ByteSource;
}

export interface UnpackOptions {
  space: UnpackSpace;
  signal: AbortSignal | undefined;
  /** Told how many members there are, and of each that is done. */
  onMembers: (found: number) => void;
  onMember: () => void;
}

/** zlib works in threads of its own, as many as the system gives; more members at once only need more memory. */
const MEMBERS_AT_ONCE = 4;
/** What `fileKind` looks at, of every kind. */
const KIND_BYTES = 1024;
const STORED = 0;
const DEFLATED = 8;
/** DEFLATE gives at most 258 bytes for two bits (RFC 1951); a little more covers members of a few bytes. */
const MOST_EXPANSION = 1032;
const EXPANSION_SLACK = 1024;

/**
 * Unpacks an archive. Members that are no images, and those that cannot be unpacked, are told apart by their reasons;
 * one that is broken costs itself.
 * @throws KeysliceError FILE_UNREADABLE, LIMIT_EXCEEDED for the archive as a whole, CANCELLED
 */
export async function unpackZip(archive: Archive, options: UnpackOptions): Promise<Contents> {
  const { space, signal } = options;
  const { members, damage } = await readZipDirectory(archive.source, signal);
  options.onMembers(members.length);
  const folder = await space.folder();
  const names = pairNames(members.map(({ name }) => name));
  const contents: Contents = {
    files: [],
    failed: damage === null ? [] : [failedFile(archive.shownPath, damage)],
  };
  const unpacked = await mapBounded(
    members,
    MEMBERS_AT_ONCE,
    async (member, index) => {
      const shownPath = `${archive.shownPath}/${member.name}`;
      const { name, isData } = names[index] ?? { name: String(index), isData: false };
      const path = join(folder, name);
      try {
        await unpackMember(archive.source, member, { path, isData, space, signal });
        return { path, shownPath, depth: archive.depth + 1 };
      } catch (thrown) {
        throwIfCancelled(signal);
        return failedFile(shownPath, thrown);
      } finally {
        options.onMember();
      }
    },
    signal,
  );
  for (const result of unpacked) {
    if ('error' in result) contents.failed.push(result);
    else contents.files.push(result);
  }
  return contents;
}

interface Target {
  path: string;
  /** The voxels of a NIfTI pair: nothing in their first bytes says that they are an image. */
  isData: boolean;
  space: UnpackSpace;
  signal: AbortSignal | undefined;
}

async function unpackMember(source: ByteSource, member: ZipMember, target: Target): Promise<void> {
  refuseUnpackable(member);
  const start = await dataOffset(source, member);
  const taken = member.bytes;
  await target.space.take(taken);
  try {
    const stored = Readable.from(chunksOf(source, start, member.compressedBytes), { objectMode: false });
    const write = (chunks: AsyncIterable<Uint8Array>): Promise<void> => writeMember(chunks, member, target);
    const options = target.signal === undefined ? {} : { signal: target.signal };
    if (member.method === STORED) await pipeline(stored, write, options);
    else await pipeline(stored, createInflateRaw({ chunkSize: CHUNK_BYTES }), write, options);
  } catch (thrown) {
    await rm(target.path, { force: true });
    target.space.release(taken);
    throw inflateError(thrown);
  }
}

/** Whatever can be refused before a byte is unpacked. */
function refuseUnpackable(member: ZipMember): void {
  const { method, bytes, compressedBytes } = member;
  if (member.encrypted) throw new KeysliceError('FILE_ENCRYPTED');
  if (member.link) throw notAnImage('it is a link, which is not followed out of an archive');
  if (bytes === 0) throw notAnImage('the file is empty');
  if (method !== STORED && method !== DEFLATED)
    throw unreadable(`the archive compresses it by the method ${method}, which is not known here`);
  const limit = method === STORED ? compressedBytes : compressedBytes * MOST_EXPANSION + EXPANSION_SLACK;
  if (bytes > limit)
    throw new KeysliceError('LIMIT_EXCEEDED', { what: 'The announced size in bytes', actual: bytes, limit });
}

/** Writes a member once its first bytes may be those of an image; checks its length and its checksum. */
async function writeMember(
  chunks: AsyncIterable<Uint8Array>,
  member: ZipMember,
  { path, isData }: Target,
): Promise<void> {
  const checked = isData ? checkedBytes(chunks, member) : imageBytes(checkedBytes(chunks, member));
  const handle = await open(path, 'wx');
  try {
    for await (const chunk of checked) await handle.writeFile(chunk);
  } finally {
    await handle.close();
  }
}

async function* checkedBytes(
  chunks: AsyncIterable<Uint8Array>,
  member: ZipMember,
): AsyncGenerator<Uint8Array> {
  let [length, checksum] = [0, 0];
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > member.bytes)
      throw unreadable(`it is longer than the ${member.bytes} bytes that it announces`);
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (length < member.bytes)
    throw new KeysliceError('FILE_TRUNCATED', { expected: member.bytes, actual: length });
  if (checksum !== member.crc32) throw unreadable('its checksum (CRC-32) differs from that in the archive');
}

/** The same chunks, unless the first bytes are those of something that no reader could show. */
async function* imageBytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of chunks) {
    head = head === null ? null : Buffer.concat([head, chunk]);
    if (head !== null && head.length < KIND_BYTES) continue;
    if (head !== null) refuseOther(head);
    yield head ?? chunk;
    head = null;
  }
  if (head === null) return;
  refuseOther(head);
  yield head;
}

function refuseOther(head: Uint8Array): void {
  const kind = fileKind(head);
  if (kind.kind === 'other') throw notAnImage(kind.reason);
}

const notAnImage = (reason: string): KeysliceError => new KeysliceError('NOT_AN_IMAGE', { reason });
const unreadable = (reason: string): KeysliceError => new KeysliceError('FILE_UNREADABLE', { reason });
