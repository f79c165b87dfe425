import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/core/utils/numbers";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {buildFloors, countByStatus, neighbour} from "./floors";

const MOVES = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"];

export class StackingPlan extends Component {
    static template = "property_tenant.StackingPlan";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        const kept = this.props.state || {};
        this.state = useState({
            buildings: [],
            building: false,
            units: [],
            statuses: [],
            usages: [],
            status: kept.status || "",
            usage: kept.usage || "",
        });
        // the block that the tab key reaches; not reactive: moving it must not draw all blocks again
        this.current = kept.current || false;
        // what was drawn last, for the keys
        this.drawn = {floors: []};
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({
                buildingId: this.state.building.id,
                status: this.state.status,
                usage: this.state.usage,
                current: this.current,
            }),
        });
        const context = this.props.action.context || {};
        onWillStart(() =>
            this.load(
                kept.buildingId || this.props.resId || context.stacking_building_id || false,
                context.stacking_estate_id || false
            )
        );
        // back from a unit: the keyboard goes on where it was
        useEffect(
            () => {
                if (kept.current) {
                    this.focus(kept.current);
                }
            },
            () => []
        );
    }

    async load(buildingId, estateId = false) {
        const plan = await this.orm.call("property.building", "get_stacking_plan", [], {
            building_id: buildingId,
            estate_id: estateId,
        });
        Object.assign(this.state, plan);
        if (plan.building) {
            this.props.updateActionState?.({resId: plan.building.id});
            this.env.config.setDisplayName(
                _t("Stacking Plan: %(building)s", {building: plan.building.name})
            );
        }
    }

    get floors() {
        return buildFloors(this.state.units, this.state);
    }

    get shownCount() {
        return this.floors.reduce((sum, floor) => sum + floor.blocks.length, 0);
    }

    /** Entries of the legend: every status with its count, those that occur or are chosen. */
    get legend() {
        const counts = countByStatus(this.state.units, this.state.usage);
        return [...this.state.statuses, ["common", _t("Common")]]
            .map(([key, label]) => ({key, label, count: counts[key] || 0}))
            .filter((entry) => entry.count || entry.key === this.state.status);
    }

    get usages() {
        const present = new Set(this.state.units.map((unit) => unit.usage));
        return this.state.usages.filter(([key]) => present.has(key));
    }

    /** Buildings of one estate stand together in the list of choices. */
    get estates() {
        const estates = new Map();
        for (const building of this.state.buildings) {
            const [id, name] = building.estate_id;
            if (!estates.has(id)) {
                estates.set(id, {id, name, buildings: []});
            }
            estates.get(id).buildings.push(building);
        }
        return [...estates.values()];
    }

    /** The floors to draw. One block is reached with the tab key, the others from it with the arrows. */
    rows() {
        const floors = (this.drawn.floors = this.floors);
        if (!floors.length) {
            return [];
        }
        const known = floors.some((floor) =>
            floor.blocks.some((block) => block.unit.id === this.current)
        );
        const current = known ? this.current : floors[0].blocks[0].unit.id;
        for (const floor of floors) {
            for (const block of floor.blocks) {
                block.tabindex = block.unit.id === current ? 0 : -1;
            }
        }
        return floors;
    }

    area(unit) {
        return _t("%(area)s m²", {
            area: formatFloat(unit.area_gross, {digits: [16, 2], trailingZeros: false}),
        });
    }

    statusLabel(key) {
        const found = this.state.statuses.find(([status]) => status === key);
        return found ? found[1] : _t("Common");
    }

    description(block) {
        return [
            block.unit.code,
            this.statusLabel(block.status),
            this.area(block.unit),
            block.occupant,
        ]
            .filter(Boolean)
            .join(", ");
    }

    onChooseBuilding(ev) {
        this.current = false;
        this.state.status = "";
        this.state.usage = "";
        return this.load(parseInt(ev.target.value));
    }

    onChooseUsage(ev) {
        this.state.usage = ev.target.value;
    }

    toggleStatus(key) {
        this.state.status = this.state.status === key ? "" : key;
    }

    onKeydown(ev) {
        const block = ev.target.closest("[data-unit-id]");
        if (block && MOVES.includes(ev.key)) {
            ev.preventDefault();
            const id = neighbour(this.drawn.floors, parseInt(block.dataset.unitId), ev.key);
            this.moveTo(id);
        }
    }

    moveTo(id) {
        this.current = id;
        this.root.el
            .querySelector(".o_stacking_plan_block[tabindex='0']")
            ?.setAttribute("tabindex", -1);
        this.root.el.querySelector(`[data-unit-id="${id}"]`)?.setAttribute("tabindex", 0);
        this.focus(id);
    }

    focus(id) {
        this.root.el?.querySelector(`[data-unit-id="${id}"]`)?.focus();
    }

    openUnit(ev) {
        const block = ev.target.closest("[data-unit-id]");
        if (!block) {
            return;
        }
        this.current = parseInt(block.dataset.unitId);
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "property.unit",
                res_id: this.current,
                views: [[false, "form"]],
            },
            {newWindow: ev.ctrlKey || ev.metaKey}
        );
    }
}

registry.category("actions").add("property_tenant.stacking_plan", StackingPlan);
