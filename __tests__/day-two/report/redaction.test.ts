import { Redaction, removed } from "../../../day-two/report/redaction";
import { fault } from "../../faults";
import { ecdsaKey } from "../../remote/ssh/keys";

const secret = "pl4nted+Secret/value?of&mine=1";
const base64 = (text: string) => Buffer.from(text).toString("base64");

const knowing = (...secrets: string[]): Redaction => {
  const redaction = new Redaction();
  secrets.forEach((one) => redaction.know(one));
  return redaction;
};

describe(`${fault(223)}: a value that is known to be secret`, () => {
  test.each([
    ["as it is", secret],
    ["in JSON within JSON", JSON.stringify(JSON.stringify({ a: secret }))],
    ["in a URL", encodeURIComponent(secret)],
    [
      "in a URL with small digits",
      encodeURIComponent(secret).toLowerCase().replace("pl4nted%2bsecret", "pl4nted%2bSecret"),
    ],
    ["in base64", base64(secret)],
    ["in base64, one byte behind", base64(`a${secret}`)],
    ["in base64, two bytes behind", base64(`ab${secret}`)],
    ["in base64 for URLs", Buffer.from(`x${secret}`).toString("base64url")],
    ["in base64, encoded for a URL", encodeURIComponent(base64(`ab${secret}c`))],
    ["in base64 of base64", base64(base64(`user:${secret}`))],
    ["in hexadecimal digits", Buffer.from(secret).toString("hex")],
    ["cut off at its end", secret.slice(0, 20)],
  ])("is found %s", (_how, written) => {
    const text = `before ${written} behind`;
    const found = knowing(secret).text(text);
    expect(found).toMatch(/^before .*\(removed\).* behind$/);
    for (const part of ["lanted", "alue", base64(secret).slice(4, 20), "706c346e"]) expect(found).not.toContain(part);
    expect(knowing("another value").text("before the value behind")).toBe("before the value behind");
  });

  test.each([0, 1, 2, 3])("of a few characters is found in base64, %i bytes behind the beginning", (before) => {
    const encoded = base64(`${"x".repeat(before)}hunter-22`);
    const found = knowing("hunter-22").text(encoded);
    expect(found).toMatch(/\(removed\)$/);
    expect(Buffer.from(found.replace(removed, ""), "base64").toString("latin1")).toMatch(/^x*.?$/);
  });

  test("is found in base64 that is broken into lines", () => {
    const broken = (text: string) =>
      base64(text)
        .match(/.{1,64}/g)
        ?.join("\n  ");
    const lines = broken(`some text that stands in front of it: ${secret} and some behind it`);
    expect(knowing(secret).text(`a:\n  ${lines}\nb`)).toBe(`a:\n${removed}\nb`);
    const others = `a:\n  ${broken(`some text that stands in front of it, and no secret at all and some behind it`)}\nb`;
    expect(knowing(secret).text(others)).toBe(others);
  });

  test("of several lines is found line by line, and one of a few characters is not looked for", () => {
    const lines = "first line of a key\n0123456789abcdefghij\nshort";
    expect(knowing(lines).text("at 0123456789abcdefghij, short")).toBe(`at ${removed}, short`);
    expect(knowing("abc", "true", "null", " abcd ").text("abc true null abcd")).toBe(`abc true null ${removed}`);
  });

  test("of two that begin alike the longer one goes as a whole", () => {
    expect(knowing("planted", "planted-and-more").text("planted-and-more planted")).toBe(`${removed} ${removed}`);
  });
});

describe(`${fault(224)}: what looks like a secret`, () => {
  const text = (given: string) => new Redaction().text(given);

  test.each([
    ["password=hunter22", "password=(removed)"],
    ["DB_PASSWORD: hunter22 # of mine", "DB_PASSWORD: (removed) # of mine"],
    ['{"Password":"with \\"quotes\\" and spaces","a":1}', '{"Password":"(removed)","a":1}'],
    ['"{\\"client_secret\\":\\"hunter22\\",\\"b\\":2}"', '"{\\"client_secret\\":\\"(removed)\\",\\"b\\":2}"'],
    ["secret = 'of two words'", "secret = '(removed)'"],
    ['token="cut off', 'token="(removed)'],
    ["--token hunter22 --lines 5", "--token (removed) --lines 5"],
    [" neighbor 10.0.0.1 password hunter22", " neighbor 10.0.0.1 password (removed)"],
    ["Authorization: Bearer abc.def-123 ", "Authorization: (removed)"],
    ["-H 'Authorization: Basic dXNlcjpwdw=='", "-H 'Authorization: (removed)'"],
    ['map[Authorization:["Bearer abcdefgh"] Accept:[a]]', 'map[Authorization:["(removed)"] Accept:[a]]'],
    ["PRIVATE-TOKEN: hunter22", "PRIVATE-TOKEN: (removed)"],
    ["sent bearer abcdef123456 to", "sent bearer (removed) to"],
    ["Basic dXNlcjpwYXNz to", "Basic (removed) to"],
    ["https://me:hunter22@host:1/a?b=c", "https://(removed)@host:1/a?b=c"],
    ["https://me:hunter/22@host:1/a", "https://(removed)@host:1/a"],
    ["postgres://me:hunter@22@host/a", "postgres://(removed)@host/a"],
    ["GET /a?access_token=hunter22 HTTP/1.1", "GET /a?access_token=(removed) HTTP/1.1"],
    ["jwt eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl.", "jwt (removed)."],
    ["join abcdef.0123456789abcdef now", "join (removed) now"],
    [`a ${"ghp_"}${"a1".repeat(15)}`, "a (removed)"],
    [`see ${base64("the password=hunter22 of mine")}`, "see (removed)"],
    [`path/${base64("the password=hunter22 of mine")}`, "(removed)"],
    ["/a?q=password%3Dhunter22%26b", "(removed)"],
    ["\u001b[31mpassword=hunter22\u001b[0m", "password=(removed)"],
  ])("%s", (given, expected) => {
    expect(text(given)).toBe(expected);
    expect(text(expected)).toBe(expected);
  });

  test.each([
    "passwordSecret: bgp-password",
    "privateKeyFile: ~/.ssh/id_ed25519",
    "privateKeyVariable: true",
    "memberlistKey: writeOnly",
    "automountServiceAccountToken: true",
    "token: null",
    'password: ""',
    "secretName: memberlist, secretKeyRef: {key: secretkey}",
    "tokenExpirationSeconds: 3607",
    "user ops cannot run sudo without a password: give it NOPASSWD",
    "app.terraform.io does not accept the token: run terraform login",
    "hostKey: ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAAA",
    "quay.io/metallb/speaker@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "https://192.168.1.10:6443/api/v1 by user@host",
    "https://192.168.1.10:6443/api/v1?by=user@host",
    "a bearer token in one line",
  ])("%s stays", (given) => expect(text(given)).toBe(given));

  describe("a private key", () => {
    const key = ecdsaKey().private.trim();
    const lines = key.split("\n");

    test("goes as a whole, also behind the time of a log's line, escaped, and in base64", () => {
      const log = lines.map((line) => `2026-11-24T06:49:57Z ${line}`).join("\n");
      expect(text(`a\n${log}\nb`)).toBe(`a\n2026-11-24T06:49:57Z ${removed}\nb`);
      expect(text(JSON.stringify({ key: "x", a: `${key}\n`, b: 1 }))).toBe(`{"key":"x","a":"${removed}\\n","b":1}`);
      expect(text(`data ${base64(key)}`)).toBe(`data ${removed}`);
    });

    test("goes where a log has cut it off at either end, and no more of the log", () => {
      const [begin = "", ...rest] = lines;
      const cut = [begin, rest[0] ?? ""];
      expect(text(["a", ...cut, "2026 something else"].join("\n"))).toBe(`a\n${removed}\n2026 something else`);
      expect(text(["a b", ...lines.slice(1), "c"].join("\n"))).toBe(`a b\n${removed}\nc`);
    });

    test("a certificate stays", () => {
      const certificate = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----";
      expect(text(certificate)).toBe(certificate);
    });
  });
});

describe(`${fault(223)}: data`, () => {
  test("has no value whose key, place or mark says that it is secret, and each is known elsewhere", () => {
    const redaction = new Redaction();
    const data = redaction.data(
      {
        spec: {
          password: "by its key",
          pin: 1,
          token: 4711,
          passwordSecret: { name: "bgp" },
          privateKeyFile: "~/.ssh/id",
        },
        env: [
          { name: "METALLB_ML_SECRET_KEY", value: "by its name" },
          { name: "METALLB_ML_LABELS", value: "app=metallb" },
        ],
        marked: { deep: ["by its mark", "open"], whole: { a: "by another mark" } },
        object: {
          kind: "Secret",
          metadata: { name: "memberlist" },
          data: { secretkey: base64("of a Secret"), "tls.crt": "QQ==" },
        },
        config: "peers:\n- peer-address: 10.0.0.1\n  password: within a text\n",
      },
      { marked: { deep: [true, false], whole: true } },
    );
    expect(data).toEqual({
      spec: { password: removed, pin: 1, token: removed, passwordSecret: { name: "bgp" }, privateKeyFile: "~/.ssh/id" },
      env: [
        { name: "METALLB_ML_SECRET_KEY", value: removed },
        { name: "METALLB_ML_LABELS", value: "app=metallb" },
      ],
      marked: { deep: [removed, "open"], whole: removed },
      object: { kind: "Secret", metadata: { name: "memberlist" }, data: { secretkey: removed, "tls.crt": removed } },
      config: "peers:\n- peer-address: 10.0.0.1\n  password: within a text\n",
    });
    for (const value of ["by its key", "by its name", "by its mark", "by another mark", "of a Secret", "within a text"])
      expect(redaction.text(`(${value})`)).toBe(`(${removed})`);
    expect(redaction.texts(data)).toMatchObject({
      config: `peers:\n- peer-address: 10.0.0.1\n  password: ${removed}\n`,
    });
  });

  test("has no annotation whose meaning is not known, and nothing of who wrote what", () => {
    const annotations = {
      "metallb.io/address-pool": "default",
      "service.beta.kubernetes.io/a": "b",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
      "example.org/credentials": "hunter22",
      "example.kubernetes.io/token": "hunter22",
    };
    expect(new Redaction().data({ metadata: { annotations, managedFields: [{ manager: "kubectl" }] } })).toEqual({
      metadata: {
        annotations: {
          "metallb.io/address-pool": "default",
          "service.beta.kubernetes.io/a": "b",
          "kubectl.kubernetes.io/last-applied-configuration": "(not shown)",
          "example.org/credentials": "(not shown)",
          "example.kubernetes.io/token": "(not shown)",
        },
      },
    });
  });
});
