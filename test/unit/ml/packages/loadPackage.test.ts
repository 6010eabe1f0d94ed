import { readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import { readOnnx } from '../../../../src/ml/graph/readOnnx.ts';
import { writeOnnx } from '../../../../src/ml/graph/writeOnnx.ts';
import { listPackages } from '../../../../src/ml/packages/listPackages.ts';
import { loadPackage } from '../../../../src/ml/packages/loadPackage.ts';
import { modelGraphs } from '../../../fixtures/modelGraphs.ts';
import { FIXTURE_GRAPHS, fixtureCard, writePackage } from '../../../fixtures/packageFolder.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const parent = temporaryFolder();

async function refusal(folder: string): Promise<{ code: string; reason: string; file: string }> {
  const error: unknown = await loadPackage(folder).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof KeysliceError)) throw new Error(`no coded error: ${String(error)}`);
  return { code: error.code, reason: String(error.facts['reason']), file: String(error.facts['file']) };
}

test('a whole package is read', async () => {
  const folder = writePackage(parent, fixtureCard('whole'));
  const loaded = await loadPackage(folder);
  expect(loaded.card.labels).toEqual(['normal', 'hyperplasia']);
  expect(Buffer.compare(loaded.sampler, FIXTURE_GRAPHS.sampler)).toBe(0);
  expect(loaded.classifier?.length).toBe(FIXTURE_GRAPHS.classifier.length);
});

test('a folder without a card is no package', async () => {
  expect((await refusal(join(parent, 'nothing'))).code).toBe('PACKAGE_NOT_FOUND');
});

test('one changed byte of a graph is a wrong hash, named by its file', async () => {
  const folder = writePackage(parent, fixtureCard('changed'));
  const file = join(folder, 'classifier.onnx');
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(file, bytes);
  expect(await refusal(folder)).toMatchObject({ code: 'PACKAGE_HASH_MISMATCH', file: 'classifier.onnx' });
});

test('a truncated graph is a wrong hash', async () => {
  const folder = writePackage(parent, fixtureCard('truncated'));
  truncateSync(join(folder, 'sampler.onnx'), 100);
  expect(await refusal(folder)).toMatchObject({ code: 'PACKAGE_HASH_MISMATCH', file: 'sampler.onnx' });
});

test('a listed file that is missing, a link, or a stranger beside the card is refused', async () => {
  const missing = writePackage(parent, fixtureCard('missing'));
  rmSync(join(missing, 'sampler.onnx'));
  expect(await refusal(missing)).toMatchObject({
    code: 'PACKAGE_INVALID',
    reason: 'sampler.onnx is missing',
  });

  const link = writePackage(parent, fixtureCard('link'));
  rmSync(join(link, 'sampler.onnx'));
  symlinkSync(join(parent, 'whole', 'sampler.onnx'), join(link, 'sampler.onnx'));
  expect((await refusal(link)).reason).toBe('sampler.onnx is not an ordinary file');

  const linkedCard = writePackage(parent, fixtureCard('linked-card'));
  rmSync(join(linkedCard, 'card.json'));
  symlinkSync(join(parent, 'whole', 'card.json'), join(linkedCard, 'card.json'));
  expect((await refusal(linkedCard)).reason).toBe('card.json is not an ordinary file');

  const stranger = writePackage(parent, fixtureCard('stranger'));
  writeFileSync(join(stranger, 'weights.bin'), 'x');
  expect((await refusal(stranger)).reason).toBe('the card does not list weights.bin');
});

test('a card that is no JSON, has an unknown key or names a path is refused', async () => {
  const noJson = writePackage(parent, fixtureCard('no-json'));
  writeFileSync(join(noJson, 'card.json'), '{');
  expect((await refusal(noJson)).reason).toBe('card.json is not JSON');

  const extra = writePackage(parent, fixtureCard('extra'));
  writeFileSync(join(extra, 'card.json'), JSON.stringify({ ...fixtureCard('extra'), command: 'run me' }));
  expect((await refusal(extra)).code).toBe('PACKAGE_INVALID');

  const path = writePackage(parent, fixtureCard('path'));
  for (const name of [
    '../outside',
    '/etc/hostname',
    'folder/file',
    '..\\outside',
    'C:file',
    '.hidden',
    '..',
    '',
  ]) {
    const files = { 'sampler.onnx': 'a'.repeat(64), [name]: 'a'.repeat(64) };
    writeFileSync(join(path, 'card.json'), JSON.stringify({ ...fixtureCard('path'), files }));
    expect(await refusal(path), name).toMatchObject({
      code: 'PACKAGE_INVALID',
      reason: expect.stringMatching(/^card\.json files/) as string,
    });
  }
});

test('a card of a newer schema says that it needs a newer Keyslice, whatever else it holds', async () => {
  const newer = writePackage(parent, fixtureCard('newer-schema'));
  for (const card of [
    { ...fixtureCard('newer-schema'), schema: 2 },
    { schema: 3, weights: 'somewhere' },
  ]) {
    writeFileSync(join(newer, 'card.json'), JSON.stringify(card));
    expect(await refusal(newer)).toMatchObject({
      code: 'PACKAGE_INVALID',
      reason: `it needs a newer Keyslice: its card has schema ${card.schema}, this version reads schema 1`,
    });
  }
  for (const schema of [0, '2', null]) {
    writeFileSync(join(newer, 'card.json'), JSON.stringify({ ...fixtureCard('newer-schema'), schema }));
    expect((await refusal(newer)).reason).toMatch(/^card\.json schema: /);
  }
});

test('graphs that do not keep the contract are refused', async () => {
  const sampler = modelGraphs({
    seed: 1,
    position: true,
    classifier: { channels: 1, height: 28, width: 28, classes: 3, stemStride: 1 },
  });
  const wide = { 'sampler.onnx': sampler.sampler, 'classifier.onnx': FIXTURE_GRAPHS.classifier };
  expect((await refusal(writePackage(parent, fixtureCard('wide'), wide))).reason).toBe(
    'sampler.onnx: input perFrame is float32 [T, 29]',
  );

  const classes = { 'sampler.onnx': FIXTURE_GRAPHS.sampler, 'classifier.onnx': sampler.classifier };
  expect((await refusal(writePackage(parent, fixtureCard('classes'), classes))).reason).toBe(
    'classifier.onnx: output logits is float32 [1, 3]',
  );

  const model = readOnnx(FIXTURE_GRAPHS.sampler);
  const opset = { ...classes, 'classifier.onnx': FIXTURE_GRAPHS.classifier };
  const newer = { ...opset, 'sampler.onnx': writeOnnx({ ...model, opset: 20 }) };
  expect((await refusal(writePackage(parent, fixtureCard('newer'), newer))).reason).toContain(
    'operator set 20',
  );

  const [first, ...nodes] = model.nodes;
  if (first === undefined) throw new Error('the graph has nodes');
  const foreign = writeOnnx({ ...model, nodes: [{ ...first, domain: 'com.example' }, ...nodes] });
  expect(
    (await refusal(writePackage(parent, fixtureCard('foreign'), { ...opset, 'sampler.onnx': foreign })))
      .reason,
  ).toBe('sampler.onnx uses operators of com.example');

  const noise = { ...opset, 'sampler.onnx': new TextEncoder().encode('this is not a graph') };
  expect((await refusal(writePackage(parent, fixtureCard('noise'), noise))).code).toBe('PACKAGE_INVALID');
});

test('packages are listed by id, the earlier folder first, broken ones with their reason', async () => {
  const [shipped, own] = [join(parent, 'shipped'), join(parent, 'own')];
  writePackage(shipped, fixtureCard('b-model', { title: 'Shipped' }));
  writePackage(own, fixtureCard('b-model', { title: 'Own' }));
  writePackage(own, fixtureCard('a-model'));
  writeFileSync(join(writePackage(own, fixtureCard('c-model')), 'card.json'), '[]');
  const entries = await listPackages([shipped, own, join(parent, 'absent')]);
  expect(entries.map(({ id }) => id)).toEqual(['a-model', 'b-model', 'c-model']);
  expect(entries[1]?.card?.title).toBe('Shipped');
  expect(entries[2]?.error?.code).toBe('PACKAGE_INVALID');
});
