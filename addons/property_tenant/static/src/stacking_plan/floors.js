/**
 * Units of one building as floors, highest first, with the width of each block.
 *
 * Widths are percent of the widest floor by area. Parking and storage floors
 * do not set the scale: their many small spaces would squeeze all others.
 */

const SMALL_SPACES = ["parking", "storage"];

export function areaByFloor(units) {
    const areas = new Map();
    for (const unit of units) {
        areas.set(unit.floor, (areas.get(unit.floor) || 0) + (unit.area_gross || 0));
    }
    return areas;
}

export function widestFloorArea(units) {
    const rooms = units.filter((unit) => !SMALL_SPACES.includes(unit.usage));
    return Math.max(0, ...areaByFloor(rooms.length ? rooms : units).values());
}

/** The status under which a unit is coloured and counted; common areas have none. */
export function statusKey(unit) {
    return unit.usage === "common" ? "common" : unit.status;
}

/** Who uses the unit: its tenant, else the owner when it is not empty. */
export function occupantName(unit) {
    if (unit.tenant_id) {
        return unit.tenant_id[1];
    }
    const used = !["vacant", "reserved"].includes(unit.status);
    return used && unit.owner_id ? unit.owner_id[1] : "";
}

export function matches(unit, filter) {
    return (
        (!filter.status || statusKey(unit) === filter.status) &&
        (!filter.usage || unit.usage === filter.usage)
    );
}

export function buildFloors(units, filter) {
    const scale = widestFloorArea(units);
    const floors = new Map();
    for (const unit of units) {
        if (!matches(unit, filter)) {
            continue;
        }
        if (!floors.has(unit.floor)) {
            floors.set(unit.floor, {number: unit.floor, label: "", blocks: []});
        }
        const floor = floors.get(unit.floor);
        floor.label = floor.label || unit.floor_name || "";
        const share = scale ? Math.min(unit.area_gross / scale, 1) : 0;
        floor.blocks.push({
            unit,
            status: statusKey(unit),
            occupant: occupantName(unit),
            // a little less than its share, so that rounding never breaks the line
            width: Math.floor(share * 9980) / 100,
        });
    }
    return [...floors.values()]
        .map((floor) => ({...floor, label: floor.label || String(floor.number)}))
        .sort((one, other) => other.number - one.number);
}

export function countByStatus(units, usage) {
    const counts = {};
    for (const unit of units) {
        if (!usage || unit.usage === usage) {
            const key = statusKey(unit);
            counts[key] = (counts[key] || 0) + 1;
        }
    }
    return counts;
}

/** Id of the block to which a key moves from block `id`, or the same when there is none. */
export function neighbour(floors, id, key) {
    const row = floors.findIndex((floor) => floor.blocks.some((block) => block.unit.id === id));
    if (row < 0) {
        return floors.length ? floors[0].blocks[0].unit.id : id;
    }
    const blocks = floors[row].blocks;
    const column = blocks.findIndex((block) => block.unit.id === id);
    const at = (targetRow, targetColumn) => {
        const target = floors[Math.min(Math.max(targetRow, 0), floors.length - 1)].blocks;
        return target[Math.min(Math.max(targetColumn, 0), target.length - 1)].unit.id;
    };
    switch (key) {
        case "ArrowRight":
            return at(row, column + 1);
        case "ArrowLeft":
            return at(row, column - 1);
        case "ArrowDown":
            return at(row + 1, column);
        case "ArrowUp":
            return at(row - 1, column);
        case "Home":
            return at(row, 0);
        case "End":
            return at(row, blocks.length - 1);
    }
    return id;
}
