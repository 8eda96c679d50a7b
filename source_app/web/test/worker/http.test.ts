import assert from "node:assert/strict";
import { test } from "node:test";

import { fromUtf8, utf8 } from "../../src/crypto/bytes";
import { Http } from "../../src/worker/http";
import { FakeServer, type Fault } from "../support/server";
import { failsWith, refuses } from "../support/refuses";

function faulty(...faults: readonly (Fault | undefined)[]): { readonly server: FakeServer; readonly http: Http } {
  const server = new FakeServer();
  server.fault = (_seen, nth) => faults[Math.min(nth, faults.length) - 1];
  return { server, http: new Http(server.network) };
}

const get = { method: "GET", path: "/site.json" } as const;

test("no cookies, cache, referrer or redirects", async () => {
  const { server, http } = faulty(undefined);
  await http.send(get);
  const { credentials, cache, referrerPolicy, redirect } = server.seen[0]?.init ?? {};
  assert.deepEqual([credentials, cache, referrerPolicy, redirect], ["omit", "no-store", "no-referrer", "error"]);
});

test("a lost request goes out again, the same bytes, after longer and longer pauses", async () => {
  const { server, http } = faulty("lost", "answer-lost", "lost", undefined);
  await http.send({ method: "POST", path: "/api/item/inspektorat/aduan", body: utf8("x".repeat(50)) });
  assert.equal(server.seen.length, 4);
  assert.equal(new Set(server.seen.map(({ body }) => fromUtf8(body))).size, 1);
  assert.deepEqual(server.pauses, [1000, 2000, 4000]);
  assert.equal(server.items.size, 1);
});

test("six tries, then it is the network", async () => {
  const { server, http } = faulty("lost");
  await failsWith("network", () => http.send(get));
  assert.equal(server.seen.length, 6);
});

test("a server that is away is tried again; one that refuses is not", async () => {
  const away = faulty({ status: 502, body: "<html>" });
  await failsWith("network", () => away.http.send(get));
  assert.equal(away.server.seen.length, 6);
  const refusals = [
    [400, '{"error":"bad-item"}', "bad-item"], [503, '{"error":"storage-full"}', "storage-full"],
    [404, "", "internal"], [418, '{"error":"teapot"}', "internal"], [403, '{"error":"bad-ticket"}', "bad-ticket"],
    [400, '{"error":7}', "internal"], [400, "null", "internal"],
  ] as const;
  for (const [status, body, code] of refusals) {
    const { server, http } = faulty({ status, body });
    await failsWith(code, () => http.send(get));
    assert.equal(server.seen.length, 1, body);
  }
});

test("only 204 says that something is stored: a proxy's page does not", async () => {
  const { server, http } = faulty({ status: 200, body: "<html>Welcome!</html>" }, { status: 200, body: "" }, undefined);
  await http.send({ method: "POST", path: "/api/item/inspektorat/aduan", body: utf8("x".repeat(50)), silent: true });
  assert.equal(server.seen.length, 3);
  assert.equal(server.items.size, 1);
});

test("an answer that does not end is given up", async () => {
  let pulled = 0;
  const endless = new ReadableStream({ pull: (to) => { pulled += 1; to.enqueue(new Uint8Array(1_000_000)); } });
  const { network } = new FakeServer();
  const http = new Http({ ...network, fetch: async () => new Response(endless) });
  await refuses("malformed", () => http.send(get));
  assert.ok(pulled < 20);
});
