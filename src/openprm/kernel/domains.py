"""The registrable web domain behind whatever a person pasted: a URL, a host name, an e-mail address."""

from functools import lru_cache
from ipaddress import ip_address

import idna
import tldextract

FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "ymail.com",
        "rocketmail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "gmx.at",
        "gmx.ch",
        "web.de",
        "t-online.de",
        "freenet.de",
        "mail.com",
        "email.com",
        "mail.ru",
        "yandex.ru",
        "yandex.com",
        "bk.ru",
        "list.ru",
        "inbox.ru",
        "rambler.ru",
        "qq.com",
        "163.com",
        "126.com",
        "sina.com",
        "foxmail.com",
        "naver.com",
        "daum.net",
        "hanmail.net",
        "rediffmail.com",
        "zoho.com",
        "fastmail.com",
        "tutanota.com",
        "tuta.com",
        "hey.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "libero.it",
        "virgilio.it",
        "tiscali.it",
        "alice.it",
        "seznam.cz",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "interia.pl",
        "telenet.be",
        "skynet.be",
        "ziggo.nl",
        "kpnmail.nl",
        "btinternet.com",
        "virginmedia.com",
        "sky.com",
        "comcast.net",
        "verizon.net",
        "att.net",
        "cox.net",
        "sbcglobal.net",
        "bellsouth.net",
        "shaw.ca",
        "rogers.com",
        "uol.com.br",
        "bol.com.br",
        "terra.com.br",
        "yahoo.co.uk",
        "yahoo.co.jp",
        "yahoo.co.in",
        "yahoo.fr",
        "yahoo.de",
        "hotmail.co.uk",
        "hotmail.fr",
        "hotmail.de",
        "outlook.de",
        "outlook.fr",
        "live.co.uk",
        "live.fr",
        "bigpond.com",
        "optusnet.com.au",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "softbank.ne.jp",
        "mailinator.com",
    ]
)
LONGEST_HOST = 253
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def normal_domain(text: str) -> str:
    """The registrable domain in lower-case ASCII ("https://www.Bücher.de/x" gives "xn--bcher-kva.de"), or "" when there is none.

    Free-mail providers, addresses in numbers and bare words give "": they name no company.
    """
    host = _host(text)
    if not host or _is_address(host):
        return ""
    return _registrable(host)


def is_free_mail(text: str) -> bool:
    """Whether the host belongs to a mail provider that anybody may use."""
    return _last_labels(_host(text)) in FREE_MAIL


def public_suffixes() -> frozenset[str]:
    """The endings under which anybody may register, as the bundled public suffix list writes them ("co.uk", "*.ck", "!www.ck")."""
    return frozenset(_extract.tlds)


def _host(text: str) -> str:
    host = text.strip().strip("<>\"'").casefold().replace("\\", "/")
    host = host.partition("://")[2] or host
    host = host.removeprefix("mailto:").lstrip("/")
    host = host.partition("/")[0].partition("?")[0].partition("#")[0]
    host = host.rpartition("@")[2].replace("。", ".").replace("．", ".")
    return _ascii(host.partition(":")[0].strip(". "))


def _ascii(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode() if not host.isascii() else host
    except (idna.IDNAError, UnicodeError):
        return ""


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False


@lru_cache(maxsize=65536)
def _registrable(host: str) -> str:
    if len(host) > LONGEST_HOST or not all(_is_label(label) for label in host.split(".")):
        return ""
    domain = _last_labels(host)
    return "" if domain in FREE_MAIL else domain


def _last_labels(host: str) -> str:
    """The part that somebody registered; endings outside the public list (a .example, an intranet) keep two labels."""
    found = _extract(host)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else ""
    return ".".join(host.split(".")[-2:]) if "." in host else ""


def _is_label(label: str) -> bool:
    return 0 < len(label) <= 63 and all(c.isalnum() or c in "-_" for c in label) and label.isascii()
