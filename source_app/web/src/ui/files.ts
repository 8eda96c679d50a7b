/** The files a person has added. They are read only while they are being sealed. */

import { byId, input, make } from "./dom";
import { sizeText, text } from "./texts";

export class FileList {
  private files: readonly File[] = [];

  /** `changed` is called whenever a file comes or goes. */
  constructor(private readonly prefix: string, private readonly changed: () => void) {
    const picker = input(`${prefix}files`);
    picker.addEventListener("change", () => {
      this.set([...this.files, ...(picker.files ?? [])]);
      picker.value = "";
    });
  }

  get all(): readonly File[] {
    return this.files;
  }

  clear(): void {
    this.set([]);
  }

  private set(files: readonly File[]): void {
    this.files = files;
    byId(`${this.prefix}files-list`).replaceChildren(...files.map((file) => this.row(file)));
    this.changed();
  }

  private row(file: File): HTMLElement {
    const label = text("file-remove", { name: file.name });
    const remove = make("button", { type: "button", class: "quiet small", "aria-label": label }, text("remove"));
    remove.addEventListener("click", () => {
      this.set(this.files.filter((other) => other !== file));
      input(`${this.prefix}files`).focus();
    });
    const name = make("span", { class: "name" }, file.name);
    return make("li", {}, name, " ", make("span", { class: "size" }, sizeText(file.size)), " ", remove);
  }
}
