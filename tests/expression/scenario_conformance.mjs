// Evaluates expressions with GitHub's own evaluator. Arguments: the folder of the package @actions/expressions and a file of
// lines [expression, contexts, {success, failure, cancelled}] as JSON; prints for each '1', '0' or 'e' (an error).
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const { data, Evaluator, Lexer, Parser } = await import(pathToFileURL(`${folder}/dist/index.js`));
const { reviver } = await import(pathToFileURL(`${folder}/dist/data/reviver.js`));

const truthy = (value) =>
  value.kind === data.Kind.Boolean || value.kind === data.Kind.String || value.kind === data.Kind.Number
    ? Boolean(value.value)
    : value.kind !== data.Kind.Null;

let said = "";
for (const line of readFileSync(file, "utf8").split("\n")) {
  if (line === "") continue;
  const [expression, contexts, status] = JSON.parse(line);
  const functions = ["success", "failure", "cancelled", "always"].map((name) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(name === "always" || status[name]),
  }));
  try {
    const tokens = new Lexer(expression).lex().tokens;
    const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
    const context = JSON.parse(JSON.stringify(contexts), reviver);
    said += truthy(new Evaluator(tree, context, new Map(functions.map((one) => [one.name, one]))).evaluate()) ? "1" : "0";
  } catch {
    said += "e";
  }
}
process.stdout.write(said);
