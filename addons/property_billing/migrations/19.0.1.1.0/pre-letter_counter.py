from odoo.tools import SQL


def migrate(cr, version):
    """Letters are counted where all papers of an estate are: they go on after the last number."""
    cr.execute(
        SQL(
            """INSERT INTO property_counter
                           (estate_id, series, year, last, create_uid, write_uid,
                            create_date, write_date)
               SELECT estate_id,
                      CASE level WHEN '1' THEN 'N' WHEN '2' THEN 'R'
                                 WHEN '3' THEN 'F' ELSE 'L' END,
                      year, last, create_uid, write_uid, create_date, write_date
                 FROM property_letter_counter
               ON CONFLICT (estate_id, series, year)
               DO UPDATE SET last = GREATEST(property_counter.last, EXCLUDED.last)"""
        )
    )
    cr.execute(SQL("DROP TABLE property_letter_counter"))
