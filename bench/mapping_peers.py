"""What other libraries find in two lists: python bench/mapping_peers.py PEER LEFT.csv RIGHT.csv, pairs as JSON on standard output.

Each is set up as its documentation advises for company names, after the same simple cleaning (lower case, no accents, no legal form) that
every user would do; domains are compared where both rows have one. Runs in any Python that has the peer and pandas.
`floor` is no peer: it reads both files and joins them on the domain, then on the cleaned name.
"""

import json
import re
import sys
import unicodedata

import pandas as pd

_FORMS = re.compile(
    r"\b(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|ag|gmbh|se|sa|nv|bv|ab|as|asa|oyj|oy|spa|srl|sas|kgaa|holding|holdings|group|the|publ)\b"
)


def main() -> None:
    peer, left, right = sys.argv[1:4]
    print(json.dumps({"pairs": PEERS[peer](_read(left), _read(right))}))


def _read(file: str) -> pd.DataFrame:
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table["clean"] = [_clean(name) for name in table["name"]]
    table["domain"] = table["domain"].str.lower().str.removeprefix("www.")
    return table


def _clean(name: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c)).replace(".", "").replace("'", "")
    words = re.sub(r"[^a-z0-9]+", " ", bare)
    return " ".join(_FORMS.sub(" ", words).split()) or words.strip()


def _by_domain(left: pd.DataFrame, right: pd.DataFrame) -> list:
    joined = left[left["domain"] != ""].merge(right[right["domain"] != ""], on="domain")
    return [(a, b, 2.0) for a, b in zip(joined["id_x"], joined["id_y"], strict=True)]


def _rest(left: pd.DataFrame, right: pd.DataFrame, found: list) -> tuple:
    lefts, rights = {pair[0] for pair in found}, {pair[1] for pair in found}
    return left[~left["id"].isin(lefts)].reset_index(drop=True), right[~right["id"].isin(rights)].reset_index(drop=True)


def floor(left: pd.DataFrame, right: pd.DataFrame) -> list:
    found = _by_domain(left, right)
    left, right = _rest(left, right, found)
    joined = left[left["clean"] != ""].merge(right[right["clean"] != ""], on="clean")
    agree = (joined["country_x"] == joined["country_y"]) | (joined["country_x"] == "") | (joined["country_y"] == "")
    return found + [(a, b, 1.0) for a, b in zip(joined["id_x"][agree], joined["id_y"][agree], strict=True)]


def string_grouper(left: pd.DataFrame, right: pd.DataFrame) -> list:
    from string_grouper import match_strings

    found = _by_domain(left, right)
    left, right = _rest(left, right, found)
    if not len(left) or not len(right):
        return found
    same = match_strings(left["clean"], right["clean"], left["id"], right["id"], min_similarity=0.5, max_n_matches=5)
    country = {**dict(zip(left["id"], left["country"], strict=True))}, {**dict(zip(right["id"], right["country"], strict=True))}
    ids = [name for name in same.columns if name.endswith("_id")]
    pairs = zip(same[ids[0]], same[ids[1]], same["similarity"], strict=True)
    return found + [(a, b, float(s) - 0.3 * _differ(country[0].get(a), country[1].get(b))) for a, b, s in pairs if a in country[0]]


def _differ(a: str | None, b: str | None) -> bool:
    return bool(a and b and a != b)


def recordlinkage(left: pd.DataFrame, right: pd.DataFrame) -> list:
    import recordlinkage as rl

    found = _by_domain(left, right)
    left, right = _rest(left, right, found)
    if not len(left) or not len(right):
        return found
    for table in (left, right):
        table["first"] = table["clean"].str.split(" ").str[0]
        table["begin"] = table["clean"].str.replace(" ", "").str[:5]
    index = rl.Index()
    index.block("first")
    index.block("begin")
    pairs = index.index(left, right)
    compare = rl.Compare()
    compare.string("clean", "clean", method="jarowinkler", label="jw")
    compare.string("clean", "clean", method="levenshtein", label="lev")
    compare.exact("country", "country", label="country")
    said = compare.compute(pairs, left, right)
    score = 0.5 * said["jw"] + 0.5 * said["lev"] + 0.2 * said["country"]
    kept = score[score > 0.7]
    a, b = kept.index.get_level_values(0), kept.index.get_level_values(1)
    return found + list(zip(left["id"].iloc[a], right["id"].iloc[b], kept.astype(float), strict=True))


def splink(left: pd.DataFrame, right: pd.DataFrame) -> list:
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    tables = [table.assign(unique_id=table["id"], begin=table["clean"].str[:5], last=table["clean"].str.split(" ").str[-1]) for table in (left, right)]
    kept = ["unique_id", "clean", "begin", "last", "domain", "country", "city"]
    tables = [table[kept].astype(object).where(table[kept] != "", None) for table in tables]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("clean", [0.97, 0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("domain"),
            cl.ExactMatch("country"),
            cl.ExactMatch("city"),
        ],
        blocking_rules_to_generate_predictions=[block_on("domain"), block_on("clean"), block_on("begin", "country"), block_on("last", "country")],
    )
    api = DuckDBAPI()
    linker = Linker(
        [api.register(table) for table in tables] if hasattr(api, "register") else tables, settings, **({} if hasattr(api, "register") else {"db_api": api})
    )
    linker.training.estimate_probability_two_random_records_match([block_on("clean", "country")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("begin"))
    said = linker.inference.predict(threshold_match_probability=0.05).as_pandas_dataframe()
    lefts = set(left["id"])
    pairs = zip(said["unique_id_l"], said["unique_id_r"], said["match_probability"], strict=True)
    return [(a, b, float(s)) if a in lefts else (b, a, float(s)) for a, b, s in pairs]


PEERS = {"floor": floor, "string_grouper": string_grouper, "recordlinkage": recordlinkage, "splink": splink}

if __name__ == "__main__":
    main()
