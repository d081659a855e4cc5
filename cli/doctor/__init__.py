"""cchc doctor: is this machine fit to make a report? One check a line, and what to do where it fails."""

from cli.doctor.command import doctor

__all__ = ["doctor"]
