{
    "name": "Property Suite Tests",
    "summary": "What crosses the addons: access, languages, auditing, whole estates",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "website": "https://github.com/property-suite/property-suite",
    "author": "Property Suite Contributors",
    "license": "AGPL-3",
    "depends": [
        "property_billing",
        "property_tenant",
    ],
    "assets": {
        "web.assets_tests": [
            "test_property/static/tests/tours/**/*",
        ],
    },
}
