/** What a field of Exif, IPTC, XMP, PNG, PDF or Office says about its maker, by the field's name. */

import { plain, type Finding, type Group, type What } from "./report";

/** Names in lower case, letters and digits only: the formats spell the same thing in many ways. */
const NAMES: readonly (readonly [group: Group, what: What, names: string])[] = [
  ["place", "position", "gpslatitude gpslongitude gpsposition gpsdestlatitude gpsdestlongitude"],
  ["place", "altitude", "gpsaltitude"],
  ["place", "place-name",
    "city sublocation location provincestate state country countryname countryprimarylocationname gpsareainformation"],
  ["device", "device", "make model uniquecameramodel localizedcameramodel cameramodelname"],
  ["device", "serial",
    "bodyserialnumber serialnumber cameraserialnumber internalserialnumber lensserialnumber imageuniqueid"],
  ["device", "lens", "lens lensmake lensmodel"],
  ["device", "software",
    "software hostcomputer creatortool softwareagent application generator producer originatingprogram"
    + " processingsoftware template"],
  ["time", "made",
    "datetimeoriginal datetimedigitized datecreated timecreated digitalcreationdate digitalcreationtime creationtime"
    + " creationdate createdate created gpsdatestamp gpstimestamp"],
  ["time", "changed", "datetime modifydate moddate modified metadatadate lastprinted lastsaved date when"],
  ["author", "author",
    "artist author authors creator byline bylinetitle ownername cameraownername owner initialcreator xpauthor"
    + " writereditor credit manager personinimage"],
  ["author", "changed-by", "lastmodifiedby lastauthor printedby"],
  ["author", "company", "company"],
  ["author", "copyright", "copyright copyrightnotice rights"],
  ["author", "title", "title objectname headline xptitle documentname subject keywords xpkeywords xpsubject"],
  ["author", "comment",
    "imagedescription usercomment description comment comments captionabstract xpcomment notes pagename"],
];

const MEANINGS: ReadonlyMap<string, readonly [Group, What]> = new Map(
  NAMES.flatMap(([group, what, names]) => names.split(" ").map((name) => [name, [group, what]] as const)),
);

const MOMENT = /^(?:D:)?(\d{4})[:-]?(\d\d)[:-]?(\d\d)[T ]?(\d\d)?:?(\d\d)?:?(\d\d)?/;

/** A finding, if the name means something and there is a value. */
export function finding(name: string, untrusted_value: unknown): Finding | undefined {
  const meaning = MEANINGS.get(name.toLowerCase().replace(/[^a-z0-9]/g, ""));
  const text = plain(untrusted_value);
  if (meaning === undefined || text === "") return undefined;
  const [group, what] = meaning;
  return { group, what, value: group === "time" ? momentText(text) : text };
}

/** The ways of writing a date, `2026:11:01 14:03:22` and `D:20261101140322+07'00'`, made one: `2026-11-01 14:03:22`. */
function momentText(text: string): string {
  const [whole, year, month, day, hour, minute, second] = MOMENT.exec(text) ?? [];
  if (whole === undefined) return text;
  const clock = [hour, minute, second].filter((part) => part !== undefined).join(":");
  const zone = text.slice(whole.length).replace(/^\.\d+/, "").replaceAll("'", ":").replace(/:$/, "");
  return `${year}-${month}-${day}${clock === "" ? "" : ` ${clock}`}${/^[Z+-]/.test(zone) && zone.length < 8 ? ` ${zone}` : ""}`;
}
