from ...rows import Identity
from ...table import RoutingTable

ZY, BOSS, A = 7, 8, 1


def test_an_address_is_taken_by_its_owners_alone():
    table = RoutingTable.build(identities=[Identity(ZY, A, "Zy@a.com"), Identity(BOSS, A, "ceo@a.com")])
    assert table.is_taken("CEO@a.com", ZY)
    assert not table.is_taken("ceo@a.com", BOSS)
    assert not table.is_taken("sales@a.com", ZY)
    assert table.user_ids == {ZY, BOSS}


def test_an_address_of_several_is_nobodys_alone():
    table = RoutingTable.build(identities=[Identity(user, A, "sales@a.com") for user in (ZY, BOSS)])
    assert not table.is_taken("sales@a.com", ZY)
    assert not table.is_taken("sales@a.com", BOSS)
    assert table.is_taken("sales@a.com", 9)
