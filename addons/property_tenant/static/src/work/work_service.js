import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

// tells who has started long work that it is over, wherever they are in the client
export const workService = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, {action, bus_service: bus, notification, orm}) {
        async function openResult(id) {
            action.doAction(await orm.call("property.work", "action_open_result", [[id]]));
        }

        function openWork(id) {
            action.doAction({
                type: "ir.actions.act_window",
                res_model: "property.work",
                res_id: id,
                views: [[false, "form"]],
            });
        }

        bus.subscribe("property_work", ({id, state, title, message, has_result: hasResult}) => {
            const buttons = hasResult
                ? [{name: _t("Open Result"), primary: true, onClick: () => openResult(id)}]
                : [{name: _t("Show"), onClick: () => openWork(id)}];
            const close = notification.add(message, {
                title,
                type: {done: "success", failed: "danger"}[state] || "info",
                sticky: state !== "cancelled",
                buttons: buttons.map((button) => ({
                    ...button,
                    onClick: () => {
                        close();
                        button.onClick();
                    },
                })),
            });
        });
    },
};

registry.category("services").add("property_work", workService);
