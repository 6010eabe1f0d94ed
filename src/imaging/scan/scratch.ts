/** Where bytes go that must be unpacked before they can be read: archives, videos. */
export interface Scratch {
  /** A new, empty, private folder, there as long as the study is. @throws KeysliceError FILE_UNREADABLE */
  folder(): Promise<string>;
}
