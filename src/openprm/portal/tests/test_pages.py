import pytest

from openprm.inbox.ports import Decision
from openprm.kernel.registry import HomePanel, SearchHit, registry
from openprm.portal import queries

pytestmark = pytest.mark.django_db
PELICAN = 'class="row-link" href="#">Pelican Foods'


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def contributed(monkeypatch):
    """Replace what domains contribute of one kind."""

    def put(**kinds):
        before = registry.all
        monkeypatch.setattr(registry, "all", lambda kind: kinds.get(kind, before(kind)))

    return put


def test_home_greets_by_first_name_and_follows_the_clock_of_the_person(cast):
    page = html(cast.client("vendor_admin").get("/app/"))

    assert any(f"Good {part}, Ingrid</h1>" in page for part in ("morning", "afternoon", "evening"))
    assert "All times in Oslo time" in page


def test_home_draws_panels_in_their_slots_and_leaves_silent_ones_out(cast, contributed):
    panel = {"workspace": "vendor", "template": "ui/kpis.html"}
    contributed(
        home_panels=(
            HomePanel(key="a", slot="side", context=lambda actor, at: {"kpis": [], "summary": "Two deals wait."}, **panel),
            HomePanel(key="b", slot="main", context=lambda actor, at: None, **panel),
            HomePanel(key="c", slot="main", context=lambda actor, at: {"kpis": []}, permission="portal.view_gallery", **panel),
        )
    )

    for_admin = html(cast.client("vendor_admin").get("/app/"))
    for_reader = html(cast.client("vendor_reader").get("/app/"))

    assert [key for key in "abc" if f'data-panel="{key}"' in for_admin] == ["a", "c"]
    assert [key for key in "abc" if f'data-panel="{key}"' in for_reader] == ["a"]
    assert "<p>Two deals wait.</p>" in for_admin


def test_search_asks_every_provider_as_this_actor_and_escapes_what_was_typed(cast, contributed):
    asked = []

    def provider(actor, text, limit):
        asked.append((actor.name, text, limit))
        return [SearchHit(group="Accounts", title="<b>Kallio</b>", url="/app/accounts/1/")]

    contributed(search=(provider,))
    page = html(cast.client("vendor_reader").get("/app/search/", {"q": "<script>ka"}))

    assert asked == [("Kari Dahl", "<script>ka", 20)]
    assert "&lt;b&gt;Kallio&lt;/b&gt;" in page
    assert "<script>ka" not in page


def test_the_palette_gets_options_only(cast, contributed):
    contributed(search=(lambda actor, text, limit: [SearchHit(group="Accounts", title="Kallio", url="/a/")],))

    response = cast.client("partner_rep").get("/portal/search/", {"q": "ka"}, headers={"HX-Request": "true", "HX-Target": "palette-hits"})

    assert 'role="option"' in html(response)
    assert "<html" not in html(response)
    assert "HX-Target" in response["Vary"]


@pytest.mark.parametrize("text", ["", "a", " ", "\x00", "\x00a"])
def test_too_little_text_asks_nobody(cast, contributed, text):
    contributed(search=(lambda *args: pytest.fail("nobody should be asked"),))

    assert queries.search(cast.vendor_admin, text) == ()


def test_a_very_long_search_is_cut(cast, contributed):
    contributed(search=(lambda actor, text, limit: [SearchHit(group="x", title=str(len(text)), url="/")],))

    assert queries.search(cast.vendor_admin, "a" * 10_000)[0].hits[0].title == "100"


def test_a_saved_view_opens_the_list_again_and_can_be_forgotten(cast):
    client = cast.client("vendor_admin")
    form = {"list": "portal.gallery", "name": "Steel", "query": "q=steel&sort=deal", "is_default": "yes", "next": "/app/gallery/?q=steel"}

    saved = client.post("/app/views/save/", form)
    page = html(client.get("/app/gallery/"))

    assert (saved.status_code, saved["Location"]) == (303, "/app/gallery/?q=steel")
    assert 'class="row-link" href="#">Ostrava Steelworks' in page
    assert PELICAN not in page
    view_id = page.split('name="view" value="')[1].split('"')[0]
    client.post("/app/views/delete/", {"view": view_id, "next": "/app/gallery/"})
    assert PELICAN in html(client.get("/app/gallery/"))


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", ""])
def test_the_way_back_stays_in_this_site(cast, to):
    form = {"list": "portal.gallery", "name": "Steel", "query": "q=steel", "next": to}

    assert cast.client("vendor_admin").post("/app/views/save/", form)["Location"] == "/"


def test_a_view_of_somebody_else_is_not_found(cast):
    mine = cast.client("vendor_admin")
    mine.post("/app/views/save/", {"list": "portal.gallery", "name": "Mine", "query": "q=steel", "next": "/app/gallery/"})
    view_id = html(mine.get("/app/gallery/?view=all")).split('name="view" value="')[1].split('"')[0]

    answer = cast.client("partner_manager").post("/app/views/delete/", {"view": view_id})

    assert answer.status_code == 404
    assert "Mine" in html(mine.get("/app/gallery/?view=all"))


def test_settings_show_only_what_the_role_may_open(cast):
    admin = html(cast.client("vendor_admin").get("/app/settings/"))
    reader = html(cast.client("vendor_reader").get("/app/settings/"))

    assert admin.count('class="settings-card"') == len(queries.settings_cards(cast.vendor_admin, "vendor"))
    assert reader.count('class="settings-card"') == len(queries.settings_cards(cast.vendor_reader, "vendor"))


def test_a_list_answers_htmx_with_its_results_only(cast):
    response = cast.client("vendor_admin").get("/app/gallery/?q=atrium", headers={"HX-Request": "true", "HX-Target": "results"})

    assert html(response).lstrip().startswith('<section class="card list" id="results"')
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["sort=evil", "amount_min=1e999", "after=forged", "answer_from=2026-99-99", "rows=-1", "stage=%00", "cols=%27%3B--"])
def test_a_hostile_address_still_shows_the_list(cast, query):
    response = cast.client("vendor_admin").get(f"/app/gallery/?{query}")

    assert response.status_code == 200
    assert "Atrium Hospitals" in html(response)


def test_every_page_carries_the_strict_policy_and_no_inline_script(cast):
    response = cast.client("partner_rep").get("/portal/")

    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert "<script>" not in html(response)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_theme_of_the_cookie_is_rendered_by_the_server(cast, theme):
    client = cast.client("partner_rep")
    client.cookies["theme"] = theme

    assert f'<html lang="en" data-theme="{theme}">' in html(client.get("/portal/"))


def test_a_hostile_theme_cookie_is_ignored(cast):
    client = cast.client("partner_rep")
    client.cookies["theme"] = '"><script>'

    assert '<html lang="en">' in html(client.get("/portal/"))


def test_before_anything_is_typed_the_palette_suggests_what_is_due_first(cast, contributed):
    class Waiting:
        def list_decisions(self, actor, at):
            return [Decision(key="x:1", title="Ostrava Steelworks", detail="5 h left", url="/app/x/", due_at=at)]

    contributed(decision_sources=(Waiting(),))

    response = cast.client("vendor_admin").get("/app/search/", {"q": ""}, headers={"HX-Request": "true", "HX-Target": "palette-hits"})

    assert "Ostrava Steelworks" in html(response)
    assert "Needs you" in html(response)


def test_groups_of_the_navigation_stand_in_one_order_whoever_contributes(cast):
    page = html(cast.client("vendor_admin").get("/app/settings/"))

    found = [name for name in ("Partners", "Sell together", "Measure") if f"<h2>{name}</h2>" in page]
    assert found == sorted(found, key=lambda name: page.index(f"<h2>{name}</h2>"))
    assert page.index(">Home</a>") < page.index(f"<h2>{found[0]}</h2>")
