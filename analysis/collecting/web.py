"""Reads an article from a web page that was saved; nothing is fetched."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr
from urllib.parse import urlsplit

from analysis.collecting.found import Found, not_read
from analysis.errors import Problem, shorten
from analysis.results import one_line

PAGE = "the page's metadata"
"""Where the parts of a web page are lifted from."""
_DATES = {
    "extensive_search": False,
    "original_date": True,
    "max_date": "2200-01-01",
    "outputformat": "%Y-%m-%d",
}
_SECOND_LEVEL = {"co", "com", "org", "net", "gov", "ac", "edu"}


def read_page(page: str, place: str) -> Found | Problem:
    """Find the article in a web page.

    Parameters
    ----------
    page : str
        HTML.
    place : str
        The file, for messages.

    Returns
    -------
    Found or Problem
        The body without navigation, comments and advertisements; title, author, date, site and address as the page's
        own metadata give them.
    """
    from trafilatura import bare_extraction

    try:
        # it warns of every odd page on the screen
        with redirect_stderr(io.StringIO()):
            document = bare_extraction(
                page, with_metadata=True, include_comments=False, date_extraction_params=dict(_DATES)
            )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError) as error:
        # a page may be broken in ways that the library does not foresee
        return not_read(place, f"no web page: {shorten(error)}", "Save the page again.")
    text = document.text if document is not None else ""
    if not text or len(re.findall(r"\w+", text)) < 5:
        return not_read(place, "a web page without an article", "Save the article's own page, or its text.")
    parts = {
        "title": one_line(document.title or ""),
        "author": one_line(document.author or ""),
        # a domain is no name; the address tells as much
        "outlet": "" if domain_of(document.sitename or "") else one_line(document.sitename or ""),
        "published": document.date or "",
    }
    lifted = {name: PAGE for name, value in parts.items() if value}
    body = re.sub(r"\n+", "\n\n", text)
    return Found(place, body, "web page", url=document.url or document.hostname or "", lifted=lifted, **parts)


def domain_of(address: str) -> str:
    """Tell the site of an address.

    Parameters
    ----------
    address : str
        A URL, or a domain.

    Returns
    -------
    str
        The domain without "www."; empty where there is none.

    Examples
    --------
    >>> domain_of("https://www.rt.com/news/1"), domain_of("bbc.co.uk"), domain_of("no domain")
    ('rt.com', 'bbc.co.uk', '')
    """
    address = address.strip()
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    host = re.sub(r"\A(?:www\d?|m|mobile|amp)\.", "", host.rstrip(".").casefold())
    return host if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", host) and not re.fullmatch(r"[\d.]+", host) else ""


def name_of_domain(domain: str) -> str:
    """Tell the name in a domain.

    Parameters
    ----------
    domain : str
        From `domain_of`.

    Returns
    -------
    str
        The label before the ending.

    Examples
    --------
    >>> name_of_domain("news.bbc.co.uk"), name_of_domain("rt.com")
    ('bbc', 'rt')
    """
    parts = domain.split(".")
    if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SECOND_LEVEL:
        parts = parts[:-1]
    return parts[-2] if len(parts) > 1 else domain
