import { spawnSync } from 'node:child_process';

/** True when ffmpeg and ffprobe are there; prints why the tests are left out otherwise. */
export function hasFfmpeg(): boolean {
  const there = ['ffmpeg', 'ffprobe'].every((program) => spawnSync(program, ['-version']).status === 0);
  if (!there) console.log('skipped: ffmpeg and ffprobe are not installed');
  return there;
}

/** Runs ffmpeg as a person would. @returns what it writes to standard output */
export function ffmpeg(...args: readonly string[]): Buffer {
  const run = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], { maxBuffer: 2 ** 30 });
  if (run.status !== 0) throw new Error(`ffmpeg: ${String(run.stderr)}`);
  return run.stdout;
}

/** Every picture of a video, RGB by pixel, joined. */
export function rgbPictures(path: string): Buffer {
  return ffmpeg(
    '-i',
    path,
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-pix_fmt',
    'rgb24',
    '-f',
    'rawvideo',
    '-',
  );
}

/** Seconds of every picture, by ffprobe, which decodes it. */
export function pictureTimes(path: string): number[] {
  const entries = 'frame=best_effort_timestamp_time';
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'csv=p=0', path];
  const { stdout } = spawnSync('ffprobe', args, { encoding: 'utf8' });
  return stdout
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
}
