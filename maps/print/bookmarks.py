"""Bookmarks and language of a PDF, which matplotlib has no words for.

What is written before a PDF is closed is the catalogue once more, now with an outline of its pages:
readers go by the last place at which the file's own table of contents finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.backends.backend_pdf import Name, PdfPages

LANGUAGE = "en-GB"
_named: Callable[[str], object] = Name


def put_bookmarks(document: PdfPages, titles: Sequence[str]) -> None:
    """Give each page of an open PDF a bookmark, and the file its language.

    Readers show the bookmarks, and the title of the document in place of its file's name.
    """
    file = document._ensure_file()  # type: ignore[no-untyped-call]
    outline = file.reserveObject("outline")
    items = [file.reserveObject("bookmark") for _ in titles]
    for number, (title, page) in enumerate(zip(titles, file.pageList, strict=True)):
        item = {"Title": title, "Parent": outline, "Dest": [page, _named("Fit")]}
        if number:
            item["Prev"] = items[number - 1]
        if number + 1 < len(items):
            item["Next"] = items[number + 1]
        file.writeObject(items[number], item)
    ends = {"First": items[0], "Last": items[-1], "Count": len(items)}
    file.writeObject(outline, {"Type": _named("Outlines"), **ends})
    catalogue = {
        "Type": _named("Catalog"),
        "Pages": file.pagesObject,
        "Outlines": outline,
        "PageMode": _named("UseOutlines"),
        "Lang": LANGUAGE,
        "ViewerPreferences": {"DisplayDocTitle": True},
    }
    file.writeObject(file.rootObject, catalogue)
