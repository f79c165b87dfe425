import {Component, onWillStart, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {getColor, getCustomColor} from "@web/core/colors/colors";
import {cookie} from "@web/core/browser/cookie";

// the colours that the cards and the stacking plan give to a status, see unit_status.scss
const STATUS_COLORS = {
    vacant: "#9aa3af",
    reserved: "#3d7fd0",
    handover: "#d9a014",
    occupied: "#35995a",
    fitout: "#8a5bb8",
    clearance: "#cf4a3c",
};

export class TodayGraph extends Component {
    static template = "property_tenant.TodayGraph";
    static props = {graph: Object, onOpen: Function};

    setup() {
        this.canvas = useRef("canvas");
        this.chart = false;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.graph]
        );
        onWillUnmount(() => this.chart && this.chart.destroy());
    }

    get isEmpty() {
        return !this.props.graph.labels.length;
    }

    draw() {
        if (this.chart) {
            this.chart.destroy();
            this.chart = false;
        }
        if (!this.canvas.el) {
            return;
        }
        const {graph} = this.props;
        const scheme = cookie.get("color_scheme");
        const text = getCustomColor(scheme, "#374151", "#d1d5db");
        const stacked = graph.rows.length > 1;
        this.chart = new Chart(this.canvas.el, {
            type: graph.kind,
            data: {
                labels: graph.labels,
                datasets: graph.rows.map((row, index) => ({
                    label: row.label || graph.title,
                    data: row.values,
                    maxBarThickness: 64,
                    backgroundColor:
                        graph.kind === "doughnut"
                            ? graph.labels.map((_label, at) =>
                                  getColor(at, scheme, graph.labels.length)
                              )
                            : STATUS_COLORS[row.key] || getColor(index, scheme, graph.rows.length),
                })),
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                color: text,
                onClick: (ev, [element]) => {
                    const domain =
                        element && graph.rows[element.datasetIndex].domains[element.index];
                    if (domain) {
                        this.props.onOpen(domain);
                    }
                },
                plugins: {
                    legend: {
                        display: stacked || graph.kind === "doughnut",
                        position: "bottom",
                        labels: {color: text},
                    },
                },
                scales:
                    graph.kind === "doughnut"
                        ? {}
                        : {
                              x: {stacked, ticks: {color: text}, grid: {display: false}},
                              y: {
                                  stacked,
                                  beginAtZero: true,
                                  ticks: {color: text, precision: 0},
                              },
                          },
            },
        });
    }
}
