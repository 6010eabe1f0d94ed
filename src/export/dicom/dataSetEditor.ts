import { type Element, elementValue, type Encoding, itemEncoding } from './element.ts';
import { viewOf } from '../viewOf.ts';
import { encodeElement, encodeItem, type NewElement, wrapValue } from './encodeElement.ts';
import { type Item, parseElements, parseItems } from './parseElements.ts';

/** A data set, or the content of an item, in which some elements change and all others stay byte for byte. */
export class DataSetEditor {
  readonly encoding: Encoding;
  readonly #elements: Map<number, Element>;
  #changed = false;

  constructor(elements: readonly Element[], encoding: Encoding) {
    this.encoding = encoding;
    this.#elements = new Map(elements.map((element) => [element.tag, element]));
  }

  /** Whether anything was set or removed. */
  get changed(): boolean {
    return this.#changed;
  }

  get tags(): readonly number[] {
    return [...this.#elements.keys()];
  }

  element(tag: number): Element | null {
    return this.#elements.get(tag) ?? null;
  }

  /** The value as text without padding; null when the element is absent or empty. */
  text(tag: number): string | null {
    const element = this.element(tag);
    if (element === null) return null;
    const text = Buffer.from(elementValue(element))
      .toString('latin1')
      .replace(/[\0 ]+$/, '');
    return text === '' ? null : text;
  }

  /** The values of a text element, without padding; empty when the element is absent or empty. */
  texts(tag: number): string[] {
    return (
      this.text(tag)
        ?.split('\\')
        .map((value) => value.trim()) ?? []
    );
  }

  /** The values of a US element. */
  shorts(tag: number): number[] {
    const view = this.#valueView(tag);
    return Array.from({ length: view.byteLength >>> 1 }, (_, i) =>
      view.getUint16(2 * i, this.encoding.littleEndian),
    );
  }

  /** The values of a UL element. */
  longs(tag: number): number[] {
    const view = this.#valueView(tag);
    return Array.from({ length: view.byteLength >>> 2 }, (_, i) =>
      view.getUint32(4 * i, this.encoding.littleEndian),
    );
  }

  /** The values of an AT element. */
  pointers(tag: number): number[] {
    const halves = this.shorts(tag);
    return Array.from(
      { length: halves.length >>> 1 },
      (_, i) => (((halves[2 * i] ?? 0) << 16) | (halves[2 * i + 1] ?? 0)) >>> 0,
    );
  }

  set(element: NewElement): void {
    this.put(encodeElement(element, this.encoding));
  }

  put(element: Element): void {
    this.#elements.set(element.tag, element);
    this.#changed = true;
  }

  remove(...tags: readonly number[]): void {
    for (const tag of tags) if (this.#elements.delete(tag)) this.#changed = true;
  }

  /** Items of a sequence; empty when it is absent. */
  items(tag: number): Item[] {
    const element = this.element(tag);
    return element === null ? [] : parseItems(elementValue(element), itemEncoding(element, this.encoding));
  }

  /** Puts these encoded items in place of a sequence's own; the sequence keeps its VR. */
  replaceItems(tag: number, items: readonly Uint8Array[]): void {
    const vr = this.element(tag)?.vr ?? 'SQ';
    this.put(wrapValue(tag, vr, Buffer.concat(items), this.encoding));
  }

  appendItem(tag: number, content: readonly NewElement[]): void {
    const existing = this.element(tag);
    const encoding = existing === null ? this.encoding : itemEncoding(existing, this.encoding);
    const item = new DataSetEditor([], encoding);
    for (const element of content) item.set(element);
    this.replaceItems(tag, [...this.items(tag).map(({ bytes }) => bytes), item.encodeAsItem()]);
  }

  /** Lets `edit` change the items of a sequence; items that it leaves alone keep their bytes. */
  editItems(tag: number, edit: (item: DataSetEditor, index: number) => void): void {
    const existing = this.element(tag);
    if (existing === null) return;
    const encoding = itemEncoding(existing, this.encoding);
    const items = this.items(tag).map((item, index) => {
      const editor = new DataSetEditor(parseElements(item.content, encoding).elements, encoding);
      edit(editor, index);
      return { bytes: editor.changed ? editor.encodeAsItem() : item.bytes, changed: editor.changed };
    });
    if (!items.some(({ changed }) => changed)) return;
    this.replaceItems(
      tag,
      items.map(({ bytes }) => bytes),
    );
  }

  /** All elements, ascending by tag. */
  elements(): Element[] {
    return [...this.#elements.values()].sort((a, b) => a.tag - b.tag);
  }

  encodeAsItem(): Uint8Array {
    return encodeItem(Buffer.concat(this.elements().map(({ bytes }) => bytes)), this.encoding);
  }

  #valueView(tag: number): DataView {
    const element = this.element(tag);
    return viewOf(element === null ? new Uint8Array() : elementValue(element));
  }
}
