import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from openprm.ui.paging import PageRequest, Slice, decode, slice_of

pytestmark = pytest.mark.django_db
AMOUNTS = [50, 40, 40, 40, None, 30, None, 20, 10, None]


class Parcel(models.Model):
    id = models.IntegerField(primary_key=True)
    name = models.TextField()
    amount = models.IntegerField(null=True)

    class Meta:
        app_label = "ui"
        managed = False
        db_table = "parcel_for_paging"


@pytest.fixture(autouse=True)
def parcels(db):
    with connection.cursor() as cursor:
        cursor.execute("create temporary table parcel_for_paging (id int primary key, name text not null, amount int) on commit drop")
    Parcel.objects.bulk_create([Parcel(id=number, name=f"parcel {number:02}", amount=amount) for number, amount in enumerate(AMOUNTS, start=1)])


def ask(sort: str, *, descending: bool, cursor: str = "", limit: int = 3) -> tuple[PageRequest, Slice]:
    page = PageRequest(key="test.parcels", sort=sort, descending=descending, limit=limit)
    if cursor:
        page = PageRequest(key=page.key, sort=sort, descending=descending, limit=limit, position=decode(page, cursor))
    return page, slice_of(Parcel.objects.all(), page, order_by={"name": "name", "amount": "amount"})


def walk(sort: str, *, descending: bool) -> tuple[list[list[int]], Slice]:
    pages, cursor = [], ""
    while True:
        _page, part = ask(sort, descending=descending, cursor=cursor)
        pages.append([row.id for row in part.rows])
        if not part.next_cursor:
            return pages, part
        cursor = part.next_cursor


@pytest.mark.parametrize(
    ("sort", "descending", "pages"),
    [
        ("name", False, [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10]]),
        ("name", True, [[10, 9, 8], [7, 6, 5], [4, 3, 2], [1]]),
        ("amount", True, [[1, 4, 3], [2, 6, 8], [9, 10, 7], [5]]),
        ("amount", False, [[9, 8, 6], [2, 3, 4], [1, 5, 7], [10]]),
    ],
)
def test_walking_forward_shows_every_row_once_with_gaps_last(sort, descending, pages):
    found, _last = walk(sort, descending=descending)

    assert found == pages


@pytest.mark.parametrize("sort", ["name", "amount"])
@pytest.mark.parametrize("descending", [True, False])
def test_walking_back_shows_the_same_pages(sort, descending):
    forward, last = walk(sort, descending=descending)
    cursor, back = last.previous_cursor, []
    while cursor:
        _page, part = ask(sort, descending=descending, cursor=cursor)
        back.append([row.id for row in part.rows])
        cursor = part.previous_cursor

    assert back == list(reversed(forward[:-1]))


def test_a_page_knows_where_it_stands():
    _page, first = ask("name", descending=False)
    _page, second = ask("name", descending=False, cursor=first.next_cursor)
    _page, again = ask("name", descending=False, cursor=second.previous_cursor)

    assert (first.first, first.last, first.total, first.more_than_total, first.previous_cursor) == (1, 3, 10, False, "")
    assert (second.first, second.last) == (4, 6)
    assert (again.first, again.last) == (1, 3)


def test_a_page_costs_two_queries_and_no_offset():
    with CaptureQueriesContext(connection) as queries:
        ask("amount", descending=True)

    assert len(queries) == 2
    assert "OFFSET" not in queries[0]["sql"]


def test_counting_stops_at_a_thousand(monkeypatch):
    monkeypatch.setattr("openprm.ui.paging.COUNT_UP_TO", 4)

    _page, part = ask("name", descending=False)

    assert (part.total, part.more_than_total) == (4, True)


def test_an_empty_table_gives_an_empty_page():
    Parcel.objects.all().delete()

    _page, part = ask("amount", descending=True)

    assert part == Slice(rows=(), total=0)


def test_a_slice_maps_its_rows():
    _page, part = ask("name", descending=False)

    assert part.map(lambda row: row.name).rows == ("parcel 01", "parcel 02", "parcel 03")
    assert part.map(lambda row: row.name).next_cursor == part.next_cursor
