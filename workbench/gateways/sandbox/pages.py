"""What the payer sees after the scan: what it is for, the amount, one button; then a receipt. For phones first."""

from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING, get_args

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from wardlink.clock import ward_time
from wardlink.i18n import DEFAULT_LANGUAGE, domain, language, speaking
from wardlink.money import yuan
from workbench.gateways.sandbox.entries import Page, Refused, Wish

if TYPE_CHECKING:
    from workbench.gateways.sandbox.gateway import Gateway

_ = domain("commands").gettext

_SHEET = Template("""<!doctype html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>$title</title>
<style>
:root { color-scheme: light; font-family: system-ui, "Noto Sans CJK SC", "Noto Sans SC", sans-serif; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f3f5f7; color: #10202c; }
main { width: min(26rem, 100vw - 2rem); margin: 1rem; padding: 1.5rem; background: #fff; border-radius: .75rem;
  box-shadow: 0 1px 4px #10202c33; }
h1 { margin: 0 0 1rem; font-size: 1.1rem; font-weight: 600; }
.amount { margin: .5rem 0 1rem; font-size: 3rem; font-weight: 700; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1rem; margin: 0 0 1.5rem; }
dt { color: #4a5a66; }
dd { margin: 0; overflow-wrap: anywhere; }
button { width: 100%; min-height: 3.5rem; border: 0; border-radius: .5rem; background: #0b5c8f; color: #fff;
  font: inherit; font-size: 1.25rem; font-weight: 600; cursor: pointer; }
button:focus-visible, select:focus-visible, summary:focus-visible { outline: 3px solid #f0a000; outline-offset: 2px; }
details { margin-top: 1.25rem; color: #4a5a66; }
summary { min-height: 2.75rem; cursor: pointer; }
select { width: 100%; min-height: 2.75rem; font: inherit; }
.state { font-size: 1.4rem; font-weight: 700; }
.done { color: #176b34; }
.over { color: #8f2b0b; }
footer { margin-top: 1.25rem; font-size: .85rem; color: #4a5a66; }
</style>
</head>
<body><main>$body<footer>$footer</footer></main></body>
</html>
""")

_QUIET = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "cache-control": "no-store",
}


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
        try:
            page = await run_in_threadpool(
                self._gateway.books.page, request.path_params["token"], self._gateway.clock.now()
            )
        except Refused as exc:
            page, status = None, exc.status
        else:
            status = 200
        with speaking(_language_of(request)):
            return HTMLResponse(_render(page), status, _QUIET)

    async def _pay(self, request: Request) -> Response:
        token = request.path_params["token"]
        said = (await request.form()).get("wish")
        wish: Wish | None = next((each for each in get_args(Wish) if each == said), None)
        try:
            await run_in_threadpool(self._gateway.books.pay, token, self._gateway.clock.now(), wish)
        except Refused as exc:
            # Whoever pressed twice or too late sees on the page how it stands.
            return RedirectResponse(request.url.path, 303, {"sandbox-refused": exc.code})
        return RedirectResponse(request.url.path, 303)


def _language_of(request: Request) -> str:
    for part in request.headers.get("accept-language", "").split(","):
        name = part.partition(";")[0].strip().lower()
        if name.startswith(("zh", "en")):
            return "zh_CN" if name.startswith("zh") else "en"
    return DEFAULT_LANGUAGE


def _render(page: Page | None) -> str:
    body = _unknown() if page is None else {"waiting": _waiting, "paid": _receipt, "closed": _over}[page.state](page)
    return _SHEET.substitute(
        lang=language().replace("_", "-"),
        title=escape(_("Sandbox payment")),
        body=body,
        footer=escape(_("A demonstration: no real money moves here.")),
    )


def _waiting(page: Page) -> str:
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
        f'<h1>{escape(title)}</h1>{_facts(page)}<form method="post"><button id="pay">{escape(button)}</button>'
        f'<details><summary>{testers}</summary><select name="wish" aria-label="{testers}">{options}</select>'
        "</details></form>"
    )


def _receipt(page: Page) -> str:
    closing = _("You can close this page. The hospital shows the payment within a moment.")
    return _said("done", "paid", "✓ " + _("Paid")) + _facts(page) + f"<p>{escape(closing)}</p>"


def _over(page: Page) -> str:
    again = _("Nothing was paid. Ask for a new code at the bedside screen or the cashier.")
    return _said("over", "over", _("This code can no longer be paid")) + _facts(page) + f"<p>{escape(again)}</p>"


def _unknown() -> str:
    again = _("Please scan the code again.")
    return _said("over", "over", _("There is no such code")) + f"<p>{escape(again)}</p>"


def _said(look: str, id: str, text: str) -> str:
    return f'<p class="state {look}" id="{id}">{escape(text)}</p>'


def _facts(page: Page) -> str:
    lines = [(_("For"), page.subject), (_("To"), page.merchant), (_("Order number"), page.out_trade_no)]
    if page.state == "waiting":
        lines.append((_("Valid until"), f"{ward_time(page.expires_at):%H:%M:%S}"))
    if page.paid_at is not None:
        lines.append((_("Paid at"), f"{ward_time(page.paid_at):%Y-%m-%d %H:%M:%S}"))
        lines.append((_("Payment number"), str(page.trade_no)))
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in lines)
    return f'<p class="amount">¥ {yuan(page.amount_fen)}</p><dl>{rows}</dl>'
