/** @type {import('prettier').Config} */

// The plugin lies where ./test has installed it: see setup/package.json.
const modules = process.env.PROPERTY_NODE_MODULES;

module.exports = {
    plugins: modules ? [`${modules}/@prettier/plugin-xml/src/plugin.js`] : [],
    bracketSpacing: false,
    printWidth: 100,
    proseWrap: "always",
    semi: true,
    tabWidth: 4,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
};
