/** Kind of report, and who must not read it: the part of an address that the report and a follow-up share. */

import type { Address, ChannelView, OfficeView } from "../worker/calls";
import { byId, input, make, say, select } from "./dom";
import { language, named, text } from "./texts";

export class AddressFields {
  private view: OfficeView | undefined;

  /** `prefix` stands before the ids of the fields, "" or "follow-up-"; `chosen` hears of the channel. */
  constructor(private readonly prefix: string, private readonly chosen: (channel: ChannelView) => void = () => undefined) {
    this.channelList.addEventListener("change", () => this.showChannel());
  }

  /** Offers the channels of a verified office. What was chosen, here or `before`, is kept when it is there again. */
  fill(view: OfficeView, before?: Address): void {
    const chosen = before?.channel ?? this.channelList.value;
    this.view = view;
    this.channelList.replaceChildren(
      ...view.channels.map((channel) => make("option", { value: channel.id }, named(channel.titles))),
    );
    if (view.channels.some((channel) => channel.id === chosen)) this.channelList.value = chosen;
    this.showChannel(before?.excluded);
  }

  /** Says other words than the report's about who must not read. */
  explain(how: string): void {
    byId(`${this.prefix}readers-how`).textContent = how;
  }

  /** The address, or nothing after saying that nobody would be left to read. */
  read(): Address | undefined {
    if (!this.checkReaders()) {
      byId(`${this.prefix}readers`).focus();
      return undefined;
    }
    return this.current();
  }

  /** The address as it stands, for measuring. */
  current(): Address | undefined {
    const channel = this.channel();
    if (this.view === undefined || channel === undefined) return undefined;
    const excluded = this.boxes(channel).filter((box) => box.checked).map((box) => box.value);
    return { office: this.view.id, channel: channel.id, excluded, readers: channel.recipients, language };
  }

  private get channelList(): HTMLSelectElement {
    return select(`${this.prefix}channel`);
  }

  private channel(): ChannelView | undefined {
    return this.view?.channels.find((channel) => channel.id === this.channelList.value);
  }

  private boxes(channel: ChannelView): HTMLInputElement[] {
    return channel.recipients.map((id) => input(`${this.prefix}exclude-${id}`));
  }

  private showChannel(excluded?: readonly string[]): void {
    const channel = this.channel();
    const list = byId(`${this.prefix}readers-list`);
    const kept = new Set(excluded ?? Array.from(list.querySelectorAll<HTMLInputElement>(":checked"), (box) => box.value));
    const recipients = channel?.recipients ?? [];
    list.replaceChildren(...recipients.map((id) => this.reader(id, kept.has(id), recipients.length > 1)));
    this.checkReaders();
    if (channel !== undefined) this.chosen(channel);
  }

  private reader(id: string, checked: boolean, free: boolean): HTMLElement {
    const box = make("input", { type: "checkbox", id: `${this.prefix}exclude-${id}`, value: id });
    box.checked = checked && free;
    box.disabled = !free;
    box.addEventListener("change", () => this.checkReaders());
    return make("p", { class: "tick" }, box, " ", make("label", { for: box.id }, this.title(id)));
  }

  /** A role title, with the id where two people have the same one. */
  private title(id: string): string {
    const titles = (this.view?.reviewers ?? []).map((reviewer) => [reviewer.id, named(reviewer.titles)] as const);
    const own = titles.find(([other]) => other === id)?.[1] ?? id;
    return titles.filter(([, title]) => title === own).length > 1 ? `${own} (${id})` : own;
  }

  private checkReaders(): boolean {
    const channel = this.channel();
    const left = channel === undefined || this.boxes(channel).some((box) => !box.checked);
    say(byId(`${this.prefix}readers-error`), left ? "" : text("need-reader"));
    return left;
  }
}
