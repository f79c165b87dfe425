{
    "name": "Property Suite Tests",
    "summary": "What crosses the addons: access, languages, auditing, whole estates",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "website": "https://github.com/property-suite/property-suite",
    "author": "Property Suite Contributors",
    "license": "AGPL-3",
    "oca_data_manual": ["data/access_matrix.csv", "data/public_methods.csv"],
    "depends": [
        "property_billing",
        "property_tenant",
    ],
}
