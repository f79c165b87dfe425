import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("property_tenant_stacking_plan", {
    steps: () => [
        {
            content: "the floors stand highest first",
            trigger: ".o_stacking_plan_floor:first-child[data-floor='3']",
        },
        {
            content: "below ground stands last, under its label",
            trigger:
                ".o_stacking_plan_floor:last-child[data-floor='-1'] .o_stacking_plan_label:contains(B1)",
        },
        {
            content: "a let unit shows its tenant and area",
            trigger:
                ".o_stacking_plan_block[data-status='occupied']:contains(S301):contains(120):contains(Stacking Tenant)",
        },
        {
            content: "the legend counts: only vacant ones",
            trigger: ".o_stacking_plan_status[data-status='vacant']:contains(2)",
            run: "click",
        },
        {
            content: "others are gone",
            trigger: ".o_stacking_plan_floors:not(:has([data-status='occupied'])):contains(S302)",
        },
        {
            content: "and back again",
            trigger: ".o_stacking_plan_status[data-status='vacant'][aria-pressed='true']",
            run: "click",
        },
        {
            content: "only parking",
            trigger: ".o_stacking_plan_usage",
            run: "select parking",
        },
        {
            content: "one floor is left",
            trigger: ".o_stacking_plan_floors:not(:has([data-floor='3'])):contains(P01)",
        },
        {
            content: "all usages",
            trigger: ".o_stacking_plan_usage",
            run: "select ",
        },
        {
            content: "the tab key reaches one block of the plan, the first",
            trigger: ".o_stacking_plan_block[tabindex='0']:contains(S301)",
            run() {
                this.anchor.focus();
            },
        },
        {
            content: "from there the arrow leads to its neighbour",
            trigger: ".o_stacking_plan_block:contains(S301):focus",
            run: "press ArrowRight",
        },
        {
            content: "which has the focus",
            trigger: ".o_stacking_plan_block[tabindex='0']:contains(S302):focus",
        },
        {
            content: "a click opens the unit",
            trigger: ".o_stacking_plan_block:contains(S302)",
            run: "click",
        },
        {
            content: "its form",
            trigger: ".o_form_view .o_field_widget[name='code']:contains(S302)",
        },
        {
            content: "the way back",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item.o_back_button",
            run: "click",
        },
        {
            content: "leads to the same building",
            trigger: ".o_stacking_plan_floors:contains(S301)",
        },
    ],
});
