"""What a source gave, kept unchanged: landed whole, in parts with checksums, resumed where it broke off."""

from sources.landing.landings import Landing, Progress, is_landed, land, landing_fingerprint, open_landing

__all__ = ["Landing", "Progress", "is_landed", "land", "landing_fingerprint", "open_landing"]
