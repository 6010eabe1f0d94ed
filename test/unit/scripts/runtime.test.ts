import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asarArchive, tarMember, zipEntries } from '../../../scripts/setup/archives.mjs';
import { FALLBACK, installFallback } from '../../../scripts/setup/fallbackRuntime.mjs';
import { setFuses } from '../../../scripts/setup/fuses.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyslice-runtime-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('archives', () => {
  it('finds a member of a tar that tar(1) wrote', () => {
    writeFileSync(join(folder, 'first.txt'), 'x'.repeat(600));
    writeFileSync(join(folder, 'second.zip'), 'wanted');
    spawnSync('tar', ['-cf', 'all.tar', 'first.txt', 'second.zip'], { cwd: folder });
    const archive = readFileSync(join(folder, 'all.tar'));
    expect(tarMember(archive, (name) => name.endsWith('.zip')).toString()).toBe('wanted');
    expect(() => tarMember(archive, () => false)).toThrow('expected file');
  });

  it('reads stored and deflated zip entries with their mode', () => {
    const text = 'slice '.repeat(500);
    const zip = zipSync({
      'a/stored': [strToU8('plain'), { level: 0 }],
      'a/run': [strToU8(text), { os: 3, attrs: 0o755 << 16 }],
    });
    const entries = [...zipEntries(Buffer.from(zip))];
    expect(entries.map(({ name, executable }) => [name, executable])).toEqual([
      ['a/stored', false],
      ['a/run', true],
    ]);
    expect(entries.map((entry) => entry.data().toString())).toEqual(['plain', text]);
    expect(() => [...zipEntries(Buffer.from('not a zip, but long enough to look into'))]).toThrow(
      'zip directory',
    );
  });

  it('writes an asar whose lengths and offsets lead to the files', () => {
    const archive = asarArchive({ 'a.js': 'const a = "ä";', 'b.json': '{}' });
    const headerBytes = archive.readUInt32LE(4);
    const json = archive.toString('utf8', 16, 16 + archive.readUInt32LE(12));
    const { files } = JSON.parse(json) as { files: Record<string, { size: number; offset: string }> };
    const at = ({ size, offset }: { size: number; offset: string }) => {
      const start = 8 + headerBytes + Number(offset);
      return archive.toString('utf8', start, start + size);
    };
    expect(Object.entries(files).map(([name, entry]) => [name, at(entry)])).toEqual([
      ['a.js', 'const a = "ä";'],
      ['b.json', '{}'],
    ]);
  });
});

describe('fuses', () => {
  const binary = (states: string) =>
    Buffer.from(
      `head dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01${String.fromCharCode(states.length)}${states} tail`,
      'latin1',
    );

  it('are set in place, nothing else changes', () => {
    expect(setFuses(binary('10100011'), '10110001')).toEqual(binary('10110001'));
  });

  it('are refused when the wire is not understood', () => {
    expect(() => setFuses(Buffer.from('no wire here'), '1')).toThrow('fuse wire');
    expect(() => setFuses(binary('101'), '10110001')).toThrow('fuse wire');
  });
});

describe('the fallback runtime', () => {
  it('is refused and removed from the cache when its bytes are not the pinned ones', () => {
    const cached = join(folder, 'keyslice', FALLBACK.file);
    const before = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = folder;
    try {
      mkdirSync(join(folder, 'keyslice'));
      writeFileSync(cached, 'something else');
      expect(() => {
        installFallback(folder, () => undefined);
      }).toThrow('SHA-512 differs');
      expect(() => readFileSync(cached)).toThrow('ENOENT');
    } finally {
      if (before === undefined) delete process.env['XDG_CACHE_HOME'];
      else process.env['XDG_CACHE_HOME'] = before;
    }
  });
});
