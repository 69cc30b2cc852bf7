"""The registrable web domain behind what a person pasted, and the mail providers that name no company. Pure."""

import tldextract

_PROVIDERS = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com rocketmail.com icloud.com me.com mac.com aol.com gmx.com gmx.net "
    "gmx.de gmx.at gmx.ch web.de t-online.de freenet.de proton.me protonmail.com pm.me tutanota.com tuta.com mail.com mail.ru yandex.ru yandex.com zoho.com "
    "fastmail.com hey.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es outlook.de outlook.fr outlook.es live.co.uk live.fr live.nl yahoo.co.uk "
    "yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.co.jp yahoo.com.br orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it seznam.cz "
    "centrum.cz wp.pl o2.pl onet.pl interia.pl bluewin.ch telenet.be skynet.be ziggo.nl kpnmail.nl online.no telia.com qq.com 163.com 126.com sina.com "
    "naver.com daum.net hanmail.net rediffmail.com uol.com.br bol.com.br terra.com.br comcast.net verizon.net att.net btinternet.com virginmedia.com sky.com "
    "bigpond.com optusnet.com.au mailinator.com"
)
FREE_MAIL = frozenset(_PROVIDERS.split())
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def registrable(text: str) -> str:
    """The registrable domain in lower-case ASCII, also a mail provider's, or "" when there is none."""
    host = _host(text)
    if not host or len(host) > 253 or "." not in host or host.replace(".", "").isdigit():
        return ""
    found = _extract(host)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else ""
    labels = host.split(".")
    return ".".join(labels[-2:]) if all(labels) else ""


def is_free_mail(text: str) -> bool:
    """Whether the address belongs to a mail provider that anybody may use."""
    return registrable(text) in FREE_MAIL


def normal_domain(text: str) -> str:
    """The domain that names a company: "" for none and for mail providers."""
    found = registrable(text)
    return "" if found in FREE_MAIL else found


def _host(text: str) -> str:
    host = str(text).strip().casefold()
    host = (host.partition("://")[2] or host).removeprefix("mailto:")
    host = host.partition("/")[0].partition("?")[0].partition("#")[0].rpartition("@")[2].partition(":")[0].strip(". ")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        return ""
    return host if all(letter.isalnum() or letter in "-." for letter in host) else ""
