"""The parts of the API that take values and return values."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from openprm.kernel.api import bodies, cursors, etags, limits, problems
from openprm.kernel.errors import Conflict, Invalid, Problem, Stale

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Thing:
    id: UUID
    created_at: datetime


def things(count: int) -> list[Thing]:
    """Newest first; each moment is shared by two rows, so that the id must break ties."""
    return sorted(
        (Thing(UUID(int=number), AT + timedelta(seconds=number // 2)) for number in range(count)),
        key=cursors.key_of,
        reverse=True,
    )


class TestCursor:
    @given(st.datetimes(timezones=st.just(UTC)), st.uuids())
    def test_comes_back_as_it_went(self, at, row_id):
        assert cursors.decode_cursor(cursors.encode_cursor(at, row_id)) == (at, row_id)

    @given(st.text(max_size=60))
    def test_of_somebody_else_is_refused_by_name(self, text):
        with pytest.raises(cursors.BadCursor) as refusal:
            cursors.decode_cursor(text)
        assert refusal.value.problems[0].field == "cursor"

    def test_with_other_types_inside_is_refused(self):
        for inside in ("WzEsMl0", "e30", "bnVsbA", "WyIyMDI2LTExLTIzIiwgIngiXQ"):
            with pytest.raises(cursors.BadCursor):
                cursors.decode_cursor(inside)


class TestPaginate:
    @given(st.integers(0, 40), st.integers(1, 15))
    def test_pages_hold_every_row_once_in_order(self, count, limit):
        rows, seen, cursor = things(count), [], None
        for _page in range(count + 2):
            page = cursors.paginate(rows, cursor, limit)
            seen += page.items
            cursor = page.next_cursor
            if not cursor:
                break
        assert seen == rows

    def test_rows_added_meanwhile_move_nothing(self):
        rows = things(10)
        first = cursors.paginate(rows[4:], None, 3)

        second = cursors.paginate(rows, first.next_cursor, 3)

        assert first.items + second.items == rows[4:10]

    def test_a_huge_limit_is_cut(self):
        assert len(cursors.paginate(things(500), None, 10**9).items) == cursors.MAX_LIMIT


class TestEtag:
    def request(self, **headers):
        return RequestFactory().patch("/", headers=headers)

    def test_an_update_without_if_match_is_asked_for_it(self):
        with pytest.raises(problems.PreconditionRequired) as refusal:
            etags.require_match(self.request(), 3)
        assert (refusal.value.status, refusal.value.code) == (428, "if_match_required")

    def test_an_old_version_is_stale(self):
        with pytest.raises(Stale) as refusal:
            etags.require_match(self.request(**{"If-Match": '"2"'}), 3)
        assert (refusal.value.status, refusal.value.code) == (412, "revision_mismatch")

    @pytest.mark.parametrize("given", ['"3"', '"1", "3"', "*"])
    def test_the_current_version_passes(self, given):
        etags.require_match(self.request(**{"If-Match": given}), 3)

    def test_a_weak_tag_never_allows_an_update(self):
        with pytest.raises(Stale):
            etags.require_match(self.request(**{"If-Match": 'W/"3"'}), 3)


class TestFieldPath:
    @pytest.mark.parametrize(
        ("loc", "path"),
        [
            (("body", "data", "lines", 0, "amount_minor"), "lines[0].amount_minor"),
            (("body", "data", "customer", "name"), "customer.name"),
            (("body", "data"), ""),
            (("query", "limit"), "limit"),
            (("path", "registration_id"), "registration_id"),
        ],
    )
    def test_is_spelled_as_the_caller_sent_it(self, loc, path):
        assert problems.field_path(loc) == path

    def test_codes_are_ours_and_stable(self):
        found = problems.problems_of_validation(
            [
                {"loc": ("body", "data", "title"), "type": "missing", "msg": "Field required"},
                {"loc": ("body", "data", "stage"), "type": "literal_error", "msg": "x", "ctx": {"expected": "'a' or 'b'"}},
                {"loc": ("body", "data", "amount_minor"), "type": "int_parsing", "msg": "Input should be a valid integer"},
            ]
        )
        assert [(one.field, one.code, one.message) for one in found] == [
            ("title", "required_field_missing", "Send this field."),
            ("stage", "invalid_enum_value", "Use one of 'a' or 'b'."),
            ("amount_minor", "wrong_type", "Input should be a valid integer."),
        ]


class TestProblem:
    def test_carries_status_code_sentence_and_fields(self):
        body = problems.problem_of(Invalid(problems=[Problem("lines[0].amount_minor", "Use a positive amount.", "out_of_range")]))
        assert body == {
            "type": "urn:openprm:problem:invalid",
            "title": "Unprocessable Entity",
            "status": 422,
            "code": "invalid",
            "detail": "Use a positive amount.",
            "errors": [{"field": "lines[0].amount_minor", "code": "out_of_range", "message": "Use a positive amount."}],
        }

    def test_takes_its_code_from_the_refusal(self):
        class AccountAlreadyProtected(Conflict):
            pass

        assert problems.problem_of(AccountAlreadyProtected("Taken."))["code"] == "account_already_protected"


class TestJson:
    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "empty"),
            (b'{"a": 1,}', "line 1, column 9"),
            (b'\n\n{"a" 1}', "line 3, column 6"),
            (b"\xff\xfe", "not UTF-8"),
            (b'{"a": NaN}', "NaN is not JSON"),
            (b'{"a": Infinity}', "Infinity is not JSON"),
            (b'{"a": 1, "a": 2}', "“a” is there twice"),
            (b"[" * 100_000, "nested too deep"),
            (b"1" * 5000, "a number that is too long"),
        ],
    )
    def test_that_cannot_be_read_is_refused_with_the_place(self, body, words):
        with pytest.raises(problems.BadRequest) as refusal:
            bodies.parse(body)
        assert words in refusal.value.message

    @pytest.mark.parametrize("value", ["a\x00b", {"a": ["\x00"]}, {"\x00": 1}, ["\ud800"], "\udfff"])
    def test_text_that_no_column_can_hold_is_refused(self, value):
        with pytest.raises(problems.BadRequest) as refusal:
            bodies.refuse_unstorable(value)
        assert refusal.value.code == "unstorable_text"

    def test_nesting_has_a_floor(self):
        nested: list = []
        for _level in range(200):
            nested = [nested]
        with pytest.raises(problems.BadRequest):
            bodies.refuse_unstorable(nested)

    def test_another_content_type_is_refused(self):
        with pytest.raises(problems.UnsupportedMediaType):
            bodies.read_json(RequestFactory().post("/", {"a": "b"}))

    def test_a_large_body_is_refused_before_it_is_read(self):
        request = RequestFactory().post("/", b"{}", content_type="application/json", headers={"Content-Length": "2000000"})
        with pytest.raises(problems.TooLarge):
            bodies.read_json(request)


class TestAllowance:
    def test_counts_down_and_fills_again(self):
        policy = limits.Policy("default", amount=60, seconds=60)
        assert limits.allowance(policy=policy, arrives_at=AT + timedelta(seconds=1), at=AT).headers == {
            "RateLimit-Policy": '"default";q=60;w=60',
            "RateLimit": '"default";r=59;t=1',
        }
        assert limits.allowance(policy=policy, arrives_at=AT + timedelta(seconds=60), at=AT).remaining == 0
        assert limits.allowance(policy=policy, arrives_at=AT - timedelta(days=1), at=AT).remaining == 60
