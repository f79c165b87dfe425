"""What the answers of an inspection amount to."""

OK, DEFECT, NOT_APPLICABLE = "ok", "defect", "na"


def is_outside(number, low=None, high=None):
    """Whether a measured number lies outside its limits; both limits belong to the good ones."""
    return (low is not None and number < low) or (high is not None and number > high)


def score_percent(answers):
    """Points reached of those that could be, in percent; None when nothing is scored.

    :param answers: pairs (result, points); what does not apply does not count
    """
    counted = [(result, points) for result, points in answers if result in (OK, DEFECT)]
    possible = sum(points for _result, points in counted)
    if not possible:
        return None
    return 100.0 * sum(points for result, points in counted if result == OK) / possible


def lacks(result, *, numbered=False, measured=False, photo="no", photos=0):
    """What a point still needs before the inspection is finished.

    :param photo: ``no``, ``defect`` (where something is wrong) or ``always``
    :return: "", "result", "number" or "photo"
    """
    if not result:
        return "result"
    if result == NOT_APPLICABLE:
        return ""
    if numbered and not measured:
        return "number"
    wanted = photo == "always" or (photo == "defect" and result == DEFECT)
    return "photo" if wanted and not photos else ""
