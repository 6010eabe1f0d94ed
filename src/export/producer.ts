/** The program that writes, as it names itself in what it writes. */
export interface Producer {
  name: string;
  version: string;
}
