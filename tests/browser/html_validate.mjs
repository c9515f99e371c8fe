// Checks HTML as it was served. One JSON string a line comes in, one list of messages a line goes out.
import { createInterface } from "node:readline";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const checker = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ["html-validate:recommended", "html-validate:a11y"],
    rules: {
      "void-style": "off",
      // Long words are kept whole by no-break spaces written as characters; trailing blanks are the templates'.
      "no-trailing-whitespace": "off",
      // Boxes of one name send a set of values, as radios of one name send one.
      "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "reset", "submit"] }],
    },
  }),
);

for await (const line of createInterface({ input: process.stdin })) {
  const report = await checker.validateString(JSON.parse(line));
  const messages = report.results.flatMap((result) => result.messages);
  const told = messages.map((m) => `${m.ruleId}: ${m.message} (${m.line}:${m.column})`);
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
