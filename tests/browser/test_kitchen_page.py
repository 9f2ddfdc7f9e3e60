"""The kitchen's page: what is to be cooked, labels as a document, what has changed since, and what came back."""

from __future__ import annotations

import pypdfium2
import zxingcpp

from tests.browser.servers import KITCHEN, MANAGER, TECHNICIAN, StillServer
from tests.browser.visitor import PHONE, Browsing, Window
from wardlink.clinical.meals.menu_file import sample_menu
from wardlink.codes.kinds import TrayLabel
from wardlink.codes.reading import read_code
from wardlink.messages.base import Actor
from wardlink.messages.encounters import UpdateEncounter
from wardlink.messages.meals import OrderMeal, SetMenu

DINNER = "/board/kitchen?on=2026-11-25&meal=dinner"
SERVER = Actor(kind="system", id="server")


def test_from_the_order_to_the_label_and_the_change(still: StillServer, browsing: Browsing) -> None:
    """An order is counted, printed, scanned back, stopped, and then the page says which tray to take away."""
    stay = still.stays.get("5") or still.admit("5", "郑秋菊")
    here = {"ward": "w3", "encounter": stay, "bed": "5"}
    still.core.execute("encounter.update", UpdateEncounter(diet="low-salt"), actor=SERVER, **here)
    still.core.execute("menu.set", SetMenu(menu=sample_menu()), ward="w3", actor=SERVER)
    window = browsing.window(still.url)
    window.sign_in(KITCHEN, then=DINNER)
    window.wait("nobody has ordered", lambda: "还没有人点" in window.text("main"))
    assert "今天" in window.text(".segments")

    order = OrderMeal.model_validate({"on": "2026-11-25", "slot": "dinner", "dishes": ["LD1"]})
    meal = still.core.execute("meal.order", order, actor=Actor(kind="patient", id=stay), **here).id
    window.go(DINNER)
    window.wait("the dish is counted", lambda: "低盐饮食 × 1" in window.text("table"))
    assert "郑*菊" in window.text("main")
    assert "郑秋菊" not in window.text("main")
    table = window.page.request.get(f"{still.url}/board/kitchen.csv?on=2026-11-25&meal=dinner&q=郑").body()
    assert "郑*菊" in table.decode("utf-8-sig").splitlines()[1]

    assert labels(window, "print") == [TrayLabel(meal)]
    window.go(DINNER)
    window.wait("the print is noted", lambda: "打印了 1 张标签" in window.text("main"))
    assert all(words in window.text("main") for words in ("唐梅 于", "没有变化"))
    assert "tray labels, dinner" in still.audited("print")[-1]

    still.core.execute("encounter.update", UpdateEncounter(diet="nil-by-mouth"), actor=SERVER, **here)
    still.app.state.running.meals.look(stay)
    window.go(DINNER)
    window.wait("the tray is to be taken away", lambda: "请撤下餐盘" in window.text("main"))
    assert labels(window, "print-changed") == []

    phone = browsing.window(still.url, PHONE, language="en")
    phone.sign_in(MANAGER, then=DINNER + "&q=nobody")
    phone.wait("nothing fits", lambda: "No tray fits." in phone.text("main"))
    assert phone.overflow_px() <= 0
    phone.go(DINNER)
    assert phone.overflow_px() <= 0
    other = browsing.window(still.url)
    other.sign_in(TECHNICIAN, then=DINNER)
    other.wait("a technician may not", lambda: "没有进行此操作的权限" in other.text("main"))


def test_all_are_cooked_and_sent_out_by_a_touch(still: StillServer, browsing: Browsing) -> None:
    """The page says how many, and offers no step that is done; a day of nonsense is the meal at hand."""
    stay = still.stays.get("5") or still.admit("5", "郑秋菊")
    still.core.execute("menu.set", SetMenu(menu=sample_menu()), ward="w3", actor=SERVER)
    order = OrderMeal.model_validate({"on": "2026-11-26", "slot": "breakfast", "dishes": ["RB3"]})
    here = {"ward": "w3", "encounter": stay, "bed": "5"}
    still.core.execute("encounter.update", UpdateEncounter(diet="regular"), actor=SERVER, **here)
    still.core.execute("meal.order", order, actor=Actor(kind="patient", id=stay), **here)
    window = browsing.window(still.url)
    window.sign_in(KITCHEN, then="/board/kitchen?on=2026-11-26&meal=breakfast&ward=w3")
    window.wait("it can still change", lambda: "下面的数字会变" in window.text("main"))

    window.page.get_by_role("button", name="全部开始制作").click()
    window.wait("it is said", lambda: "1 份餐盘已开始制作" in window.text("main"))
    assert window.page.get_by_role("button", name="全部开始制作").count() == 0
    window.page.get_by_role("button", name="全部送出").click()
    window.wait("it is said", lambda: "1 份餐盘已送出" in window.text("main"))

    window.go("/board/kitchen?on=yesterday&meal=supper&page=x")
    window.wait("the meal at hand", lambda: "午餐 2026-11-25" in window.text("h1"))


def labels(window: Window, act: str) -> list[object]:
    """What a scanner reads on the labels that are printed; none where the answer is a page."""
    form = {"on": "2026-11-25", "meal": "dinner"}
    answer = window.page.request.post(f"{window.url}/board/kitchen/{act}", form=form)
    if not answer.headers["content-type"].startswith("application/pdf"):
        return []
    pages = pypdfium2.PdfDocument(answer.body())
    return [read_code(code.text) for page in pages for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
