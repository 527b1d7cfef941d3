// From "never heard of it" to "sent a plan": a wholly new office, every page on its way, and how long the way to the first look is.

import {
  certificate, comesIn, firstLogin, firstLook, firstPlan, hearsOfIt, invites, operatorIssues, registers, subsidy, withoutCertificate,
} from "../first_plan.mjs";
import { Way, folderOf, serveWithTls } from "../first_plan_way.mjs";
import { pageOf } from "../desk.mjs";

export const name = "a new office: from never having heard of it to its first plan and its subsidy, in under 15 minutes to the first look";

const MOST_MINUTES = 15;

export async function run(t) {
  const way = new Way(t);
  const { folder, clear } = folderOf(t);
  const desk = await pageOf(t, "unei");
  const partner = await pageOf(t, "hamanasu");
  // Browsers make no passkeys for an address without a name.
  t.base = t.base.replace("127.0.0.1", "localhost");
  await hearsOfIt(t, way, await t.newPage({ javaScript: false }));
  await operatorIssues(t, way, desk, folder);
  const admin = way.follow(await t.newPage());
  const account = await registers(t, way, admin);

  way.begin();
  await firstLogin(t, way, admin, account);
  const terminal = await certificate(t, way, admin, desk);
  const invitation = await invites(t, way, admin);
  const server = await serveWithTls(t);
  try {
    const plain = t.base;
    t.base = server.base;
    // The browser of the run does not know the demo's authority; the terminal's certificate is asked for all the same.
    const there = { ignoreHTTPSErrors: true };
    const page = way.follow(await t.newPage({ ...there, clientCertificates: [{ origin: server.base, ...terminal }] }));
    const arrived = await comesIn(t, way, page, invitation);
    await firstLook(t, way, page);
    way.end();
    const { machine, hand, whole } = way.minutes();
    t.note(`from the first login to the first look: ${whole.toFixed(1)} minutes (machine ${machine.toFixed(1)}, hand ${hand.toFixed(1)}: ${way.pages} pages, ${way.fields} fields, ${way.presses} presses)`);
    t.ok(whole < MOST_MINUTES, `from the first login to the first look: ${whole.toFixed(1)} minutes`);
    await withoutCertificate(t, way, await t.newPage(there), arrived);
    t.base = plain;
    await firstPlan(t, way, { admin, page, partner });
    await subsidy(t, way, { admin, desk, folder });
    t.note(`${way.seen.size} pages and states on the way: axe and 320 px`);
  } finally {
    await server.stop();
    clear();
  }
}
