/** The part of a browser's File that the worker uses, over bytes that may change or go away under it. */

export type Edit = { readonly gone: boolean } | { readonly data: string };

export class PlainFile {
  readonly lastModified = 1;
  /** As a browser: what it was when the file was chosen. */
  readonly size: number;
  private gone = false;

  constructor(readonly name: string, readonly type: string, private data: Uint8Array<ArrayBuffer>) {
    this.size = data.length;
  }

  change(edit: Edit): void {
    if ("gone" in edit) this.gone = edit.gone;
    else this.data = new Uint8Array(Buffer.from(edit.data, "base64"));
  }

  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> } {
    return {
      arrayBuffer: async () => {
        if (this.gone) throw new DOMException("The file cannot be read.", "NotReadableError");
        return this.data.slice(start, end).buffer;
      },
    };
  }
}
