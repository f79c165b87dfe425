import {registry} from "@web/core/registry";

const MASKED = ".o_data_row:contains(Rita Remote) .o_private_field:contains(1101**********002X)";

registry.category("web_tour.tours").add("property_tenant_reveal", {
    steps: () => [
        {
            content: "who may see the masked number is offered to reveal it",
            trigger: `${MASKED} .o_private_field_reveal`,
            run: "click",
        },
        {
            content: "not without a purpose",
            trigger: ".o_reveal_confirm:disabled",
        },
        {
            content: "which is asked for",
            trigger: "#o_reveal_purpose",
            run: "edit Comparing with the lease",
        },
        {
            content: "then",
            trigger: ".o_reveal_confirm:enabled",
            run: "click",
        },
        {
            content: "the whole number",
            trigger: ".o_reveal_value:contains(11010519491231002X)",
        },
        {
            content: "until the window is closed",
            trigger: ".modal-footer .btn-primary:contains(Close)",
            run: "click",
        },
        {
            content: "and the list is masked as before",
            trigger: `body:not(:has(.modal)) ${MASKED}`,
        },
    ],
});

registry.category("web_tour.tours").add("property_tenant_confirm", {
    steps: () => [
        {
            content: "who may not see it can compare",
            trigger: `.o_list_view:not(:has(.o_private_field_reveal)) ${MASKED} .o_private_field_confirm`,
            run: "click",
        },
        {
            content: "what a caller says",
            trigger: "#o_confirm_value",
            run: "edit 110105 19491231 002x",
        },
        {
            content: "with what is kept",
            trigger: ".o_confirm_ask:enabled",
            run: "click",
        },
        {
            content: "and is told so, no more",
            trigger: ".modal:has(.o_confirm_same):not(:contains(11010519491231002X))",
        },
        {
            content: "the end",
            trigger: ".modal-footer .btn-secondary:contains(Close)",
            run: "click",
        },
        {
            content: "of the window",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
