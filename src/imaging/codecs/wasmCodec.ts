/** One Emscripten codec of a thread: started when it is first needed, thrown away when it has failed. */
import type { CodecModule, Decoder, ModuleOptions } from '@cornerstonejs/codec-charls/decodewasmjs';
import { KeysliceError } from '../../contract/errors.ts';
import { frameFailed } from './codec.ts';

type Factory = (options: ModuleOptions) => Promise<CodecModule>;
type DecoderClass<D extends Decoder> = (module: CodecModule) => (new () => D) | undefined;

/** Lines that OpenJPEG and OpenJPH print instead of throwing. */
const ERROR_LINE = /\berror\b/i;
/** The memory of a module never shrinks: after a frame that needed more than this, the next starts a fresh one. */
const MAX_KEPT_BYTES = 256 * 2 ** 20;

export class WasmCodec<D extends Decoder = Decoder> {
  readonly #factory: Factory;
  readonly #decoderClass: DecoderClass<D>;
  #module: Promise<CodecModule> | null = null;
  readonly #errors: string[] = [];

  constructor(factory: Factory, decoderClass: DecoderClass<D>) {
    this.#factory = factory;
    this.#decoderClass = decoderClass;
  }

  /**
   * Decodes `bytes` and hands the decoder to `read`, which must copy what it keeps.
   * @throws KeysliceError FRAME_FAILED when the stream is refused or memory ends; the next call starts a fresh
   * module, because a C++ exception leaves memory behind and a trap leaves the heap in an unknown state.
   */
  async decode<T>(bytes: Uint8Array, read: (decoder: D) => T): Promise<T> {
    try {
      const module = await this.#start();
      this.#errors.length = 0;
      const result = this.#run(module, bytes, read);
      if (module.HEAPU8.byteLength > MAX_KEPT_BYTES) this.#module = null;
      return result;
    } catch (thrown) {
      this.#module = null;
      if (thrown instanceof KeysliceError) throw thrown;
      throw frameFailed(
        `the decoder refused the stream of ${bytes.length} bytes${this.#detail(thrown)}`,
        thrown,
      );
    }
  }

  #start(): Promise<CodecModule> {
    const collect = (line: string): void => {
      if (ERROR_LINE.test(line)) this.#errors.push(line.trim());
    };
    this.#module ??= this.#factory({ print: collect, printErr: collect });
    return this.#module;
  }

  /** What was printed before, or the message of a JavaScript error (a trap); C++ exceptions have neither. */
  #detail(thrown: unknown): string {
    const details = thrown instanceof Error ? [thrown.message, ...this.#errors] : this.#errors;
    return details
      .slice(-1)
      .map((detail) => `: ${detail}`)
      .join('');
  }

  #run<T>(module: CodecModule, bytes: Uint8Array, read: (decoder: D) => T): T {
    const Class = this.#decoderClass(module);
    if (Class === undefined) throw new Error('this build has no decoder');
    const decoder = new Class();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const [error] = this.#errors;
    if (error !== undefined) throw frameFailed(`the decoder refused the stream: ${error}`);
    const result = read(decoder);
    decoder.delete();
    return result;
  }
}
