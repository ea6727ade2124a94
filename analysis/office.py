"""Saves Word documents and Excel workbooks with the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file can hold


def package_bytes(document, edit: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """Save a document, and pack it anew without the times of its parts.

    Parameters
    ----------
    document : docx.document.Document or openpyxl.Workbook
        Anything with ``save(file)`` that writes an Office Open XML package.
    edit : callable, optional
        Takes a part's name and content, and returns the content to write.

    Returns
    -------
    bytes
        The package: equal for equal parts.
    """
    saved, out = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            entry = zipfile.ZipInfo(name, date_time=_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o644 << 16
            new.writestr(entry, data if edit is None else edit(name, data), compresslevel=6)
    return out.getvalue()
