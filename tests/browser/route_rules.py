"""Who may use which route: the whole matrix, a line a route.

A part of a path that decides about the right is written out.

`open`: anybody. `staff`: whoever is signed in. `device`: an enrolled device by itself. Everything else is a right of
`server.identity.roles`; where several stand, one of them is enough.
"""

from __future__ import annotations

API = """
GET /api/v1/time open
POST /api/v1/sign-in open
POST /api/v1/sign-out staff
GET /api/v1/session staff
GET /health/live open
GET /health/ready open
GET /metrics open
GET /openapi.json open
POST /api/v1/pay/notices/{channel} open

GET /api/v1/wards/{ward}/changes device
GET /api/v1/wards/{ward}/snapshot device
GET /api/v1/wards/{ward}/beds/{bed}/changes device
GET /api/v1/wards/{ward}/beds/{bed}/snapshot device
POST /api/v1/wards/{ward}/beds/{bed}/open device
POST /api/v1/wards/{ward}/beds/{bed}/open-by-card device
POST /api/v1/wards/{ward}/cards device
GET /api/v1/encounters/{encounter}/bill device
GET /api/v1/encounters/{encounter}/bill/{day} device
GET /api/v1/encounters/{encounter}/bill/insurance/estimate device
GET /api/v1/encounters/{encounter}/results device
GET /api/v1/encounters/{encounter}/results/new device
GET /api/v1/encounters/{encounter}/results/{result} device
GET /api/v1/encounters/{encounter}/ecg/released device
GET /api/v1/encounters/{encounter}/ecg/released/{strip} device
GET /api/v1/encounters/{encounter}/consult-slots/{specialty} device
GET /api/v1/encounters/{encounter}/complaints device
GET /api/v1/encounters/{encounter}/survey device
POST /api/v1/encounters/{encounter}/family/{consent}/code device
POST /api/v1/encounters/{encounter}/guardian family.guardian
POST /api/v1/encounters/{encounter}/family/{consent}/end family.guardian
POST /api/v1/wards/{ward}/beds/{bed}/family/pin device
POST /api/v1/wards/{ward}/beds/{bed}/family/open device

GET /api/v1/staff staff.manage
POST /api/v1/staff staff.manage
PUT /api/v1/staff/{id} staff.manage
POST /api/v1/staff/{id}/pin staff.manage
POST /api/v1/staff/{id}/deactivate staff.manage
POST /api/v1/staff/{id}/activate staff.manage
GET /api/v1/devices device.manage
POST /api/v1/devices device.manage
POST /api/v1/devices/{id}/revoke device.manage
GET /api/v1/audit audit.read
GET /api/v1/audit/refused-scans audit.read
GET /api/v1/audit/check audit.read
GET /api/v1/wards staff
POST /api/v1/wards hospital.manage
POST /api/v1/wards/{ward}/beds ward.manage
GET /api/v1/wards/{ward}/closures staff
POST /api/v1/wards/{ward}/beds/{bed}/close ward.manage
POST /api/v1/wards/{ward}/beds/{bed}/give-back ward.manage
GET /api/v1/wards/{ward}/settings staff
PATCH /api/v1/wards/{ward}/settings ward.manage

POST /api/v1/encounters/import encounter.import
GET /api/v1/encounters ward.read
GET /api/v1/encounters/{encounter} ward.read
POST /api/v1/wards/{ward}/encounters encounter.write
POST /api/v1/encounters/{encounter}/transfer encounter.write
POST /api/v1/encounters/{encounter}/discharge encounter.write
PATCH /api/v1/encounters/{encounter} encounter.write
GET /api/v1/encounters/{encounter}/vitals ward.read
GET /api/v1/encounters/{encounter}/vitals.csv ward.read
GET /api/v1/encounters/{encounter}/temperature-chart.pdf ward.read
GET /api/v1/encounters/{encounter}/assessments ward.read
GET /api/v1/encounters/{encounter}/doses ward.read
GET /api/v1/encounters/{encounter}/ecg ward.read
POST /api/v1/wards/{ward}/ecg ecg.write
GET /api/v1/ecg/{strip} ward.read
POST /api/v1/ecg/{strip}/report ecg.report
POST /api/v1/ecg/{strip}/release ecg.report
POST /api/v1/ecg/{strip}/keep-back ecg.report
POST /api/v1/encounters/{encounter}/results result.write
POST /api/v1/results/import result.write
GET /api/v1/wards/{ward}/results result.acknowledge
POST /api/v1/results/{result}/acknowledge result.acknowledge
POST /api/v1/results/{result}/release result.release
POST /api/v1/results/{result}/keep-back result.release
GET /api/v1/wards/{ward}/alerts ward.read
POST /api/v1/alerts/{alert}/accept alert.answer
POST /api/v1/alerts/{alert}/refuse alert.answer
POST /api/v1/alerts/{alert}/hand-on alert.answer
POST /api/v1/alerts/{alert}/arrive alert.answer
POST /api/v1/alerts/{alert}/resolve alert.answer
GET /api/v1/wards/{ward}/exceptions ward.read
POST /api/v1/exceptions/{exception}/close exception.close
GET /api/v1/parked parked.handle
GET /api/v1/parked/{id} parked.handle
POST /api/v1/parked/{id}/close parked.handle
POST /api/v1/parked/{id}/retry parked.handle
GET /api/v1/wards/{ward}/handovers ward.read
GET /api/v1/encounters/{encounter}/handovers ward.read

GET /api/v1/wards/{ward}/orders ward.read
GET /api/v1/orders/{order} ward.read
POST /api/v1/encounters/{encounter}/orders order.write
POST /api/v1/orders/{order}/review order.review
POST /api/v1/orders/{order}/check order.check
POST /api/v1/orders/{order}/reject order.check
POST /api/v1/orders/{order}/hold order.write
POST /api/v1/orders/{order}/resume order.write
POST /api/v1/orders/{order}/stop order.write
POST /api/v1/orders/{order}/cancel order.write
POST /api/v1/orders/{order}/mark-wrong order.write
GET /api/v1/wards/{ward}/verbal-orders ward.read
POST /api/v1/verbal-orders/{verbal}/write order.write

GET /api/v1/wards/{ward}/menu ward.read
GET /api/v1/wards/{ward}/kitchen/{on}/{meal}.csv meal.kitchen
GET /api/v1/wards/{ward}/kitchen/{on}/{meal} meal.kitchen
POST /api/v1/wards/{ward}/kitchen/{on}/{meal}/cook meal.kitchen
GET /api/v1/encounters/{encounter}/meals ward.read
PUT /api/v1/encounters/{encounter}/diet-card meal.order
GET /api/v1/wards/{ward}/requests ward.read
GET /api/v1/encounters/{encounter}/requests ward.read
POST /api/v1/requests/{request}/accept request.handle

GET /api/v1/encounters/{encounter}/money money.read
GET /api/v1/encounters/{encounter}/money/days money.read
GET /api/v1/encounters/{encounter}/money/days/{day}.csv money.read
GET /api/v1/encounters/{encounter}/money/days/{day} money.read
GET /api/v1/encounters/{encounter}/money/uncharged money.read
GET /api/v1/wards/{ward}/money money.read
GET /api/v1/money/stays money.read
GET /api/v1/money/prices money.read
POST /api/v1/encounters/{encounter}/money/deposits money.write
POST /api/v1/encounters/{encounter}/money/refunds money.refund
POST /api/v1/encounters/{encounter}/money/charges money.write
POST /api/v1/encounters/{encounter}/money/charges/{entry}/reverse money.write
POST /api/v1/encounters/{encounter}/money/agreements money.agree
POST /api/v1/encounters/{encounter}/money/agreements/{agreement}/end money.agree
GET /api/v1/wards/{ward}/money/after-discharge money.read
POST /api/v1/encounters/{encounter}/late-lines/{entry}/waive settle.run
GET /api/v1/drg/stays drg.read
PUT /api/v1/drg/stays/{encounter} drg.code
POST /api/v1/drg/import drg.code
GET /api/v1/pay/channels staff device
POST /api/v1/encounters/{encounter}/payments pay.take device
GET /api/v1/encounters/{encounter}/payments pay.take device
GET /api/v1/payments/{id} pay.take device
POST /api/v1/payments/{id}/ask pay.take device
POST /api/v1/payments/{id}/close pay.take device
POST /api/v1/payments/{id}/refunds pay.refund
GET /api/v1/payments/{id}/refunds pay.refund
GET /api/v1/refunds pay.refund
POST /api/v1/refunds/{id}/agree pay.refund
POST /api/v1/refunds/{id}/decline pay.refund
GET /api/v1/reconcile/runs pay.reconcile
POST /api/v1/reconcile/runs pay.reconcile
POST /api/v1/reconcile/runs/{channel}/{on}/sign pay.reconcile
GET /api/v1/reconcile/differences pay.reconcile
GET /api/v1/reconcile/differences.csv pay.reconcile
POST /api/v1/reconcile/differences/{id}/close pay.reconcile
GET /api/v1/encounters/{encounter}/insurance insurance.read
PUT /api/v1/encounters/{encounter}/insurance insurance.write
POST /api/v1/encounters/{encounter}/insurance/messages/{no}/decide insurance.write
GET /api/v1/encounters/{encounter}/insurance/estimate insurance.read
POST /api/v1/insurance/persons insurance.write
GET /api/v1/insurance/accounts pay.reconcile
POST /api/v1/insurance/accounts/{on}/ask pay.reconcile
POST /api/v1/insurance/accounts/{no}/close pay.reconcile
POST /api/v1/encounters/{encounter}/settlements settle.run
GET /api/v1/encounters/{encounter}/settlements settle.read device
GET /api/v1/settlements/{id} settle.read device
POST /api/v1/settlements/{id}/go settle.run device
POST /api/v1/settlements/{id}/audit settle.run
POST /api/v1/settlements/{id}/decide settle.run
POST /api/v1/settlements/{id}/confirm settle.run device
POST /api/v1/settlements/{id}/payments settle.run device
POST /api/v1/settlements/{id}/payouts/{no} settle.run
POST /api/v1/settlements/{id}/give-up settle.run
POST /api/v1/settlements/{id}/without-platform settle.run
POST /api/v1/settlements/{id}/take-back settle.run
GET /api/v1/settlements/{id}/{paper}.pdf settle.read device
"""

BOARD = """
GET / open
GET /board/sign-in open
POST /board/sign-in open
POST /board/sign-out open
POST /board/language open
GET /board/static/{path:path} open
GET /board/favicon.ico open

GET /board/ staff
GET /board/wards ward.read
GET /board/hospital ward.read
GET /board/hospital.csv ward.read
GET /board/stay/{name} ward.read
GET /board/stay/{name}.csv ward.read
GET /board/stay/{name}/temperature-chart.pdf ward.read
GET /board/alerts ward.read
GET /board/station ward.read
GET /board/alerts/history ward.read
GET /board/alerts/history.csv ward.read
GET /board/alerts/times ward.read
GET /board/alerts/times.csv ward.read
POST /board/alerts/{alert}/accept alert.answer
GET /board/orders ward.read
GET /board/orders/stay/{name} ward.read
GET /board/orders/{name} ward.read
POST /board/orders/stay/{name}/new order.write
POST /board/orders/stay/{name}/verbal/{verbal} order.write
POST /board/orders/{name}/approve order.review
POST /board/orders/{name}/check order.check
POST /board/orders/{name}/stop order.write
GET /board/handovers ward.read
GET /board/handovers.csv ward.read
GET /board/kitchen meal.kitchen
GET /board/kitchen.csv meal.kitchen
GET /board/kitchen/waste meal.kitchen
GET /board/kitchen/waste.csv meal.kitchen
POST /board/kitchen/cook meal.kitchen
GET /board/complaints complaint.read
GET /board/complaints.csv complaint.read
GET /board/complaints/{name} complaint.read
POST /board/complaints/{name}/reply complaint.answer
POST /board/complaints/{name}/assign complaint.assign
GET /board/results result.acknowledge
GET /board/results.csv result.acknowledge
GET /board/results/{name} result.acknowledge
POST /board/results/{name}/acknowledge result.acknowledge
POST /board/results/{name}/release result.release
POST /board/results/{name}/keep-back result.release
GET /board/ecg ward.read
GET /board/ecg.csv ward.read
GET /board/ecg/{name} ward.read
POST /board/ecg/{name}/report ecg.report
POST /board/ecg/{name}/release ecg.report
POST /board/ecg/{name}/keep-back ecg.report
GET /board/exceptions ward.read
GET /board/exceptions.csv ward.read
GET /board/exceptions/{name} ward.read
POST /board/exceptions/{name}/close exception.close
POST /board/exceptions/{name}/give vitals.assign
POST /board/exceptions/{name}/take-back vitals.assign
GET /board/fleet ward.read device.manage
GET /board/fleet.csv ward.read device.manage
GET /board/fleet/{name} device.manage
POST /board/fleet/enrol device.manage
POST /board/fleet/{name}/bind device.manage
POST /board/fleet/{name}/revoke device.manage
POST /board/fleet/{name}/restore device.manage
GET /board/parked parked.handle
GET /board/parked.csv parked.handle
GET /board/parked/{number} parked.handle
POST /board/parked/{number}/close parked.handle
POST /board/parked/{number}/retry parked.handle
GET /board/audit audit.read
GET /board/audit.csv audit.read
GET /board/scans audit.read
GET /board/scans.csv audit.read
GET /board/consultations consult.read
GET /board/consultations.csv consult.read
GET /board/consultations/{name} consult.read
POST /board/consultations/new consult.answer
POST /board/consultations/{name}/accept consult.answer
POST /board/consultations/{name}/sign consult.sign
GET /board/rehabilitation ward.read
GET /board/rehabilitation.csv ward.read
GET /board/rehabilitation/{name} ward.read
POST /board/rehabilitation/{name}/start rehab.plan
POST /board/rehabilitation/{name}/change rehab.plan
POST /board/rehabilitation/{name}/end rehab.plan
POST /board/rehabilitation/{name}/confirm rehab.confirm
POST /board/rehabilitation/{name}/refuse rehab.confirm
GET /board/events event.report
GET /board/events.csv event.report
GET /board/events-new event.report
GET /board/events/{name} event.report
POST /board/events-new event.report
POST /board/events/{name}/follow-up event.handle
POST /board/events/{name}/strike-out event.report
GET /board/tubes/{name} ward.read
POST /board/tubes/{name}/in tube.write
POST /board/tubes/{name}/out tube.write
POST /board/tubes/{name}/strike-out tube.write
GET /board/kpis kpi.read
GET /board/kpis.csv kpi.read
GET /board/kpis/{name} kpi.read
GET /board/medication medication.read
GET /board/medication.csv medication.read
GET /board/medication/exceptions.csv medication.read
GET /board/survey survey.read
GET /board/survey.csv survey.read
GET /board/requests ward.read
GET /board/requests.csv ward.read
GET /board/requests/{name} ward.read
POST /board/requests/{name}/accept request.handle
GET /board/settings ward.manage
POST /board/settings/{ward} ward.manage

GET /board/cashier settle.read
GET /board/cashier/{encounter} settle.read
GET /board/cashier/{encounter}/pay/{order} settle.read
GET /board/cashier/{paper}/{name}.pdf settle.read
POST /board/cashier/{encounter}/begin settle.run
GET /board/deposits settle.read
GET /board/deposits.csv settle.read
GET /board/deposits/{encounter} settle.read
GET /board/deposits/{encounter}/{day}.csv settle.read
GET /board/late-lines settle.read
GET /board/insurance-accounts pay.reconcile
POST /board/insurance-accounts/ask pay.reconcile
POST /board/insurance-accounts/close pay.reconcile
GET /board/payments pay.reconcile
GET /board/payments.csv pay.reconcile
GET /board/payments/{kind} pay.reconcile
POST /board/payments/{kind}/work-off pay.reconcile
GET /board/reconcile pay.reconcile
GET /board/reconcile.csv pay.reconcile
GET /board/reconcile/differences pay.reconcile
GET /board/reconcile/differences.csv pay.reconcile
GET /board/reconcile/difference/{id} pay.reconcile
GET /board/reconcile/{channel}/{on} pay.reconcile
POST /board/reconcile/{channel}/{on}/run pay.reconcile
POST /board/reconcile/{channel}/{on}/upload pay.reconcile
POST /board/reconcile/{channel}/{on}/sign pay.reconcile
POST /board/reconcile/difference/{id}/close pay.reconcile
GET /board/drg drg.read drg.code
GET /board/drg.csv drg.read drg.code
GET /board/drg/{encounter} drg.read drg.code
POST /board/drg/import drg.code
POST /board/drg/{encounter}/code drg.code
GET /board/family/{name} ward.read
POST /board/family/{name}/{act} family.guardian
GET /board/beds ward.manage
GET /board/beds.csv ward.manage
POST /board/beds hospital.manage
POST /board/beds-file hospital.manage
GET /board/beds/{ward} ward.manage
GET /board/beds/{ward}/{bed} ward.manage
POST /board/beds/{ward}/{act} ward.manage
GET /board/files house.manage house.menu
GET /board/files/menu house.menu
GET /board/files/menu/look/{name} house.menu
GET /board/files/menu/{name} house.menu
GET /board/files/menu/{name}.toml house.menu
POST /board/files/menu/look house.menu
POST /board/files/menu/confirm house.menu
POST /board/files/menu/{name}/again house.menu
POST /board/files/menu/{name}/take-back house.menu
GET /board/files/guides house.manage
GET /board/files/guides/look/{name} house.manage
GET /board/files/guides/{name} house.manage
GET /board/files/guides/{name}.toml house.manage
GET /board/files/insurance-rules/{name}.yaml house.manage
GET /board/files/prices/{name}.csv house.manage
POST /board/files/guides/look house.manage
POST /board/files/guides/confirm house.manage
POST /board/files/guides/{name}/again house.manage
POST /board/files/guides/{name}/take-back house.manage
GET /board/assignments ward.read
GET /board/assignments/{ward}/{shift} ward.read
POST /board/assignments/{ward}/{shift}/give assignment.take
GET /board/shifts ward.read
GET /board/shifts.csv ward.read
GET /board/shifts/{ward}/{day} ward.read
POST /board/shifts/{ward}/{day}/enter roster.write
POST /board/shifts/{ward}/{day}/copy roster.write
POST /board/shifts/{ward}/{day}/import roster.write
GET /board/staff staff.manage
GET /board/staff.csv staff.manage
GET /board/roles staff.manage
GET /board/roles.csv staff.manage
GET /board/staff-new staff.manage
POST /board/staff-new staff.manage
GET /board/staff-import staff.manage
POST /board/staff-import staff.manage
GET /board/staff/{name} staff.manage
POST /board/staff/{name}/{act} staff.manage
GET /board/{path:path} staff
"""


def rules() -> dict[tuple[str, str], frozenset[str]]:
    """Method and path to what is enough."""
    found = {}
    for line in (API + BOARD).splitlines():
        if line:
            method, path, *enough = line.split()
            assert (method, path) not in found, f"twice: {line}"
            found[method, path] = frozenset(enough)
    return found
