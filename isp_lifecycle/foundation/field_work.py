"""Settings of field work: what engineers keep of a visit, and how a phone finds the way there."""

from __future__ import annotations

from pydantic import Field, field_validator

from isp_lifecycle.foundation.sections import Section


class FieldWork(Section):
    """What engineers keep of a visit, and how their phones find the way there."""

    photos_per_visit: int = Field(12, ge=0, le=100, description="So many photos are kept of one visit.")
    photo_bytes: int = Field(
        800_000,
        ge=50_000,
        le=5_000_000,
        description="The largest photo; phones make theirs smaller before they send it.",
    )
    photo_pixels: int = Field(1600, ge=640, le=4096, description="The longer side of a photo, in pixels.")
    navigate: str = Field(
        "geo:{lat},{lon}?q={lat},{lon}",
        pattern=r"^(geo:|https://)\S+$",
        description="Link that leads to a visit: geo: opens the phone's own maps; or https://.../?to={lat},{lon}.",
    )
    entries_per_hour: int = Field(
        300, ge=10, le=100_000, description="So many entries of one account are taken in an hour."
    )
    follow_up_hours: int = Field(
        24, ge=1, le=240, description="A visit that could not be done is to be booked again, or seen to, within this."
    )

    @field_validator("navigate")
    @classmethod
    def _can_be_filled_in(cls, value: str) -> str:
        try:
            value.format(lat=53.3, lon=-6.2)
        except (LookupError, ValueError, AttributeError):
            raise ValueError("names {lat} and {lon}, and nothing else in braces") from None
        return value
