"""What the payer sees after the scan: what it is for, the amount, one button; then a receipt. For phones first."""

from __future__ import annotations

from datetime import datetime
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, get_args

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from wardlink.clock import ward_time
from wardlink.i18n import DEFAULT_LANGUAGE, LANGUAGES, domain, language, speaking
from wardlink.money import yuan
from workbench.gateways.sandbox.entries import Page, Refused, Wish

if TYPE_CHECKING:
    from workbench.gateways.sandbox.gateway import Gateway

_ = domain("commands").gettext

_SHEET = Template(files("workbench.gateways.sandbox").joinpath("sheet.html").read_text("utf-8"))

_OTHER = {"zh_CN": ("en", "en", "English"), "en": ("zh_CN", "zh-CN", "中文")}
"""By the language of the page: the other one's name in our addresses, in HTML, and for people."""

_QUIET = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "cache-control": "no-store",
}


_AGAIN = "again"
"""In the address of somebody who pressed although it was paid already."""


class Pages:
    """The routes of the gateway's payers."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/pay/{token}", self._show, methods=["GET"]),
            Route("/pay/{token}", self._pay, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        now, page, status = self._gateway.clock.now(), None, 200
        try:
            page = await run_in_threadpool(self._gateway.books.page, request.path_params["token"], now)
        except Refused as exc:
            status = exc.status
        with speaking(_language_of(request)):
            return HTMLResponse(self._rendered(page, now, is_again=_AGAIN in request.query_params), status, _QUIET)

    async def _pay(self, request: Request) -> Response:
        token = request.path_params["token"]
        said = (await request.form()).get("wish")
        wish: Wish | None = next((each for each in get_args(Wish) if each == said), None)
        to = request.url.remove_query_params(_AGAIN)
        try:
            await run_in_threadpool(self._gateway.books.pay, token, self._gateway.clock.now(), wish)
        except Refused as exc:
            # Whoever pressed twice or too late sees on the page how it stands.
            return RedirectResponse(_path(to.include_query_params(**{_AGAIN: 1})), 303, {"sandbox-refused": exc.code})
        return RedirectResponse(_path(to), 303)

    def _rendered(self, page: Page | None, now: datetime, *, is_again: bool) -> str:
        spoken = language()
        other, other_lang, other_name = _OTHER[spoken]
        payee = _("Sandbox payment") if page is None else self._gateway.name_of(page.merchant)
        refresh = ""
        if page is None:
            look, body = "over", _over(_("There is no such code"), _("Please scan the code again."))
        elif page.state == "waiting":
            look, body = "waiting", _waiting(page, payee)
            # A page that lies open says by itself when its time is over.
            refresh = (
                f'<meta http-equiv="refresh" content="{max(1, int((page.expires_at - now).total_seconds()) + 1)}">\n'
            )
        elif page.state == "paid":
            look, body = "done", _receipt(page, payee, is_again=is_again)
        else:
            nothing = _("Nothing was paid. Ask for a new code at the bedside screen or the cashier.")
            look, body = "over", _over(_("This code can no longer be paid"), nothing, page, payee)
        words = {"title": _("Sandbox payment"), "payee": payee, "other_name": other_name}
        return _SHEET.substitute(
            {name: escape(text) for name, text in words.items()},
            lang=spoken.replace("_", "-"),
            look=look,
            body=body,
            refresh=refresh,
            other=other,
            other_lang=other_lang,
            footer=escape(_("A demonstration: no real money moves here.")),
        )


def _path(url: URL) -> str:
    return f"{url.path}?{url.query}" if url.query else url.path


def _language_of(request: Request) -> str:
    chosen = request.query_params.get("lang")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        name = part.partition(";")[0].strip().lower()
        if name.startswith(("zh", "en")):
            return "zh_CN" if name.startswith("zh") else "en"
    return DEFAULT_LANGUAGE


def _waiting(page: Page, payee: str) -> str:
    wishes = {
        "once": _("The hospital is told once"),
        "twice": _("The hospital is told twice"),
        "late": _("The hospital is told half a minute late"),
        "never": _("The hospital is never told"),
    }
    options = "".join(f'<option value="{value}">{escape(text)}</option>' for value, text in wishes.items())
    title, button = _("Please check and pay"), _("Pay {amount} yuan").format(amount=yuan(page.amount_fen))
    testers = escape(_("For testers: what goes wrong"))
    return (
        f'<div class="top" id="waiting"><h1>{escape(title)}</h1>{_amount(page)}</div>{_facts(page, payee)}'
        f'<form method="post"><details><summary>{testers}</summary>'
        f'<select name="wish" aria-label="{testers}">{options}</select></details>'
        f'<p class="pay"><button id="pay">{escape(button)}</button></p></form>'
    )


def _receipt(page: Page, payee: str, *, is_again: bool) -> str:
    said, more = _("Paid"), _("You can close this page. The hospital shows the payment within a moment.")
    if is_again:
        said, more = _("Paid already"), _("It was paid before. Nothing was paid a second time.")
    top = f'<div class="top" id="paid"><div class="sign" aria-hidden="true">✓</div>{_state(said)}{_amount(page)}</div>'
    return f'{top}{_facts(page, payee)}<p class="more">{escape(more)}</p>'


def _over(said: str, more: str, page: Page | None = None, payee: str = "") -> str:
    top = f'<div class="top" id="over"><div class="sign" aria-hidden="true">!</div>{_state(said)}</div>'
    facts = "" if page is None else _facts(page, payee)
    return f'{top}{facts}<p class="more">{escape(more)}</p>'


def _state(said: str) -> str:
    return f'<h1 class="state">{escape(said)}</h1>'


def _amount(page: Page) -> str:
    return f'<p class="amount"><small>¥</small>{yuan(page.amount_fen)}</p>'


def _facts(page: Page, payee: str) -> str:
    lines = [(_("For"), page.subject, ""), (_("To"), payee, "")]
    if page.state == "closed":
        lines.append((_("Amount"), f"¥ {yuan(page.amount_fen)}", "number"))
    if page.state == "waiting":
        lines.append((_("Valid until"), f"{ward_time(page.expires_at):%H:%M:%S}", "number"))
    if page.paid_at is not None:
        lines.append((_("Paid at"), f"{ward_time(page.paid_at):%Y-%m-%d %H:%M:%S}", "number"))
        lines.append((_("Payment number"), str(page.trade_no), "number long"))
    lines.append((_("Order number"), page.out_trade_no, "number long"))
    rows = "".join(
        f'<div><dt>{escape(name)}</dt><dd class="{look}">{escape(value)}</dd></div>' for name, value, look in lines
    )
    return f'<section class="card"><dl>{rows}</dl></section>'
