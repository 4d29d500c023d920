import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from server.auth.tables import person
from tests.auth.house import House

pytestmark = pytest.mark.anyio
NAME = "Aurelia Quist"


async def test_a_failed_statement_never_quotes_its_values(either: House) -> None:
    either.person("B-1")
    copy = sa.insert(person).values(
        id="p1", site="main", name=NAME, badge="B-1", role="picker", pin_hash="x"
    )
    with pytest.raises(DBAPIError) as failed:
        await either.store.run(lambda tx: tx.conn.execute(copy))
    assert NAME not in str(failed.value)
    with pytest.raises(DBAPIError) as failed:
        await either.store.rows(sa.text("SELECT nothing FROM nowhere WHERE x = :x"), {"x": NAME})
    assert NAME not in str(failed.value)
