"""Make the fonts of the PDF certificates from the variable Inter of the front end (OFL): three weights, Latin, Greek, Cyrillic.

    npm ci && pip install fonttools brotli && python scripts/pdf_fonts.py

The results are kept in agreements/static, because making them needs tools that nothing else needs.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FRONTEND = Path(__file__).resolve().parent.parent
SOURCE = FRONTEND / "node_modules/@fontsource-variable/inter/files"
TARGET = FRONTEND.parent / "src/openprm/agreements/static/agreements/fonts"
RANGES = ("latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese")
CUTS = (("Regular", "normal", 400), ("SemiBold", "normal", 600), ("Italic", "italic", 400))
DROPPED = ["GSUB", "GPOS", "GDEF", "STAT", "MVAR", "HVAR", "avar", "fvar", "gvar"]


def main() -> None:
    for name, style, weight in CUTS:
        with TemporaryDirectory() as folder:
            parts = [_part(Path(folder), reach, style, weight) for reach in RANGES]
            font = Merger(options=Options(drop_tables=["STAT"])).merge(parts)
        _name(font, name, weight)
        font.save(TARGET / f"Inter-{name}.ttf")


def _part(folder: Path, reach: str, style: str, weight: int) -> str:
    """One range at one weight, without layout tables, which the PDF library does not read."""
    font = instancer.instantiateVariableFont(TTFont(SOURCE / f"inter-{reach}-wght-{style}.woff2"), {"wght": weight})
    font.flavor = None
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"])
    options.drop_tables += DROPPED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=list(font.getBestCmap()))
    cutter.subset(font)
    path = folder / f"{reach}.ttf"
    font.save(path)
    return str(path)


def _name(font: TTFont, name: str, weight: int) -> None:
    """Names of its own for each cut: a PDF tells fonts apart by them."""
    table = font["name"]
    for number in (1, 2, 3, 4, 6, 16, 17, 21, 22, 25):
        table.removeNames(nameID=number)
    for number, text in ((1, "Inter"), (2, name), (3, f"Inter-{name};cut"), (4, f"Inter {name}"), (6, f"Inter-{name}")):
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight


if __name__ == "__main__":
    main()
