"""The ward server as one application: the only place where its parts are chosen and put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version

from fastapi import APIRouter, FastAPI

from server import sync_routes
from server.alerts import routes as alert_routes
from server.assessments import routes as assessment_routes
from server.charts import routes as chart_routes
from server.complaints import bed_routes as complaint_bed_routes
from server.config import Settings
from server.consults import bed_routes as consult_bed_routes
from server.core import Core
from server.db import Database
from server.drg import routes as drg_routes
from server.ecg import bed_routes as ecg_bed_routes
from server.ecg import routes as ecg_routes
from server.exceptions import routes as exception_routes
from server.family import routes as family_routes
from server.family import staff_routes as guardian_routes
from server.handovers import routes as handover_routes
from server.http import install_errors
from server.identity import audit_routes, device_routes, staff_routes
from server.identity import routes as identity_routes
from server.insurance import account_routes, shown_routes
from server.insurance import bed_routes as insurance_bed_routes
from server.insurance import routes as insurance_routes
from server.insurance.account_clock import AccountClock
from server.insurance.service import Insurance
from server.insurance.settings import InsuranceSettings
from server.insurance.shown import Shown
from server.integrations.choosing import bill_readers, payment_channels
from server.integrations.national.choosing import insurance_platform
from server.kpis import alert_times
from server.kpis import sums as kpi_sums
from server.limits import BodyLimit
from server.meals import routes as meal_routes
from server.medication import sums as medication_sums
from server.migrate import upgrade
from server.money import bed_routes as money_bed_routes
from server.money import cashier_routes
from server.money import routes as money_routes
from server.ops import metrics
from server.ops import routes as ops_routes
from server.orders import routes as order_routes
from server.orders import verbal_routes
from server.parked import routes as parked_routes
from server.patients import import_routes
from server.patients import routes as patient_routes
from server.patients.import_table import MOST_BYTES
from server.payments import routes as payment_routes
from server.payments.service import Payments
from server.reconcile import routes as reconcile_routes
from server.reconcile.service import Reconciliation
from server.requests import routes as request_routes
from server.results import bed_routes as result_bed_routes
from server.results import routes as result_routes
from server.running import Running
from server.settlement import late_routes
from server.settlement import routes as settlement_routes
from server.settlement.making import settlements_of
from server.settlement.watch import SettlementWatch
from server.survey import bed_routes as survey_bed_routes
from server.vitals import routes as vitals_routes
from server.wards import routes as ward_routes
from wardlink.clock import Clock, SystemClock

_LARGER = {
    "/api/v1/wards/*/ecg": ecg_routes.MOST_BYTES,
    "/api/v1/drg/import": MOST_BYTES,
    "/api/v1/results/import": MOST_BYTES,
}

_ROUTES = (
    sync_routes,
    identity_routes,
    staff_routes,
    device_routes,
    reconcile_routes,
    audit_routes,
    ward_routes,
    ops_routes,
    import_routes,
    patient_routes,
    vitals_routes,
    money_routes,
    money_bed_routes,
    cashier_routes,
    drg_routes,
    chart_routes,
    ecg_bed_routes,
    ecg_routes,
    result_bed_routes,
    result_routes,
    alert_routes,
    exception_routes,
    order_routes,
    verbal_routes,
    handover_routes,
    meal_routes,
    request_routes,
    consult_bed_routes,
    assessment_routes,
    parked_routes,
    payment_routes,
    insurance_routes,
    insurance_bed_routes,
    account_routes,
    shown_routes,
    complaint_bed_routes,
    survey_bed_routes,
    family_routes,
    guardian_routes,
    settlement_routes,
    late_routes,
)

# Put together once a process: FastAPI works out every route anew for each application that includes it.
_API = APIRouter()
for _part in _ROUTES:
    _API.include_router(_part.router)


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """Make the server. The database is ready when this returns; broker, link and core run with the lifespan.

    `app.state.core` is the core, `app.state.payments` what payments are made with, `app.state.insurance` what is dealt
    with the insurance, `app.state.running` what runs beside the routes, `app.state.fault` the error that kept it from
    starting.

    Raises:
        Misconfigured: the database is of a newer version, or its address, the price list, the insurance rules or the
            settings of a payment channel or the insurance platform are wrong.
        Unreachable: the database does not answer.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.url)
    core = Core(Database(settings.url), clock or SystemClock(), demo=settings.demo)
    kpi_sums.bring_up_to_date(core.db)
    alert_times.bring_up_to_date(core.db)
    medication_sums.bring_up_to_date(core.db)
    core.results_delay = timedelta(hours=settings.results_delay_h)
    payments = Payments(core, payment_channels(settings, core.clock))
    reconciliation = Reconciliation(core, payments.providers, bill_readers())
    insured = InsuranceSettings()
    platform = insurance_platform(insured)
    insurance = Insurance(core, insured, platform)
    running = Running(settings, core, payments, reconciliation, insurance)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # The broker is a child of the thread that starts it and ends with it: this one lives as long as the server.
        try:
            running.start()
        except Exception as exc:
            _app.state.fault = exc
            raise
        settling.start()
        if comparing is not None:
            comparing.start()
        try:
            yield
        finally:
            if comparing is not None:
                comparing.stop()
            settling.stop()
            running.stop()

    app = FastAPI(
        title="Wardlink",
        version=version("wardlink"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        routes=list(_API.routes),
    )
    app.state.settings = settings
    app.state.core = core
    app.state.reconciliation = reconciliation
    app.state.running = running
    app.state.payments = payments
    app.state.fault = None
    app.state.insurance = insurance
    app.state.shown = Shown(core, insurance)
    dealings = None if platform is None else insurance.dealings
    app.state.settlements = settlements_of(insured, core, payments, running.prices, insurance.rules.must_look, dealings)
    accounts = insurance.accounts
    comparing = None if accounts is None else AccountClock(accounts)
    settling = SettlementWatch(app.state.settlements)
    app.state.metrics = metrics.registry(core, running, payments)
    install_errors(app)
    # A file of admissions may be larger; its route counts as it reads.
    own = frozenset({"/api/v1/encounters/import"})
    app.add_middleware(BodyLimit, own=own, larger=_LARGER)
    if settings.pages:
        from server import dashboard

        dashboard.mount(app, core)
    return app
