import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launchPaths } from '../../../src/main/launchPaths.ts';
import { OpenRequests } from '../../../src/main/openRequests.ts';

describe('paths named at the start', () => {
  const app = resolve('/opt/keyslice');
  it.each([
    [
      'a checkout',
      ['electron', '--no-sandbox', '.', 'ct', '/data/mr.nii'],
      app,
      ['/opt/keyslice/ct', '/data/mr.nii'],
    ],
    ['a checkout, the app by its path', ['electron', app, '/data/ct'], app, ['/data/ct']],
    ['a checkout, nothing named', ['electron', '--user-data-dir=/tmp/x', '.'], app, []],
    ['a packaged program', ['keyslice', '--no-sandbox', '/data/ct'], null, ['/data/ct']],
  ])('of %s', (_, argv, appFolder, paths) => {
    expect(launchPaths(argv, appFolder, app)).toEqual(paths.map((path) => resolve(path)));
  });

  it('wait until the window can open them, in order', () => {
    const requests = new OpenRequests();
    const opened: (readonly string[])[] = [];
    requests.add(['/a']);
    requests.add([]);
    requests.serve((paths) => opened.push(paths));
    requests.add(['/b', '/c']);
    expect(opened).toEqual([['/a'], ['/b', '/c']]);
  });
});
