/** What was found in a file, in plain words. Values come from the file: they go in as text, each isolated. */

import { GROUPS, type Finding, type Group, type What } from "../metadata/report";
import { make } from "./dom";
import { sizeText, text, type Key } from "./texts";

/** Smaller sizes say nothing to a person. */
const LARGE = 1000;

const GROUP_TEXTS: Readonly<Record<Group, Key>> = {
  place: "group-place", device: "group-device", time: "group-time", author: "group-author", other: "group-other",
};

const WHAT_TEXTS: Readonly<Record<What, Key>> = {
  "position": "found-position", "altitude": "found-altitude", "place-name": "found-place-name",
  "device": "found-device", "serial": "found-serial", "lens": "found-lens", "software": "found-software",
  "made": "found-made", "changed": "found-changed",
  "author": "found-author", "changed-by": "found-changed-by", "company": "found-company", "title": "found-title",
  "copyright": "found-copyright", "comment": "found-comment",
  "camera-data": "found-camera-data", "edit-notes": "found-edit-notes", "captions": "found-captions",
  "text": "found-text", "profile": "found-profile", "preview": "found-preview",
  "second-picture": "found-second-picture", "after-end": "found-after-end", "unknown": "found-unknown",
  "pictures": "found-pictures", "changes": "found-changes",
};

/** A list of groups, each with what was found; groups without anything are left out. */
export function findingsList(findings: readonly Finding[]): HTMLElement {
  const list = make("dl", { class: "findings" });
  for (const group of GROUPS) {
    const members = findings.filter((finding) => finding.group === group);
    if (members.length > 0) list.append(make("dt", {}, text(GROUP_TEXTS[group])));
    const valued = members.filter(({ value }) => value !== "");
    for (const what of new Set(valued.map((member) => member.what))) {
      list.append(line(what, valued.filter((member) => member.what === what)));
    }
    const bare = members.filter(({ value }) => value === "").map(presence);
    if (bare.length > 0) list.append(make("dd", {}, bare.join("; ")));
  }
  return list;
}

/** The groups in which something was found, in a few words for a screen reader. */
export function groupsText(findings: readonly Finding[]): string {
  const found = GROUPS.filter((group) => findings.some((finding) => finding.group === group));
  return found.map((group) => text(GROUP_TEXTS[group])).join(", ");
}

/** One line for all values of a kind. */
function line(what: What, findings: readonly Finding[]): HTMLElement {
  const parts = findings.flatMap(({ value }, i) => [i === 0 ? "" : "; ", make("bdi", {}, value)]);
  return make("dd", {}, make("span", { class: "size" }, `${text(WHAT_TEXTS[what])}: `), ...parts);
}

/** What is there without a value, and how much of it where that may be a film. */
function presence({ what, size = 0 }: Finding): string {
  const label = text(WHAT_TEXTS[what]);
  return size < LARGE ? label : `${label} (${sizeText(size)})`;
}
