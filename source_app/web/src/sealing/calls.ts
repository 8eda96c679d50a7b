/** What the sealing page may ask of its worker besides what every page may. */

export interface SealedFile {
  readonly file: Blob;
  /** Of the keys that it was sealed to. */
  readonly epoch: number;
}

export interface SealingCalls {
  /** Everything that was sealed; refused with incomplete when nothing was. */
  sealedFile(): Promise<SealedFile>;
}
