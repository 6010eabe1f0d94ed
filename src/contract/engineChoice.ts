/** What a person may ask for with `--engine`, `KEYSLICE_ENGINE` or in the settings. */
export const ENGINE_CHOICES = [
  'auto',
  'onnxruntime',
  'onnxruntime:cpu',
  'onnxruntime:webgpu',
  'onnxruntime:cuda',
  'wasm',
  'tensorflow',
] as const;

export type EngineChoice = (typeof ENGINE_CHOICES)[number];
