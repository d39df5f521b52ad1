import pytest

from ..provider import Preset, by_domain, by_host, by_mx, names

PRESETS = (
    Preset(1, (), ("mxbiz1.qq.com", "mxbiz2.qq.com"), ("smtp.exmail.qq.com",)),
    Preset(2, (), ("mxbiz1.qq.com",), ("hwsmtp.exmail.qq.com",)),
    Preset(3, ("qq.com", "foxmail.com"), (), ("smtp.qq.com",)),
    Preset(4, ("gmail.com",), ("aspmx.l.google.com", "googlemail.com"), ("smtp.gmail.com",)),
    Preset(5, ("outlook.com",), ("olc.protection.outlook.com",), ("smtp-mail.outlook.com",)),
    Preset(6, (), ("mail.protection.outlook.com",), ("smtp.office365.com", "smtp.outlook.com")),
)


@pytest.mark.parametrize(
    ("domain", "found"), [("foxmail.com", 3), ("gmail.com", 4), ("vip.qq.com", None), ("", None), ("b.cn", None)]
)
def test_a_known_domain(domain, found):
    assert by_domain(PRESETS, domain) == found


@pytest.mark.parametrize(
    ("exchangers", "found"),
    [
        (["mxbiz2.qq.com"], 1),
        (["MXBIZ1.qq.com."], 1),
        (["mx.b.cn", "alt1.aspmx.l.google.com"], 4),
        (["aspmx2.googlemail.com", "mxbiz1.qq.com"], 4),
        (["b-cn.mail.protection.outlook.com"], 6),
        (["outlook-com.olc.protection.outlook.com"], 5),
        (["notmxbiz1.qq.com"], None),
        (["qq.com"], None),
        (["."], None),
        ([], None),
    ],
)
def test_mail_exchangers(exchangers, found):
    """The first in the list of those that share one is the one proposed."""
    assert by_mx(PRESETS, exchangers) == found


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("smtp.exmail.qq.com", 1),
        ("hwsmtp.exmail.qq.com", 2),
        ("other.exmail.qq.com", 1),
        ("SMTP.QQ.com.", 3),
        ("ex.qq.com", 3),
        ("smtp.outlook.com", 6),
        ("notqq.com", None),
        ("com", None),
        ("localhost", None),
        ("", None),
        (False, None),
    ],
)
def test_an_outgoing_server(host, found):
    assert by_host(PRESETS, host) == found


def test_names_as_people_list_them():
    assert names("qq.com, @Foxmail.com;\n vip.qq.com.") == ("qq.com", "foxmail.com", "vip.qq.com")
    assert names(False) == ()
