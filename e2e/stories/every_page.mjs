import { spawnSync } from "node:child_process";

import { lineOf } from "../walk.mjs";
import { NOT_WALKED, WALKS } from "../walks.mjs";

export const name = "every page has a walk, or a reason why not";

/** Compares the walks with the program's own table of URLs. */
export async function run(t) {
  const told = spawnSync(t.options.program, ["doc", "routes"], { encoding: "utf8" });
  t.equal(told.status, 0, "status of `kiban doc routes`");
  const routes = told.stdout.split("\n").map((line) => line.match(/^GET\s+(\S+)/)?.[1]).filter(Boolean);
  t.ok(routes.length > 100, `the table has ${routes.length} pages`);
  const walked = Object.values(WALKS).flat().flatMap(({ lines }) => lines.map((line) => lineOf(line).route.split("?")[0]));
  const pattern = (route) => new RegExp(`^${route.split("/").map((part) => (part.startsWith("{") ? "[^/]+" : part.replace(/[.*+?^$()|[\]\\]/g, "\\$&"))).join("/")}$`);
  const stale = walked.filter((own) => !routes.some((route) => route === own || pattern(route).test(own)));
  t.equal(stale.join(" "), "", "lines of walks that no route answers");
  const has = (route) => walked.includes(route) || walked.some((own) => pattern(route).test(own) && !routes.includes(own));
  const excused = (route) => NOT_WALKED.some(([which]) => (which instanceof RegExp ? which.test(route) : which === route));
  const missing = routes.filter((route) => !has(route) && !excused(route));
  t.equal(missing.join("\n"), "", "pages without a line in walks.mjs");
  const idle = NOT_WALKED.filter(([which]) => !routes.some((route) => (which instanceof RegExp ? which.test(route) : which === route)));
  t.equal(idle.map(String).join("\n"), "", "reasons in walks.mjs without a page");
  const twice = NOT_WALKED.filter(([which]) => typeof which === "string" && has(which));
  t.equal(twice.map(([which]) => which).join(" "), "", "pages with a walk and with a reason");
}
