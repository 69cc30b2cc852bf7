import re

import pytest
from django import forms

from openprm.kernel.errors import Invalid, Problem
from openprm.ui import fields

HOSTILE = '"><img src=x onerror=alert(1)>'


class Form(forms.Form):
    email = forms.EmailField(label="Work e-mail", help_text="We send one invitation.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="I agree", help_text="Once is enough")
    motion = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "They sell"), ("b", "We sell together")])
    proof = forms.FileField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput)


def drawn(name: str, data: dict | None = None, **options) -> str:
    return fields.render(Form(data)[name], **options)


def test_the_label_names_the_control_and_the_help_describes_it():
    html = drawn("email")

    assert '<label for="id_email">Work e-mail</label>' in html
    assert 'aria-describedby="id_email_help"' in html
    assert '<span class="help" id="id_email_help">We send one invitation.</span>' in html
    assert 'class="input"' in html


def test_an_error_stands_beside_its_field_and_is_announced_with_it():
    html = drawn("email", {"email": "kallio"})

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_help id_email_error"' in html
    assert re.search(r'<span class="error" id="id_email_error">.*Enter a valid email address', html, re.S)


def test_what_was_typed_comes_back_escaped():
    html = drawn("email", {"email": HOSTILE})

    assert "<img" not in html
    assert "&quot;&gt;&lt;img" in html


def test_a_field_that_may_stay_empty_says_so_unless_the_page_does():
    assert "(optional)" in drawn("note")
    assert "(optional)" not in drawn("note", optional=False)
    assert "(optional)" not in drawn("email")


def test_options_dress_the_field_and_the_rest_goes_to_the_control():
    html = drawn("email", suffix="a year", hide_label=True, autofocus=True, data_check="yes", placeholder=HOSTILE)

    assert '<span class="suffix">a year</span>' in html
    assert 'class="sr-only">Work e-mail</label>' in html
    assert " autofocus" in html
    assert 'data-check="yes"' in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("agree", ['<label class="check"><input type="checkbox"', 'id="id_agree_help"']),
        ("motion", ["<fieldset", "<legend", '<label class="choice"']),
        ("proof", ['class="dropzone"', 'aria-labelledby="id_proof_label"']),
        ("secret", ['type="hidden"']),
    ],
)
def test_every_kind_of_control_has_its_layout(name, marks):
    html = drawn(name)

    assert [mark for mark in marks if mark not in html] == []


def test_problems_of_a_refusal_go_beside_their_fields_and_the_rest_on_top():
    form = Form({"email": "a@b.example"})
    form.is_valid()

    fields.add_problems(form, Invalid(problems=[Problem("email", "Taken."), Problem("lines[0].amount", "Too large.")]))

    assert form.errors["email"] == ["Taken."]
    assert form.non_field_errors() == ["Too large."]
    assert [(one.label, one.message) for one in fields.problems(form)][:2] == [("", "Too large."), ("Work e-mail", "Taken.")]
