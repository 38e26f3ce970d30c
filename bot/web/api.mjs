// SPDX-License-Identifier: Apache-2.0
// Writes src/core/api_types.ts from the schemas of docs/openapi.yaml.
//   node api.mjs            write the file
//   node api.mjs --check    say whether it is what it would be (the linter asks)
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const SOURCE = fileURLToPath(new URL("../../docs/openapi.yaml", import.meta.url));
const TARGET = fileURLToPath(new URL("src/core/api_types.ts", import.meta.url));
const PLAIN = { string: "string", integer: "number", number: "number", boolean: "boolean", null: "null" };

const unique = (list) => [...new Set(list)];

function union(types) {
  const parts = unique(types);
  // null stands last, as people write it
  return [...parts.filter((one) => one !== "null"), ...parts.filter((one) => one === "null")].join(" | ");
}

function list(item) {
  const type = typeOf(item);
  return type.includes("|") ? `(${type})[]` : `${type}[]`;
}

function object(schema) {
  if (!schema.properties) {
    const values = typeof schema.additionalProperties === "object" ? typeOf(schema.additionalProperties) : "unknown";
    return `{ [key: string]: ${values} }`;
  }
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties).map(
    ([name, value]) => `${name}${required.has(name) ? "" : "?"}: ${typeOf(value)}`,
  );
  return `{ ${members.join("; ")} }`;
}

function simple(type, schema) {
  if (type === "array") return list(schema.items ?? {});
  if (type === "object") return object(schema);
  return PLAIN[type] ?? "unknown";
}

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((one) => JSON.stringify(one)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return union(choices.map(typeOf));
  if (schema.allOf) return schema.allOf.map(typeOf).join(" & ");
  return union([schema.type ?? []].flat().map((type) => simple(type, schema))) || "unknown";
}

function declare([name, schema]) {
  const doc = schema.description ? `/** ${schema.description.trim().replace(/\s+/g, " ")} */\n` : "";
  if (schema.type !== "object" || !schema.properties) return `${doc}export type ${name} = ${typeOf(schema)};\n`;
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties).map(([member, value]) => {
    const note = value.description ? `  /** ${value.description.trim().replace(/\s+/g, " ")} */\n` : "";
    return `${note}  ${member}${required.has(member) ? "" : "?"}: ${typeOf(value)};\n`;
  });
  return `${doc}export interface ${name} {\n${members.join("")}}\n`;
}

const { components } = parse(readFileSync(SOURCE, "utf8"));
const text = [
  "// SPDX-License-Identifier: Apache-2.0\n" +
    "// Made by api.mjs from docs/openapi.yaml (npm run api); changed there, not here.\n",
  ...Object.entries(components.schemas).map(declare),
].join("\n");

if (process.argv.includes("--check")) {
  if (readFileSync(TARGET, "utf8") !== text) {
    console.error("src/core/api_types.ts is not what docs/openapi.yaml says: npm run api");
    process.exit(1);
  }
} else {
  writeFileSync(TARGET, text);
}
