/** A controller reads everything and finds nothing to write with. */
import {addPart, app, back, menu, onView, onlyReads, openRecord, record} from "./steps";
import {given} from "./untranslated";

const tenants = (section, item) =>
    menu(`property_tenant.menu_tenant_${section}`, `property_tenant.menu_property_${item}`);
const fees = (section, item) =>
    menu(`property_billing.menu_billing_${section}`, `property_billing.menu_${item}`);

addPart("property_tour_controller", () => {
    const {run} = given().data;
    return [
        tenants("occupancy", "occupancy"),
        {trigger: record("王建国")},
        onlyReads(),
        openRecord("王建国"),
        onView("form"),
        onlyReads(),
        tenants("estate", "unit"),
        {trigger: record("1-101")},
        onlyReads(),
        openRecord("1-101"),
        onView("form"),
        onlyReads(),
        tenants("report", "reveal_log"),
        onlyReads(),
        app("property_billing.menu_billing_root"),
        fees("runs", "billing_run"),
        {trigger: record(run)},
        onlyReads(),
        openRecord(run),
        onView("form"),
        onlyReads("action_print_letters"),
        fees("runs", "billing_bill"),
        {trigger: record("王建国")},
        onlyReads(),
        openRecord("王建国"),
        onView("form"),
        onlyReads(),
        back(),
        fees("readings", "reading"),
        {trigger: record("W-101")},
        onlyReads(),
        fees("readings", "meter"),
        openRecord("W-101"),
        onView("form"),
        onlyReads(),
        fees("report", "billing_collection"),
        onView("pivot"),
        onlyReads(),
    ];
});
