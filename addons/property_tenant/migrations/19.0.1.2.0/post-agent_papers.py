from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Agents bring their authorisation and identity, unless somebody decided otherwise."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in ("authorisation", "agent_identity"):
        kind = env.ref(f"property_tenant.document_type_{name}", raise_if_not_found=False)
        if kind and not kind.required and kind.required_domain in (False, "[]"):
            kind.write(
                {"required": True, "required_domain": "[('contact_ids.role', '=', 'agent')]"}
            )
