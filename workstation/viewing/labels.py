"""What ExifTool's lines mean, in plain words, for those that tell most about a person, a place or a time."""

import re
from collections.abc import Iterable
from typing import Final

from workstation.texts import N_, _

_LINE: Final = re.compile(r"\[([^]]+)\]\s+(\S+)\s*: (.*)\Z")
_LABELS: Final = (
    (
        N_("Place, by satellite (GPS)"),
        "GPSPosition GPSLatitude GPSLongitude GPSAltitude GPSCoordinates LocationInformation",
    ),
    (N_("Place, in words"), "City Sub-location Location Province-State State Country LocationName"),
    (N_("Author"), "Author Creator Artist By-line XPAuthor Initial-creator InitialCreator"),
    (N_("Last changed by"), "LastModifiedBy LastSavedBy"),
    (N_("Owner"), "OwnerName CameraOwnerName Copyright Rights"),
    (N_("Company"), "Company Manager"),
    (N_("Taken on"), "DateTimeOriginal GPSDateTime"),
    (N_("Made on"), "CreateDate CreationDate Creation-date DateCreated MediaCreateDate TrackCreateDate"),
    (N_("Changed on"), "ModifyDate MediaModifyDate TrackModifyDate MetadataDate Date LastPrinted"),
    (N_("Device"), "Make Model DeviceManufacturer DeviceModelName AndroidManufacturer AndroidModel"),
    (N_("Serial number"), "SerialNumber BodySerialNumber InternalSerialNumber LensSerialNumber"),
    (
        N_("Program"),
        "Software Producer CreatorTool HistorySoftwareAgent Application Generator Encoder AndroidVersion",
    ),
    (N_("Time spent on it"), "TotalEditTime Editing-duration"),
    (
        N_("Words written into it"),
        "Title Subject Keywords Description Caption-Abstract Comment UserComment ImageDescription XPComment",
    ),
    (N_("Another picture inside, which may show more"), "ThumbnailImage PreviewImage JpgFromRaw"),
)
_BY_NAME: Final = {name: label for label, names in _LABELS for name in names.split()}
_ELSEWHERE: Final = {("PDF", "Creator"): N_("Program")}
"""A name that means something else in one group."""


def telling(untrusted_lines: Iterable[str]) -> list[tuple[str, list[str]]]:
    """(label in the language in use, its values) of the lines that tell most, by label, each value once."""
    found: dict[str, list[str]] = {label: [] for label, _names in _LABELS}
    for line in untrusted_lines:
        match = _LINE.match(line)
        if match is None:
            continue
        group, name, value = match.groups()
        label = _ELSEWHERE.get((group, name)) or _BY_NAME.get(name)
        if label is not None and value.strip() and value not in found[label]:
            found[label].append(value)
    return [(_(label), values) for label, values in found.items() if values]
