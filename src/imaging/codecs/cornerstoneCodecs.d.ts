/** The Emscripten builds of CharLS, OpenJPEG, OpenJPH and libjpeg-turbo come without types; one shape fits all. */
declare module '@cornerstonejs/codec-*' {
  export interface FrameInfo {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned?: boolean;
    isUsingColorTransform?: boolean;
  }

  /** Buffers may be views of the wasm heap: copy before the next call. */
  export interface Decoder {
    getEncodedBuffer(bytes: number): Uint8Array;
    getDecodedBuffer(): Uint8Array | Uint8ClampedArray;
    /** Throws a number (the address of a C++ exception), or fails with no more than a printed line. */
    decode(): void;
    getFrameInfo(): FrameInfo;
    delete(): void;
  }

  export interface JpegLsDecoder extends Decoder {
    /** 0: by plane, 1 and 2: by pixel. */
    getInterleaveMode(): number;
  }

  export interface Encoder {
    getDecodedBuffer(frame: FrameInfo): Uint8Array;
    getEncodedBuffer(): Uint8Array | Uint8ClampedArray;
    encode(): void;
    delete(): void;
    setNearLossless?(near: number): void;
    setInterleaveMode?(mode: number): void;
    setProgressive?(progressive: boolean): void;
    setSubSampling?(subSampling: number): void;
    setQuality?(...quality: (number | boolean)[]): void;
  }

  /** Emscripten writes into the options: a fresh object for every call. */
  export interface ModuleOptions {
    print(line: string): void;
    printErr(line: string): void;
  }

  /** Every build has its own decoder; encoders are in the full builds (`/wasmjs`) only. */
  export interface CodecModule {
    /** All memory of the module; another array once it has grown. */
    readonly HEAPU8: Uint8Array;
    readonly JpegLSDecoder?: new () => JpegLsDecoder;
    readonly J2KDecoder?: new () => Decoder;
    readonly HTJ2KDecoder?: new () => Decoder;
    readonly JPEGDecoder?: new () => Decoder;
    readonly JpegLSEncoder?: new () => Encoder;
    readonly J2KEncoder?: new () => Encoder;
    readonly HTJ2KEncoder?: new () => Encoder;
    readonly JPEGEncoder?: new () => Encoder;
  }

  const factory: (options: ModuleOptions) => Promise<CodecModule>;
  export { factory as default };
}
