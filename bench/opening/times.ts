/** Ms from the request to open. */
export interface OpeningTimes {
  /** The pixels of the first image are in the page. */
  first: number;
  /** Every frame is decoded. */
  decoded: number;
  /** The pixels of every frame are in the page. */
  inPage: number;
}
