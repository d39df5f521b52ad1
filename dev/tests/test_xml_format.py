"""The XML layout changes the space between tags, and nothing else."""

import pytest

from ..xml_format import format_xml, main

HEAD = '<?xml version="1.0" encoding="utf-8" ?>\n'
LONG = "x" * 110


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<odoo><data/></odoo>", "<odoo>\n    <data />\n</odoo>\n"),
        ("<odoo>\n\n\n<a/>\n\n\n<b/>\n\n</odoo>", "<odoo>\n    <a />\n\n    <b />\n</odoo>\n"),
        ("<odoo><!-- why --><a/></odoo>", "<odoo>\n    <!-- why -->\n    <a />\n</odoo>\n"),
        (f'<a b="{LONG}" c="1"/>', f'<a\n    b="{LONG}"\n    c="1"\n/>\n'),
        (f'<a b="{LONG}" c="1">text</a>', f'<a\n    b="{LONG}"\n    c="1"\n>text</a>\n'),
        ("<a b='say \"x\"' c='1 &lt; 2 > 1'/>", '<a b="say &quot;x&quot;" c="1 &lt; 2 > 1" />\n'),
        ("<p>Two  <b>bold</b>\n  lines &amp; 中文</p>", "<p>Two  <b>bold</b>\n  lines &amp; 中文</p>\n"),
    ],
)
def test_layout(before, after):
    assert format_xml(before) == HEAD + after
    assert format_xml(HEAD + after) == HEAD + after


def test_check_names_the_file_and_leaves_it(tmp_path, capsys):
    view = tmp_path / "view.xml"
    view.write_text("<odoo/>")
    assert main(["--check", str(view)]) == 1
    assert "view.xml" in capsys.readouterr().out
    assert view.read_text() == "<odoo/>"
    assert main([str(view)]) == 0
    assert main(["--check", str(view)]) == 0
